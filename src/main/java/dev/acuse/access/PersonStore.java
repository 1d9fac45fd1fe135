package dev.acuse.access;

import dev.acuse.account.Accounts;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * The people of the console; the only door to their tables. What is done is in the audit by the
 * same transaction. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the
 * database is out of reach.
 */
public final class PersonStore {
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final ScopeNames names;

  /** Whether there is a person who can sign in, as it was read last; null: not yet. */
  private volatile @Nullable Any any;

  private record Any(boolean isThere, Instant at) {}

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   */
  public PersonStore(Jdbi jdbi, InstantSource clock, Accounts accounts) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.names = new ScopeNames(accounts);
  }

  /**
   * Adds a person.
   *
   * @throws InvalidAccessException if a part is missing or wrong, or more than the grantor has
   *     itself
   */
  public Person add(NewPerson asked, Grantor by) {
    String name = Names.person(asked.name());
    AccessRole role = role(asked.role());
    Scope scope = names.scope(asked.accounts(), by);
    by.checkRole(role);
    by.checkAccounts(scope);
    if (jdbi.withHandle(handle -> isTaken(handle, name, by))) {
      throw Names.taken();
    }
    String password = asked.password();
    if (password == null) {
      throw new InvalidAccessException("password", "is missing");
    }
    String hash = Passwords.hashChecked(password);
    try {
      return insert(name, hash, role, scope, by);
    } catch (UnableToExecuteStatementException e) {
      if (jdbi.withHandle(handle -> new PersonDao(handle).isTaken(name))) {
        throw Names.taken();
      }
      throw e;
    } finally {
      any = null;
    }
  }

  /**
   * A person sees in the audit what that name has done to several accounts. So a grantor of some
   * accounts cannot give a name that has done so: it may be that of a user of the configuration.
   */
  private static boolean isTaken(Handle handle, String name, Grantor by) {
    return new PersonDao(handle).isTaken(name)
        || (!by.scope().isEverything() && AuditTrail.hasActed(handle, name));
  }

  private Person insert(String name, String hash, AccessRole role, Scope scope, Grantor by) {
    return jdbi.inTransaction(
        handle -> {
          var dao = new PersonDao(handle);
          Instant now = clock.instant();
          long id = dao.insert(name, hash, role, scope.isEverything(), by.name(), now);
          dao.setAccounts(id, scope);
          Person person = dao.byId(id).orElseThrow();
          audit(handle, by, "person-add", person, now);
          return person;
        });
  }

  private void audit(Handle handle, Grantor by, String action, Person person, Instant now) {
    AuditTrail.insertDone(
        handle,
        person.scope().soleAccount(),
        new OperatorRequest(by.name(), action, null),
        null,
        "person %s (%s; %s)"
            .formatted(person.name(), person.role().code(), String.join(", ", accountsOf(person))),
        now);
  }

  /**
   * Changes what is to be another. The person's sessions end.
   *
   * @return the person as changed; empty if there is none of this id whose accounts are all the
   *     grantor's
   * @throws InvalidAccessException if a part is wrong, or more than the grantor has itself
   */
  public Optional<Person> change(long id, PersonChange change, Grantor by) {
    AccessRole role = change.role() == null ? null : role(change.role());
    Scope scope = change.accounts() == null ? null : names.scope(change.accounts(), by);
    if (role != null) {
      by.checkRole(role);
    }
    if (scope != null) {
      by.checkAccounts(scope);
    }
    String password = change.password();
    String hash = password == null ? null : Passwords.hashChecked(password);
    try {
      return jdbi.inTransaction(
          handle -> {
            var dao = new PersonDao(handle);
            dao.lock(id);
            Optional<Person> known = visible(dao.byId(id), by);
            if (known.isEmpty()) {
              return known;
            }
            Person before = known.get();
            return Optional.of(make(handle, before, role, scope, hash, change.disabled(), by));
          });
    } finally {
      any = null;
    }
  }

  private static Optional<Person> visible(Optional<Person> person, Grantor by) {
    return person.filter(known -> by.covers(known.scope()));
  }

  private Person make(
      Handle handle,
      Person before,
      @Nullable AccessRole role,
      @Nullable Scope scope,
      @Nullable String hash,
      @Nullable Boolean disabled,
      Grantor by) {
    var dao = new PersonDao(handle);
    Instant now = clock.instant();
    long id = before.id();
    if (role != null) {
      dao.setRole(id, role);
    }
    if (scope != null) {
      dao.setAccounts(id, scope);
    }
    if (hash != null) {
      dao.setPassword(id, hash);
    }
    boolean was = before.disabledAt() != null;
    boolean isNow = disabled == null ? was : disabled;
    boolean turns = was != isNow;
    if (turns) {
      dao.setDisabled(id, isNow ? now : null);
    }
    if (role == null && scope == null && hash == null && !turns) {
      return before;
    }
    dao.touch(id, now);
    Person after = dao.byId(id).orElseThrow();
    audit(handle, by, turns && isNow ? "person-disable" : "person-set", after, now);
    return after;
  }

  private static AccessRole role(@Nullable String word) {
    AccessRole role = word == null ? AccessRole.UNKNOWN : AccessRole.ofPerson(word);
    if (role == AccessRole.UNKNOWN) {
      throw new InvalidAccessException(
          "role",
          "must be one of: "
              + AccessRole.OF_PEOPLE.stream()
                  .map(AccessRole::code)
                  .collect(Collectors.joining(", ")));
    }
    return role;
  }

  /** The people whose accounts are all the grantor's, newest first; the disabled too. */
  public List<Person> list(Grantor by) {
    return jdbi.withHandle(handle -> new PersonDao(handle).all()).stream()
        .filter(person -> by.covers(person.scope()))
        .toList();
  }

  /** The names of a person's accounts, or only {@code *}. */
  public List<String> accountsOf(Person person) {
    return names.names(person.scope());
  }

  /** The person of this name, if that is one who can sign in. */
  public Optional<Person> signsIn(String name) {
    if (!Names.isPerson(name)) {
      return Optional.empty();
    }
    return jdbi.withHandle(handle -> new PersonDao(handle).byName(name))
        .filter(person -> person.disabledAt() == null)
        .filter(person -> person.role().includes(AccessRole.VIEWER));
  }

  /**
   * Whether there is a person who can sign in; within seconds of what other instances change. While
   * the database is out it is as it was, and before it was ever read there is none.
   */
  public boolean isAny() {
    Instant now = clock.instant();
    Any known = any;
    if (known != null && !now.isBefore(known.at()) && now.isBefore(known.at().plus(FRESH))) {
      return known.isThere();
    }
    try {
      boolean isThere = jdbi.withHandle(handle -> new PersonDao(handle).isAny());
      any = new Any(isThere, now);
      return isThere;
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.isOutage(e)) {
        throw e;
      }
      return known != null && known.isThere();
    }
  }
}
