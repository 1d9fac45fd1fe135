package dev.acuse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

class PersonStoreTest {
  private static final Grantor ROOT = Grantor.root("api-token");
  private static final Grantor ADMIN_OF_B = new Grantor("key:b", AccessRole.ADMIN, Scope.of(2));
  private static final String PASSWORD = "correct horse battery";

  private final ManualClock clock = ManualClock.create();

  @SuppressWarnings("NullAway.Init")
  private TestDatabase database;

  @SuppressWarnings("NullAway.Init")
  private PersonStore people;

  private void open(Engine engine) {
    database = TestDatabase.open(engine);
    people = new PersonStore(database.jdbi(), clock, TestAccounts.mainAnd("b", "c"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Person add(String name, String role, String... accounts) {
    return people.add(new NewPerson(name, role, List.of(accounts), PASSWORD), ROOT);
  }

  private static PersonChange accounts(String... names) {
    return new PersonChange(null, List.of(names), null, null);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aPersonIsWhatWasAskedForAndThePasswordIsKeptAsAHash(Engine engine) {
    open(engine);
    add("ana", "operator", "c", "b");

    Person ana = people.signsIn("ana").orElseThrow();
    assertThat(ana.role()).isEqualTo(AccessRole.OPERATOR);
    assertThat(ana.scope().accountIds()).isEqualTo(Set.of(2L, 3L));
    assertThat(people.accountsOf(ana)).containsExactly("b", "c");
    assertThat(ana.createdBy()).isEqualTo("api-token");
    assertThat(ana.createdAt()).isEqualTo(clock.instant());
    assertThat(ana.disabledAt()).isNull();
    assertThat(BCrypt.checkpw(PASSWORD, ana.passwordHash())).isTrue();
    assertThat(ana.toString()).doesNotContain(ana.passwordHash());
    for (String table : List.of("people", "operator_actions")) {
      assertThat(
              database
                  .jdbi()
                  .withHandle(
                      handle -> handle.createQuery("SELECT * FROM " + table).mapToMap().list())
                  .toString())
          .contains("ana")
          .doesNotContain(PASSWORD);
    }
    assertThat(people.signsIn("Ana")).isEmpty();
    assertThat(people.signsIn("a na\0")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void anAdminOfSomeGivesNoNameByWhichTheAuditKnowsAnother(Engine engine) {
    open(engine);
    var audit = new AuditTrail(database.jdbi(), clock);
    audit.record(new OperatorRequest("boss", "key-rotate", null), null, "3 secrets");
    audit.record(3, new OperatorRequest("luis", "retry", null), null, "of c");
    var asked = new NewPerson("boss", "viewer", List.of("b"), PASSWORD);

    assertThatThrownBy(() -> people.add(asked, ADMIN_OF_B))
        .isInstanceOf(InvalidAccessException.class)
        .hasMessageContaining("'name'");
    people.add(new NewPerson("luis", "viewer", List.of("b"), PASSWORD), ADMIN_OF_B);
    people.add(asked, ROOT);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void eachPartIsChangedByItself(Engine engine) {
    open(engine);
    Person before = add("ana", "viewer", "b");

    clock.advance(Duration.ofSeconds(1));
    Person role = change(before, new PersonChange("admin", null, null, null));
    assertThat(role.role()).isEqualTo(AccessRole.ADMIN);
    assertThat(role.scope().accountIds()).containsExactly(2L);
    assertThat(role.passwordHash()).isEqualTo(before.passwordHash());
    assertThat(role.updatedAt()).isEqualTo(clock.instant());

    assertThat(change(before, accounts("c")).scope().accountIds()).containsExactly(3L);
    assertThat(change(before, accounts("*")).scope().isEverything()).isTrue();
    Person back = change(before, accounts("b", "c"));
    assertThat(back.scope().accountIds()).isEqualTo(Set.of(2L, 3L));

    Person password = change(before, new PersonChange(null, null, "another horse", null));
    assertThat(BCrypt.checkpw("another horse", password.passwordHash())).isTrue();
    assertThat(password.role()).isEqualTo(AccessRole.ADMIN);
    assertThat(people.change(before.id() + 1, PersonChange.DISABLED, ROOT)).isEmpty();
  }

  private Person change(Person person, PersonChange change) {
    return people.change(person.id(), change, ROOT).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aDisabledPersonSignsInNoMoreAndTheNameStaysTaken(Engine engine) {
    open(engine);
    Person ana = add("ana", "viewer", "b");
    clock.advance(Duration.ofSeconds(1));
    change(ana, PersonChange.DISABLED);

    assertThat(people.signsIn("ana")).isEmpty();
    assertThat(people.list(ROOT).get(0).disabledAt()).isEqualTo(clock.instant());
    assertThatThrownBy(() -> add("ana", "viewer", "b"))
        .isInstanceOfSatisfying(
            InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo("name"));

    clock.advance(Duration.ofSeconds(1));
    change(ana, new PersonChange(null, null, null, false));
    assertThat(people.signsIn("ana")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "'', viewer, b, correct horse, name",
    "a:b, viewer, b, correct horse, name",
    "loopback, viewer, b, correct horse, name",
    "taken, viewer, b, correct horse, name",
    "ana, read, b, correct horse, role",
    "ana, link, b, correct horse, role",
    "ana, viewer, nosuch, correct horse, accounts",
    "ana, viewer, b, too short, password",
    "ana, viewer, b, ñññññññññññññññññññññññññññññññññññññ, password",
    "ana, viewer, b, , password"
  })
  void whatIsWrongIsNamedAndNothingIsMade(
      String name, String role, String account, @Nullable String password, String field) {
    open(Engine.H2);
    add("taken", "viewer", "b");

    assertThatThrownBy(
            () -> people.add(new NewPerson(name, role, List.of(account), password), ROOT))
        .isInstanceOfSatisfying(
            InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo(field));
    assertThat(people.list(ROOT)).hasSize(1);
    assertThat(database.count("operator_actions")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aGrantorOfSomeAccountsGivesAndSeesNoMoreThanThese(Engine engine) {
    open(engine);
    Person all = add("all", "viewer", "*");
    Person both = add("both", "viewer", "b", "c");
    Person own = add("own", "viewer", "b");

    assertThat(people.list(ADMIN_OF_B)).extracting(Person::name).containsExactly("own");
    for (Person other : List.of(all, both)) {
      assertThat(people.change(other.id(), PersonChange.DISABLED, ADMIN_OF_B)).isEmpty();
    }
    for (String[] more : new String[][] {{"*"}, {"c"}, {"b", "c"}}) {
      assertThatThrownBy(() -> people.change(own.id(), accounts(more), ADMIN_OF_B))
          .isInstanceOfSatisfying(
              InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo("accounts"));
    }
    assertThat(people.change(own.id(), PersonChange.DISABLED, ADMIN_OF_B)).isPresent();
    assertThat(people.list(ROOT)).filteredOn(one -> one.disabledAt() == null).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatWasDoneIsInTheAuditOfItsAccount(Engine engine) {
    open(engine);
    Person ana = add("ana", "viewer", "b");
    change(ana, accounts("b", "c"));
    change(ana, PersonChange.DISABLED);
    change(ana, PersonChange.DISABLED);

    List<String> actions =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT action || '|' || target || '|' || account_id"
                                + " FROM operator_actions ORDER BY id")
                        .mapTo(String.class)
                        .list());
    assertThat(actions)
        .containsExactly(
            "person-add|person ana (viewer; b)|2",
            "person-set|person ana (viewer; b, c)|0",
            "person-disable|person ana (viewer; b, c)|0");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whetherThereIsAnyIsKnownAtOnceHereAndWithinSecondsElsewhere(Engine engine) {
    open(engine);
    var elsewhere = new PersonStore(database.jdbi(), clock, TestAccounts.mainAnd("b"));
    assertThat(people.isAny()).isFalse();
    assertThat(elsewhere.isAny()).isFalse();

    Person ana = add("ana", "viewer", "b");

    assertThat(people.isAny()).isTrue();
    clock.advance(Duration.ofSeconds(2));
    assertThat(elsewhere.isAny()).isTrue();
    change(ana, PersonChange.DISABLED);
    assertThat(people.isAny()).isFalse();
  }

  @Test
  void aRoleOfANewerVersionDoesNotSignIn() {
    open(Engine.H2);
    Person ana = add("ana", "admin", "*");
    database.jdbi().useHandle(handle -> handle.execute("UPDATE people SET role = 'auditor'"));

    assertThat(people.signsIn("ana")).isEmpty();
    assertThat(change(ana, PersonChange.DISABLED).disabledAt()).isNotNull();
  }
}
