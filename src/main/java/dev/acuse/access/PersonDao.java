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

/** The SQL of {@code people} and {@code person_accounts}, for the length of one handle. */
final class PersonDao {
  private static final String SELECT =
      """
      SELECT p.id, p.name, p.role, p.all_accounts, p.password_hash, p.created_at, p.created_by,
        p.updated_at, p.disabled_at, a.account_id
      FROM people p LEFT JOIN person_accounts a ON a.person_id = p.id
      """;

  private final Handle handle;

  PersonDao(Handle handle) {
    this.handle = handle;
  }

  /** Whether there is a person who can sign in. */
  boolean isAny() {
    return handle
        .createQuery("SELECT id FROM people WHERE disabled_at IS NULL ORDER BY id LIMIT 1")
        .mapTo(Long.class)
        .findFirst()
        .isPresent();
  }

  boolean isTaken(String name) {
    return handle
            .createQuery("SELECT COUNT(*) FROM people WHERE name = :name")
            .bind("name", name)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /** Has a later change of the same person wait for the end of this transaction. */
  void lock(long id) {
    handle
        .createQuery("SELECT id FROM people WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .mapTo(Long.class)
        .findFirst();
  }

  long insert(
      String name,
      String passwordHash,
      AccessRole role,
      boolean allAccounts,
      String by,
      Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO people (name, password_hash, role, all_accounts, created_at, created_by,
              updated_at)
            VALUES (:name, :passwordHash, :role, :allAccounts, :now, :by, :now)
            """)
        .bind("name", name)
        .bind("passwordHash", passwordHash)
        .bind("role", role.code())
        .bind("allAccounts", allAccounts)
        .bind("by", by)
        .bind("now", now)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  void setRole(long id, AccessRole role) {
    handle
        .createUpdate("UPDATE people SET role = :role WHERE id = :id")
        .bind("id", id)
        .bind("role", role.code())
        .execute();
  }

  void setPassword(long id, String passwordHash) {
    handle
        .createUpdate("UPDATE people SET password_hash = :passwordHash WHERE id = :id")
        .bind("id", id)
        .bind("passwordHash", passwordHash)
        .execute();
  }

  void setDisabled(long id, @Nullable Instant since) {
    handle
        .createUpdate("UPDATE people SET disabled_at = :since WHERE id = :id")
        .bind("id", id)
        .bindByType("since", since, Instant.class)
        .execute();
  }

  void touch(long id, Instant now) {
    handle
        .createUpdate("UPDATE people SET updated_at = :now WHERE id = :id")
        .bind("id", id)
        .bind("now", now)
        .execute();
  }

  /** These accounts and no other. */
  void setAccounts(long id, Scope scope) {
    handle
        .createUpdate("UPDATE people SET all_accounts = :all WHERE id = :id")
        .bind("id", id)
        .bind("all", scope.isEverything())
        .execute();
    handle
        .createUpdate("DELETE FROM person_accounts WHERE person_id = :id")
        .bind("id", id)
        .execute();
    Grants.add(
        handle,
        "INSERT INTO person_accounts (person_id, account_id) VALUES (:id, :accountId)",
        id,
        scope);
  }

  Optional<Person> byName(String name) {
    return people(handle.createQuery(SELECT + "WHERE p.name = :name").bind("name", name)).stream()
        .findFirst();
  }

  Optional<Person> byId(long id) {
    return people(handle.createQuery(SELECT + "WHERE p.id = :id").bind("id", id)).stream()
        .findFirst();
  }

  /** All, newest first. */
  List<Person> all() {
    return people(handle.createQuery(SELECT + "ORDER BY p.id DESC"));
  }

  private static List<Person> people(Query query) {
    return Grants.read(query, PersonDao::person);
  }

  private static Function<Scope, Person> person(RowView row) {
    long id = row.getColumn("id", Long.class);
    String name = row.getColumn("name", String.class);
    AccessRole role = AccessRole.ofPerson(row.getColumn("role", String.class));
    String passwordHash = row.getColumn("password_hash", String.class);
    Instant createdAt = row.getColumn("created_at", Instant.class);
    String createdBy = row.getColumn("created_by", String.class);
    Instant updatedAt = row.getColumn("updated_at", Instant.class);
    Instant disabledAt = row.getColumn("disabled_at", Instant.class);
    return scope ->
        new Person(
            id, name, role, scope, passwordHash, createdAt, createdBy, updatedAt, disabledAt);
  }
}
