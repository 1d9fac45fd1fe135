package dev.acuse.account;

import dev.acuse.account.seal.Keyring;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the database holds of accounts and applications, secrets as they are sealed.
 *
 * @param version as it was before the rows were read, so that a change that came in between is seen
 *     by the next look; negative if a broken file was made anew and not all of them could be read
 * @param keyCheck a sealed word; null if nothing was sealed yet
 * @param accounts by id
 * @param applications by id
 */
record StoredSettings(
    long version,
    @Nullable String keyCheck,
    List<AccountRow> accounts,
    List<ApplicationRow> applications) {
  StoredSettings {
    accounts = List.copyOf(accounts);
    applications = List.copyOf(applications);
  }

  /** What they come to, as far as these keys open it; without the environment's. */
  AccountSet open(Keyring keys) {
    return new AccountSet(
        version,
        accounts.stream().map(row -> account(row, keys)).toList(),
        applications.stream().map(row -> application(row, keys)).toList());
  }

  static Account account(AccountRow row, Keyring keys) {
    return new Account(
        row.id(),
        UUID.fromString(row.uuid()),
        row.name(),
        row.displayName(),
        AccountState.of(row.state()),
        row.applicationId(),
        row.mpUserId(),
        row.site(),
        SecretColumn.ACCESS_TOKEN.held(keys, row.uuid(), row.accessToken(), row.accessTokenAt()),
        SecretColumn.REFRESH_TOKEN.held(keys, row.uuid(), row.refreshToken(), row.refreshTokenAt()),
        row.tokenExpiresAt(),
        SecretColumn.CRM_TOKEN.held(keys, row.uuid(), row.crmToken(), row.crmTokenAt()),
        row.locationId(),
        Set.of());
  }

  static Application application(ApplicationRow row, Keyring keys) {
    return new Application(
        row.id(),
        UUID.fromString(row.uuid()),
        row.name(),
        row.clientId(),
        SecretColumn.CLIENT_SECRET.held(keys, row.uuid(), row.clientSecret(), row.clientSecretAt()),
        WebhookSecrets.of(keys, row),
        row.hiddenAt() != null);
  }

  /** Whether there is a secret among them. */
  boolean holdsSecrets() {
    return sealed().findAny().isPresent();
  }

  /** What is sealed among them; the webhook secrets of an application are one. */
  Stream<String> sealed() {
    Stream<@Nullable String> all =
        Stream.concat(
            accounts.stream()
                .flatMap(row -> Stream.of(row.accessToken(), row.refreshToken(), row.crmToken())),
            applications.stream()
                .flatMap(row -> Stream.of(row.clientSecret(), row.webhookSecrets())));
    return all.flatMap(Stream::ofNullable);
  }

  /** Whether there is only what there always is, and no secret: nothing that must be sealed. */
  boolean isMainAlone() {
    return accounts.size() == 1 && applications.size() == 1 && !holdsSecrets();
  }
}
