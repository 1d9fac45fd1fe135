package dev.acuse.account;

import dev.acuse.text.Secret;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says of the account {@code main}. It is laid over the stored account and
 * never stored.
 *
 * @param webhookSecrets the newest first; empty if the environment sets none
 */
public record EnvironmentAccount(
    Secret accessToken,
    List<Secret> webhookSecrets,
    @Nullable String sellerId,
    Secret crmToken,
    @Nullable String locationId) {
  /** Nothing is set. */
  public static final EnvironmentAccount NONE =
      new EnvironmentAccount(Secret.NONE, List.of(), null, Secret.NONE, null);

  private static final long MAIN_ID = 1;
  private static final UUID MAIN_UUID = UUID.fromString("00000000-0000-4000-8000-000000000001");

  /** Copies the list. */
  public EnvironmentAccount {
    webhookSecrets = List.copyOf(webhookSecrets);
  }

  /** Which fields it sets. */
  public Set<AccountField> rules() {
    var ruled = EnumSet.noneOf(AccountField.class);
    add(ruled, AccountField.ACCESS_TOKEN, accessToken.isSet());
    add(ruled, AccountField.WEBHOOK_SECRETS, !webhookSecrets.isEmpty());
    add(ruled, AccountField.SELLER, sellerId != null);
    add(ruled, AccountField.CRM_TOKEN, crmToken.isSet());
    add(ruled, AccountField.LOCATION, locationId != null);
    return ruled;
  }

  private static void add(Set<AccountField> ruled, AccountField field, boolean isSet) {
    if (isSet) {
      ruled.add(field);
    }
  }

  /** The set of which every field but {@code main}'s is as stored. */
  public AccountSet over(AccountSet stored) {
    return new AccountSet(
        stored.version(),
        stored.all().stream().map(this::over).toList(),
        stored.applications().stream().map(this::over).toList());
  }

  private Account over(Account account) {
    if (account.id() != MAIN_ID) {
      return account;
    }
    return new Account(
        account.id(),
        account.uuid(),
        account.name(),
        account.displayName(),
        account.state(),
        account.applicationId(),
        sellerId == null ? account.sellerId() : sellerId,
        account.site(),
        accessToken.isSet() ? HeldSecret.ofEnvironment(accessToken) : account.accessToken(),
        account.refreshToken(),
        account.tokenExpiresAt(),
        crmToken.isSet() ? HeldSecret.ofEnvironment(crmToken) : account.crmToken(),
        locationId == null ? account.locationId() : locationId,
        rules());
  }

  private Application over(Application application) {
    if (application.id() != Application.MAIN || webhookSecrets.isEmpty()) {
      return application;
    }
    return new Application(
        application.id(),
        application.uuid(),
        application.name(),
        application.clientId(),
        application.clientSecret(),
        webhookSecrets.stream().map(HeldSecret::ofEnvironment).toList(),
        application.isHidden());
  }

  /** What is known without a database: {@code main}, as the environment has it, and no other. */
  public AccountSet alone() {
    return over(
        new AccountSet(
            0,
            List.of(
                new Account(
                    MAIN_ID,
                    MAIN_UUID,
                    Account.MAIN_NAME,
                    Account.MAIN_NAME,
                    AccountState.ACTIVE,
                    Application.MAIN,
                    null,
                    null,
                    HeldSecret.NONE,
                    HeldSecret.NONE,
                    null,
                    HeldSecret.NONE,
                    null,
                    Set.of())),
            List.of(
                new Application(
                    Application.MAIN,
                    MAIN_UUID,
                    Account.MAIN_NAME,
                    null,
                    HeldSecret.NONE,
                    List.of(),
                    false))));
  }
}
