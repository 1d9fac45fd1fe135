package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.account.Account;
import dev.acuse.account.AccountField;
import dev.acuse.account.Application;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account in an answer.
 *
 * @param application its name
 * @param crmKind {@code gohighlevel}; null if neither a token nor a location is set
 * @param setByEnvironment the fields that the environment sets, and that cannot be set otherwise
 */
@JsonNaming(SnakeCaseStrategy.class)
record AccountView(
    long id,
    String name,
    String displayName,
    String state,
    String application,
    @Nullable String mpUserId,
    @Nullable String site,
    SecretView accessToken,
    SecretView refreshToken,
    @Nullable Instant tokenExpiresAt,
    @Nullable String crmKind,
    SecretView crmToken,
    @Nullable String locationId,
    List<String> setByEnvironment) {
  private static final String CRM = "gohighlevel";

  static AccountView of(Account account, Application application) {
    boolean hasCrm = account.crmToken().isSet() || account.locationId() != null;
    return new AccountView(
        account.id(),
        account.name(),
        account.displayName(),
        account.state().code(),
        application.name(),
        account.sellerId(),
        account.site(),
        SecretView.of(account.accessToken(), account.ruled().contains(AccountField.ACCESS_TOKEN)),
        SecretView.of(account.refreshToken(), false),
        account.tokenExpiresAt(),
        hasCrm ? CRM : null,
        SecretView.of(account.crmToken(), account.ruled().contains(AccountField.CRM_TOKEN)),
        account.locationId(),
        account.ruled().stream()
            // That one is the application's.
            .filter(field -> field != AccountField.WEBHOOK_SECRETS)
            .map(AccountField::code)
            .sorted()
            .toList());
  }
}
