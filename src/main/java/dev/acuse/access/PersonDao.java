package dev.acuse.access;

import dev.acuse.event.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    if (!scope.isEverything()) {
      for (long accountId : scope.accountIds()) {
        handle
            .createUpdate(
                """
                INSERT INTO person_accounts (person_id, account_id) VALUES (:id, :accountId)
                """)
            .bind("id", id)
            .bind("accountId", accountId)
            .execute();
      }
    }
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
    Map<Long, Row> rows = new LinkedHashMap<>();
    query.reduceRows(
        rows,
        (byId, row) -> {
          long id = row.getColumn("id", Long.class);
          byId.computeIfAbsent(id, any -> new Row(row)).add(row);
          return byId;
        });
    List<Person> people = new ArrayList<>();
    rows.values().forEach(row -> people.add(row.person()));
    return people;
  }

  /** A person, and the accounts as they come. */
  private static final class Row {
    private final Person read;
    private final boolean allAccounts;
    private final Set<Long> accountIds = new HashSet<>();

    Row(RowView row) {
      this.allAccounts = row.getColumn("all_accounts", Boolean.class);
      this.read =
          new Person(
              row.getColumn("id", Long.class),
              row.getColumn("name", String.class),
              AccessRole.ofPerson(row.getColumn("role", String.class)),
              Scope.of(Set.of()),
              row.getColumn("password_hash", String.class),
              row.getColumn("created_at", Instant.class),
              row.getColumn("created_by", String.class),
              row.getColumn("updated_at", Instant.class),
              row.getColumn("disabled_at", Instant.class));
    }

    void add(RowView row) {
      Long accountId = row.getColumn("account_id", Long.class);
      if (accountId != null) {
        accountIds.add(accountId);
      }
    }

    Person person() {
      return new Person(
          read.id(),
          read.name(),
          read.role(),
          allAccounts ? Scope.everything() : Scope.of(accountIds),
          read.passwordHash(),
          read.createdAt(),
          read.createdBy(),
          read.updatedAt(),
          read.disabledAt());
    }
  }
}
