package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.account.AccountField;
import dev.acuse.account.Application;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application in an answer.
 *
 * @param state {@code active} or {@code removed}
 * @param webhookSecrets the newest first
 * @param setByEnvironment the fields that the environment sets, and that cannot be set otherwise
 */
@JsonNaming(SnakeCaseStrategy.class)
record ApplicationView(
    long id,
    String name,
    String state,
    @Nullable String clientId,
    SecretView clientSecret,
    List<SecretView> webhookSecrets,
    List<String> setByEnvironment) {

  /**
   * Of an application.
   *
   * @param isRuled whether the environment sets its webhook secrets
   */
  static ApplicationView of(Application application, boolean isRuled) {
    return new ApplicationView(
        application.id(),
        application.name(),
        application.isHidden() ? "removed" : "active",
        application.clientId(),
        SecretView.of(application.clientSecret(), false),
        application.webhookSecrets().stream()
            .map(secret -> SecretView.of(secret, isRuled))
            .toList(),
        isRuled ? List.of(AccountField.WEBHOOK_SECRETS.code()) : List.of());
  }
}
