package dev.acuse.access;

import dev.acuse.event.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code api_keys} and {@code api_key_accounts}, for the length of one handle. */
final class KeyDao {
  private static final String SELECT =
      """
      SELECT k.id, k.name, k.role, k.tail, k.all_accounts, k.created_at, k.created_by, k.expires_at,
        k.last_used_at, k.revoked_at, a.account_id
      FROM api_keys k LEFT JOIN api_key_accounts a ON a.key_id = k.id
      """;

  private final Handle handle;

  KeyDao(Handle handle) {
    this.handle = handle;
  }

  boolean isTaken(String name) {
    return handle
            .createQuery("SELECT COUNT(*) FROM api_keys WHERE name = :name")
            .bind("name", name)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  long insert(
      String name,
      AccessRole role,
      boolean allAccounts,
      String hash,
      String tail,
      String by,
      @Nullable Instant expiresAt,
      Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO api_keys (name, role, hash, tail, all_accounts, created_at, created_by,
              expires_at)
            VALUES (:name, :role, :hash, :tail, :allAccounts, :now, :by, :expiresAt)
            """)
        .bind("name", name)
        .bind("role", role.keyCode())
        .bind("hash", hash)
        .bind("tail", tail)
        .bind("allAccounts", allAccounts)
        .bind("now", now)
        .bind("by", by)
        .bindByType("expiresAt", expiresAt, Instant.class)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  void addAccounts(long keyId, Scope scope) {
    Grants.add(
        handle,
        "INSERT INTO api_key_accounts (key_id, account_id) VALUES (:id, :accountId)",
        keyId,
        scope);
  }

  boolean revoke(long id, Instant now) {
    return handle
            .createUpdate(
                "UPDATE api_keys SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL")
            .bind("id", id)
            .bind("now", now)
            .execute()
        > 0;
  }

  /** A later use that another instance has written stays. */
  void used(long id, Instant at) {
    handle
        .createUpdate(
            """
            UPDATE api_keys SET last_used_at = :at
            WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :at)
            """)
        .bind("id", id)
        .bind("at", at)
        .execute();
  }

  Optional<ApiKey> byHash(String hash) {
    return keys(handle.createQuery(SELECT + "WHERE k.hash = :hash").bind("hash", hash)).stream()
        .findFirst();
  }

  Optional<ApiKey> byId(long id) {
    return keys(handle.createQuery(SELECT + "WHERE k.id = :id").bind("id", id)).stream()
        .findFirst();
  }

  /** All, newest first. */
  List<ApiKey> all() {
    return keys(handle.createQuery(SELECT + "ORDER BY k.id DESC"));
  }

  private static List<ApiKey> keys(Query query) {
    return Grants.read(query, KeyDao::key);
  }

  private static Function<Scope, ApiKey> key(RowView row) {
    long id = row.getColumn("id", Long.class);
    String name = row.getColumn("name", String.class);
    AccessRole role = AccessRole.ofKey(row.getColumn("role", String.class));
    String tail = row.getColumn("tail", String.class);
    Instant createdAt = row.getColumn("created_at", Instant.class);
    String createdBy = row.getColumn("created_by", String.class);
    Instant expiresAt = row.getColumn("expires_at", Instant.class);
    Instant lastUsedAt = row.getColumn("last_used_at", Instant.class);
    Instant revokedAt = row.getColumn("revoked_at", Instant.class);
    return scope ->
        new ApiKey(
            id, name, role, scope, tail, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt);
  }
}
