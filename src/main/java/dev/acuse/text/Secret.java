package dev.acuse.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A configured text that no log, message or page may show, or none. {@link #reveal} alone gives it
 * away.
 */
public final class Secret {
  /** No secret is configured. */
  public static final Secret NONE = new Secret("");

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** The text without blanks at its ends; {@link #NONE} if nothing is left. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Secret of(@Nullable String text) {
    return text == null || text.isBlank() ? NONE : new Secret(text.strip());
  }

  /** Whether there is one. */
  public boolean isSet() {
    return !text.isEmpty();
  }

  /** The text itself; empty if there is none. */
  public String reveal() {
    return text;
  }

  /** The text itself; null if there is none. */
  public @Nullable String revealOrNull() {
    return isSet() ? text : null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && secret.text.equals(text);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(text);
  }

  /** Says no more than whether there is one. */
  @Override
  @JsonValue
  public String toString() {
    return isSet() ? "[REDACTED]" : "none";
  }
}
