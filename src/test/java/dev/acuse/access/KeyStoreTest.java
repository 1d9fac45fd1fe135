package dev.acuse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeyStoreTest {
  private static final Grantor ROOT = Grantor.root("api-token");
  private static final Grantor ADMIN_OF_B = new Grantor("key:b", AccessRole.ADMIN, Scope.of(2));

  private final ManualClock clock = ManualClock.create();

  @SuppressWarnings("NullAway.Init")
  private TestDatabase database;

  @SuppressWarnings("NullAway.Init")
  private KeyStore keys;

  private void open(Engine engine) {
    database = TestDatabase.open(engine);
    keys = new KeyStore(database.jdbi(), clock, TestAccounts.mainAnd("b", "c"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static NewKey asked(String name, String role, String... accounts) {
    return new NewKey(name, role, List.of(accounts), null);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aKeyIsFoundByItsHashAndIsWhatWasAskedFor(Engine engine) {
    open(engine);
    Instant end = clock.instant().plus(Duration.ofDays(90));
    KeyStore.Issued issued = keys.make(new NewKey("crm", "write", List.of("c", "b"), end), ROOT);
    String secret = issued.secret().reveal();

    assertThat(secret).matches("ack_[A-Za-z0-9_-]{43}");
    ApiKey found = keys.find(KeySecret.hash(secret)).orElseThrow();
    assertThat(found.id()).isEqualTo(issued.key().id());
    assertThat(found.role()).isEqualTo(AccessRole.OPERATOR);
    assertThat(found.scope().accountIds()).isEqualTo(Set.of(2L, 3L));
    assertThat(found.tail()).isEqualTo(secret.substring(43));
    assertThat(found.createdBy()).isEqualTo("api-token");
    assertThat(found.createdAt()).isEqualTo(clock.instant());
    assertThat(found.expiresAt()).isEqualTo(end);
    assertThat(found.lastUsedAt()).isNull();
    assertThat(found.revokedAt()).isNull();
    assertThat(keys.accountsOf(found)).containsExactly("b", "c");
    assertThat(keys.find(KeySecret.hash("ack_" + "x".repeat(43)))).isEmpty();

    ApiKey ofAll = keys.make(asked("all", "read", "*"), ROOT).key();
    assertThat(ofAll.scope().isEverything()).isTrue();
    assertThat(keys.accountsOf(ofAll)).containsExactly("*");
    assertThat(keys.make(asked("other", "read", "*"), ROOT).secret()).isNotEqualTo(issued.secret());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theKeyItselfIsInNoColumn(Engine engine) {
    open(engine);
    KeyStore.Issued issued = keys.make(asked("crm", "read", "*"), ROOT);

    String secret = issued.secret().reveal();
    for (String table : List.of("api_keys", "operator_actions")) {
      String rows =
          database
              .jdbi()
              .withHandle(handle -> handle.createQuery("SELECT * FROM " + table).mapToMap().list())
              .toString();
      assertThat(rows).contains("crm").doesNotContain(secret, secret.substring(4));
    }
    assertThat(issued.toString()).doesNotContain(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "H2, '', read, b, name, must be 1 to 60 letters",
    "H2, a b, read, b, name, must be 1 to 60 letters",
    "H2, crm, root, b, role, must be one of: read",
    "H2, crm, viewer, b, role, must be one of: read",
    "H2, crm, read, nosuch, accounts, names an account that is not there",
    "H2, crm, read, *;b, accounts, must be names of accounts",
    "POSTGRESQL, taken, read, b, name, is taken",
    "H2, taken, read, b, name, is taken"
  })
  void whatIsWrongIsNamedAndNothingIsMade(
      Engine engine, String name, String role, String accounts, String field, String expectation) {
    open(engine);
    keys.make(asked("taken", "read", "b"), ROOT);

    assertThatThrownBy(() -> keys.make(asked(name, role, accounts.split(";")), ROOT))
        .isInstanceOfSatisfying(
            InvalidAccessException.class,
            e -> {
              assertThat(e.field()).isEqualTo(field);
              assertThat(e.expectation()).startsWith(expectation);
            });
    assertThat(keys.list(ROOT)).hasSize(1);
    assertThat(database.count("operator_actions")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void anEndThatIsNotToComeIsRefused(Engine engine) {
    open(engine);
    assertThatThrownBy(
            () -> keys.make(new NewKey("crm", "read", List.of("b"), clock.instant()), ROOT))
        .isInstanceOfSatisfying(
            InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo("expires_at"));
    assertThatThrownBy(() -> keys.make(new NewKey("crm", "read", null, null), ROOT))
        .isInstanceOfSatisfying(
            InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo("accounts"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void ofTwoThatAskForOneNameAtOnceOneGetsIt(Engine engine) {
    open(engine);
    var start = new CyclicBarrier(4);
    var made = new AtomicInteger();
    var refused = new AtomicInteger();
    CompletableFuture<?>[] all = new CompletableFuture<?>[4];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          CompletableFuture.runAsync(
              () -> {
                try {
                  start.await();
                  keys.make(asked("crm", "read", "b"), ROOT);
                  made.incrementAndGet();
                } catch (InvalidAccessException e) {
                  refused.incrementAndGet();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              command -> new Thread(command).start());
    }
    CompletableFuture.allOf(all).join();
    assertThat(made).hasValue(1);
    assertThat(refused).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aGrantorOfSomeAccountsGivesAndSeesNoMoreThanThese(Engine engine) {
    open(engine);
    ApiKey all = keys.make(asked("all", "read", "*"), ROOT).key();
    ApiKey both = keys.make(asked("both", "read", "b", "c"), ROOT).key();
    ApiKey own = keys.make(asked("own", "admin", "b"), ADMIN_OF_B).key();

    assertThat(keys.list(ADMIN_OF_B)).extracting(ApiKey::name).containsExactly("own");
    assertThat(keys.list(ROOT)).extracting(ApiKey::name).containsExactly("own", "both", "all");
    for (String[] accounts : new String[][] {{"*"}, {"c"}, {"b", "c"}, {"nosuch"}}) {
      assertThatThrownBy(() -> keys.make(asked("more", "read", accounts), ADMIN_OF_B))
          .isInstanceOfSatisfying(
              InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo("accounts"));
    }
    assertThat(keys.revoke(all.id(), ADMIN_OF_B)).isEmpty();
    assertThat(keys.revoke(both.id(), ADMIN_OF_B)).isEmpty();
    assertThat(keys.revoke(own.id(), ADMIN_OF_B).orElseThrow().revokedAt()).isNotNull();
    assertThat(keys.revoke(all.id(), ROOT).orElseThrow().revokedAt()).isNotNull();

    var operator = new Grantor("key:o", AccessRole.OPERATOR, Scope.everything());
    assertThatThrownBy(() -> keys.make(asked("more", "admin", "b"), operator))
        .isInstanceOfSatisfying(
            InvalidAccessException.class, e -> assertThat(e.field()).isEqualTo("role"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aRevokedKeyStaysAndSoDoesItsName(Engine engine) {
    open(engine);
    ApiKey key = keys.make(asked("crm", "read", "b"), ROOT).key();
    Instant revoked = clock.instant();
    keys.revoke(key.id(), ROOT);
    clock.advance(Duration.ofHours(1));

    assertThat(keys.revoke(key.id(), ROOT).orElseThrow().revokedAt()).isEqualTo(revoked);
    assertThat(keys.revoke(key.id() + 1, ROOT)).isEmpty();
    assertThatThrownBy(() -> keys.make(asked("crm", "read", "b"), ROOT))
        .isInstanceOf(InvalidAccessException.class);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatWasDoneIsInTheAuditOfItsAccount(Engine engine) {
    open(engine);
    keys.make(asked("one", "write", "b"), ADMIN_OF_B);
    ApiKey two = keys.make(asked("two", "read", "b", "c"), ROOT).key();
    keys.revoke(two.id(), ROOT);
    keys.revoke(two.id(), ROOT);

    List<String> actions =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT actor || '|' || action || '|' || target || '|' || account_id"
                                + " FROM operator_actions ORDER BY id")
                        .mapTo(String.class)
                        .list());
    assertThat(actions)
        .containsExactly(
            "key:b|key-add|key one (write; b)|2",
            "api-token|key-add|key two (read; b, c)|0",
            "api-token|key-revoke|key two (read; b, c)|0");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theLaterUseStays(Engine engine) {
    open(engine);
    ApiKey key = keys.make(asked("crm", "read", "b"), ROOT).key();
    Instant later = clock.instant().plusSeconds(60);
    keys.used(Map.of(key.id(), later));
    keys.used(Map.of(key.id(), clock.instant()));

    assertThat(keys.list(ROOT).get(0).lastUsedAt()).isEqualTo(later);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aRoleOfANewerVersionHasNoRights(Engine engine) {
    open(engine);
    keys.make(asked("crm", "admin", "*"), ROOT);
    database.jdbi().useHandle(handle -> handle.execute("UPDATE api_keys SET role = 'auditor'"));

    assertThat(keys.list(ROOT).get(0).role()).isEqualTo(AccessRole.UNKNOWN);
  }
}
