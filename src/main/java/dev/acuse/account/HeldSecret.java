package dev.acuse.account;

import dev.acuse.text.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret as this instance holds it.
 *
 * @param value {@link Secret#NONE} if none is set, or if it cannot be opened
 * @param isUnreadable whether one is stored that no key of this instance opens
 * @param setAt when it was set; null if none is stored, or the environment sets it
 */
public record HeldSecret(Secret value, boolean isUnreadable, @Nullable Instant setAt) {
  /** None is set. */
  public static final HeldSecret NONE = new HeldSecret(Secret.NONE, false, null);

  private static final int TAIL = 4;

  /** One that the environment sets. */
  public static HeldSecret ofEnvironment(Secret value) {
    return new HeldSecret(value, false, null);
  }

  /** Whether one is set, readable or not. */
  public boolean isSet() {
    return isUnreadable || value.isSet();
  }

  /** Its last four characters; empty if there is none, or it is too short to show any of it. */
  public String tail() {
    String text = value.reveal();
    return text.length() < 4 * TAIL ? "" : text.substring(text.length() - TAIL);
  }
}
