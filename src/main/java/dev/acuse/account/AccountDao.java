package dev.acuse.account;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.GetGeneratedKeys;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The statements of {@link AccountStore}. */
@RegisterConstructorMapper(AccountRow.class)
@RegisterConstructorMapper(ApplicationRow.class)
@RegisterConstructorMapper(AccountDao.Settings.class)
interface AccountDao {
  /** The one row of the settings. */
  record Settings(long version, @Nullable String keyCheck) {}

  @SqlQuery("SELECT version, key_check FROM account_settings")
  Settings settings();

  /** Each change has this row first, so that there is one at a time. */
  @SqlQuery("SELECT version, key_check FROM account_settings WHERE id = 1 FOR UPDATE")
  Settings lock();

  @SqlUpdate("UPDATE account_settings SET version = :version, updated_at = :now")
  void setVersion(long version, Instant now);

  @SqlUpdate("UPDATE account_settings SET key_check = :sealed")
  void setKeyCheck(@Nullable String sealed);

  @SqlQuery(
      """
      SELECT id, uuid, name, display_name, state, application_id, mp_user_id, live_user_id, site,
        access_token, access_token_at, refresh_token, refresh_token_at, token_expires_at, crm_kind,
        crm_token, crm_token_at, location_id, created_at, updated_at, disconnected_at
      FROM accounts ORDER BY id
      """)
  List<AccountRow> accounts();

  @SqlQuery(
      """
      SELECT id, uuid, name, client_id, client_secret, client_secret_at, webhook_secrets,
        webhook_secrets_at, created_at, updated_at, hidden_at
      FROM applications ORDER BY id
      """)
  List<ApplicationRow> applications();

  /** Gives it an id; that of the row is not looked at. */
  @SqlUpdate(
      """
      INSERT INTO accounts (uuid, name, display_name, state, application_id, mp_user_id,
        live_user_id, site, access_token, access_token_at, refresh_token, refresh_token_at,
        token_expires_at, crm_kind, crm_token, crm_token_at, location_id, created_at, updated_at,
        disconnected_at)
      VALUES (:uuid, :name, :displayName, :state, :applicationId, :mpUserId, :liveUserId, :site,
        :accessToken, :accessTokenAt, :refreshToken, :refreshTokenAt, :tokenExpiresAt, :crmKind,
        :crmToken, :crmTokenAt, :locationId, :createdAt, :updatedAt, :disconnectedAt)
      """)
  @GetGeneratedKeys("id")
  long insert(@BindMethods AccountRow row);

  /** With its id, as it was. */
  @SqlUpdate(
      """
      INSERT INTO accounts (id, uuid, name, display_name, state, application_id, created_at,
        updated_at)
      VALUES (:id, :uuid, :name, :displayName, :state, :applicationId, :createdAt, :updatedAt)
      ON CONFLICT DO NOTHING
      """)
  void insertAgain(@BindMethods AccountRow row);

  @SqlUpdate(
      """
      UPDATE accounts SET uuid = :uuid, name = :name, display_name = :displayName, state = :state,
        application_id = :applicationId, mp_user_id = :mpUserId, live_user_id = :liveUserId,
        site = :site, access_token = :accessToken, access_token_at = :accessTokenAt,
        refresh_token = :refreshToken, refresh_token_at = :refreshTokenAt,
        token_expires_at = :tokenExpiresAt, crm_kind = :crmKind, crm_token = :crmToken,
        crm_token_at = :crmTokenAt, location_id = :locationId, updated_at = :updatedAt,
        disconnected_at = :disconnectedAt
      WHERE id = :id
      """)
  void update(@BindMethods AccountRow row);

  /** So that rows can take sellers in any order. */
  @SqlUpdate("UPDATE accounts SET live_user_id = NULL")
  void freeSellers();

  /** Gives it an id; that of the row is not looked at. */
  @SqlUpdate(
      """
      INSERT INTO applications (uuid, name, client_id, client_secret, client_secret_at,
        webhook_secrets, webhook_secrets_at, created_at, updated_at, hidden_at)
      VALUES (:uuid, :name, :clientId, :clientSecret, :clientSecretAt, :webhookSecrets,
        :webhookSecretsAt, :createdAt, :updatedAt, :hiddenAt)
      """)
  @GetGeneratedKeys("id")
  long insert(@BindMethods ApplicationRow row);

  /** With its id, as it was. */
  @SqlUpdate(
      """
      INSERT INTO applications (id, uuid, name, created_at, updated_at)
      VALUES (:id, :uuid, :name, :createdAt, :updatedAt) ON CONFLICT DO NOTHING
      """)
  void insertAgain(@BindMethods ApplicationRow row);

  @SqlUpdate(
      """
      UPDATE applications SET uuid = :uuid, name = :name, client_id = :clientId,
        client_secret = :clientSecret, client_secret_at = :clientSecretAt,
        webhook_secrets = :webhookSecrets, webhook_secrets_at = :webhookSecretsAt,
        updated_at = :updatedAt, hidden_at = :hiddenAt
      WHERE id = :id
      """)
  void update(@BindMethods ApplicationRow row);
}
