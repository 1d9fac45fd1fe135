package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.account.HeldSecret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a secret.
 *
 * @param lastFour null if there is none, it cannot be read, or it is too short to show any of it
 * @param setAt null if the environment sets it, or there is none
 * @param by {@code environment} or {@code stored}; null if there is none
 * @param unreadable whether no key of this instance opens it
 */
@JsonNaming(SnakeCaseStrategy.class)
record SecretView(
    boolean set,
    @Nullable String lastFour,
    @Nullable Instant setAt,
    @Nullable String by,
    boolean unreadable) {

  /**
   * Of a secret.
   *
   * @param isOfEnvironment whether the environment sets it
   */
  static SecretView of(HeldSecret secret, boolean isOfEnvironment) {
    String tail = secret.tail();
    return new SecretView(
        secret.isSet(),
        tail.isEmpty() ? null : tail,
        secret.setAt(),
        secret.isSet() ? (isOfEnvironment ? "environment" : "stored") : null,
        secret.isUnreadable());
  }
}
