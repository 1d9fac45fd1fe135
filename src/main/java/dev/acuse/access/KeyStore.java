package dev.acuse.access;

import dev.acuse.account.Accounts;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.Scope;
import dev.acuse.text.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the API; the only door to their tables. What is done is in the audit by the same
 * transaction. Thread-safe. Every method that reads or writes throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class KeyStore {
  /** Years of four digits: what both databases, and what reads our JSON, can hold. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final ScopeNames names;
  private volatile Runnable listener = () -> {};

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public KeyStore(Jdbi jdbi, InstantSource clock, Accounts accounts) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.names = new ScopeNames(accounts);
  }

  /**
   * A key that was just made.
   *
   * @param secret the key in clear, which is nowhere else and shown this once
   */
  public record Issued(ApiKey key, Secret secret) {}

  /** Has a listener told after each revocation by this instance. */
  void onRevoked(Runnable told) {
    listener = told;
  }

  /**
   * Makes a key.
   *
   * @throws InvalidAccessException if a part of it is missing or wrong, or more than the grantor
   *     has itself
   */
  public Issued make(NewKey asked, Grantor by) {
    String name = Names.key(asked.name());
    AccessRole role = role(asked.role());
    Scope scope = names.scope(asked.accounts(), by);
    by.checkRole(role);
    by.checkAccounts(scope);
    Instant now = clock.instant();
    Instant expiresAt = asked.expiresAt();
    if (expiresAt != null && (!expiresAt.isAfter(now) || expiresAt.isAfter(END_OF_TIME))) {
      throw new InvalidAccessException(
          "expires_at", "must be in the future, and before the year 10000");
    }
    Secret secret = KeySecret.generate();
    try {
      return new Issued(insert(name, role, scope, secret, expiresAt, by, now), secret);
    } catch (UnableToExecuteStatementException e) {
      if (jdbi.withHandle(handle -> new KeyDao(handle).isTaken(name))) {
        throw Names.taken();
      }
      throw e;
    }
  }

  private ApiKey insert(
      String name,
      AccessRole role,
      Scope scope,
      Secret secret,
      @Nullable Instant expiresAt,
      Grantor by,
      Instant now) {
    return jdbi.inTransaction(
        handle -> {
          var dao = new KeyDao(handle);
          if (dao.isTaken(name)) {
            throw Names.taken();
          }
          long id =
              dao.insert(
                  name,
                  role,
                  scope.isEverything(),
                  KeySecret.hash(secret.reveal()),
                  KeySecret.tail(secret.reveal()),
                  by.name(),
                  expiresAt,
                  now);
          dao.addAccounts(id, scope);
          ApiKey key = dao.byId(id).orElseThrow();
          AuditTrail.insertDone(
              handle, scope.soleAccount(), request(by, "key-add"), null, target(key), now);
          return key;
        });
  }

  private static AccessRole role(@Nullable String word) {
    AccessRole role = word == null ? AccessRole.UNKNOWN : AccessRole.ofKey(word);
    if (role == AccessRole.UNKNOWN) {
      throw new InvalidAccessException(
          "role",
          "must be one of: "
              + AccessRole.OF_KEYS.stream()
                  .map(AccessRole::keyCode)
                  .collect(Collectors.joining(", ")));
    }
    return role;
  }

  private static OperatorRequest request(Grantor by, String action) {
    return new OperatorRequest(by.name(), action, null);
  }

  private String target(ApiKey key) {
    return "key %s (%s; %s)"
        .formatted(key.name(), key.role().keyCode(), String.join(", ", accountsOf(key)));
  }

  /** The keys whose accounts are all the grantor's, newest first; the revoked too. */
  public List<ApiKey> list(Grantor by) {
    return jdbi.withHandle(handle -> new KeyDao(handle).all()).stream()
        .filter(key -> by.covers(key.scope()))
        .toList();
  }

  /** The names of a key's accounts, or only {@code *}. */
  public List<String> accountsOf(ApiKey key) {
    return names.names(key.scope());
  }

  /**
   * Has a key refused from now on: at once by this instance, within seconds by others. One that is
   * revoked already stays as it is.
   *
   * @return the key as it is now; empty if there is none of this id whose accounts are all the
   *     grantor's
   */
  public Optional<ApiKey> revoke(long id, Grantor by) {
    Optional<ApiKey> revoked =
        jdbi.inTransaction(
            handle -> {
              var dao = new KeyDao(handle);
              Optional<ApiKey> known = dao.byId(id).filter(key -> by.covers(key.scope()));
              if (known.isEmpty()) {
                return known;
              }
              Instant now = clock.instant();
              if (dao.revoke(id, now)) {
                ApiKey key = known.get();
                AuditTrail.insertDone(
                    handle,
                    key.scope().soleAccount(),
                    request(by, "key-revoke"),
                    null,
                    target(key),
                    now);
              }
              return dao.byId(id);
            });
    listener.run();
    return revoked;
  }

  /** The key of this hash, whether it may be used or not. */
  Optional<ApiKey> find(String hash) {
    return jdbi.withHandle(handle -> new KeyDao(handle).byHash(hash));
  }

  /** Writes down when keys, by their ids, were used last. */
  void used(Map<Long, Instant> uses) {
    // In one order, so that no two instances wait for each other.
    jdbi.useTransaction(handle -> new TreeMap<>(uses).forEach(new KeyDao(handle)::used));
  }
}
