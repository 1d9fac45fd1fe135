package dev.acuse.account;

import dev.acuse.account.seal.Keyring;

/** Rows as they are to be written anew. */
final class Rows {
  private Rows() {}

  static AccountRow resealed(AccountRow row, Keyring keys) {
    return new AccountRow(
        row.id(),
        row.uuid(),
        row.name(),
        row.displayName(),
        row.state(),
        row.applicationId(),
        row.mpUserId(),
        row.liveUserId(),
        row.site(),
        SecretColumn.ACCESS_TOKEN.resealed(keys, row.uuid(), row.accessToken()),
        row.accessTokenAt(),
        SecretColumn.REFRESH_TOKEN.resealed(keys, row.uuid(), row.refreshToken()),
        row.refreshTokenAt(),
        row.tokenExpiresAt(),
        row.crmKind(),
        SecretColumn.CRM_TOKEN.resealed(keys, row.uuid(), row.crmToken()),
        row.crmTokenAt(),
        row.locationId(),
        row.createdAt(),
        row.updatedAt(),
        row.disconnectedAt());
  }

  static ApplicationRow resealed(ApplicationRow row, Keyring keys) {
    return new ApplicationRow(
        row.id(),
        row.uuid(),
        row.name(),
        row.clientId(),
        SecretColumn.CLIENT_SECRET.resealed(keys, row.uuid(), row.clientSecret()),
        row.clientSecretAt(),
        SecretColumn.WEBHOOK_SECRETS.resealed(keys, row.uuid(), row.webhookSecrets()),
        row.webhookSecretsAt(),
        row.createdAt(),
        row.updatedAt(),
        row.hiddenAt());
  }
}
