package dev.acuse.account;

import static dev.acuse.account.AccountFixture.newKey;
import static dev.acuse.account.AccountFixture.seller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.account.seal.Keys;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.support.Engine;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveAccountsTest {
  private static final Secret TOKEN = Secret.of("a-token-that-is-long-enough");
  private static final Duration NEVER = Duration.ofHours(1);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final String key = newKey();
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("settings.sealed");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private AccountFixture fixture(Engine engine) {
    TestDatabase database = TestDatabase.open(engine);
    open.add(database);
    return new AccountFixture(database);
  }

  private LiveAccounts live(AccountStore store) {
    return new LiveAccounts(store, file, NEVER, nanos::get);
  }

  /** Of a database that is out. */
  private static AccountStore out(String keys) {
    Jdbi jdbi =
        Jdbi.create(
                () -> {
                  throw new SQLException("out", "08001");
                })
            .installPlugin(new AcuseJdbiPlugin());
    return new AccountStore(
        jdbi,
        InstantSource.system(),
        new Keys(Secret.of(keys), null),
        AccountFixture.ENVIRONMENT,
        () -> false);
  }

  @ParameterizedTest
  @EnumSource
  void changesOfThisInstanceAreThereAtOnceAndFollowersAreToldOnceEach(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    LiveAccounts live = live(store);
    assertThat(live.isKnown()).as("neither file nor database yet").isFalse();
    live.look();
    List<Long> told = new ArrayList<>();
    live.follow(set -> told.add(set.version()));
    live.follow(
        set -> {
          throw new IllegalStateException("a follower's own fault");
        });
    AccountSet before = live.current();
    live.look();
    assertThat(live.current()).as("nothing has changed").isSameAs(before);

    store.add("b", seller("2000"));
    store.change(2, AccountChange.NONE.withSite("MLA"));
    live.look();

    assertThat(live.isKnown()).isTrue();
    assertThat(live.current().byName("b").orElseThrow().site()).isEqualTo("MLA");
    assertThat(told).containsExactly(0L, 1L, 2L);
  }

  @Test
  void twoInstancesSeeEachOthersChanges() {
    AccountFixture fixture = fixture(Engine.POSTGRESQL);
    AccountStore one = fixture.store(key);
    LiveAccounts other =
        new LiveAccounts(fixture.store(key), file, Duration.ofMillis(20), System::nanoTime);
    other.start();
    try {
      await().until(other::isKnown);

      one.add("b", seller("2000").withAccessToken(TOKEN));

      await().until(() -> other.current().byName("b").isPresent());
      assertThat(other.current().byName("b").orElseThrow().accessToken().value()).isEqualTo(TOKEN);
    } finally {
      other.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFreshLookMissesNothingThatWasThereBefore(Engine engine) {
    AccountFixture fixture = fixture(engine);
    AccountStore one = fixture.store(key);
    LiveAccounts other = live(fixture.store(key));
    assertThat(other.fresh().isFresh()).isTrue();
    one.add("b", seller("2000"));

    Accounts.Reading reading = other.fresh();
    assertThat(reading.isFresh()).isTrue();
    assertThat(reading.accounts().byName("b")).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void whileTheDatabaseIsOutTheFileSaysWhatThereIs(Engine engine) throws Exception {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store(key);
    LiveAccounts before = live(store);
    before.look();
    store.add("b", seller("2000").withAccessToken(TOKEN));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    LiveAccounts after = live(out(key));
    Accounts.Reading reading = after.fresh();

    assertThat(after.isKnown()).isTrue();
    assertThat(reading.isFresh()).isFalse();
    assertThat(reading.accounts().all()).isEqualTo(before.current().all());
    assertThat(reading.accounts().byName("b").orElseThrow().accessToken().value()).isEqualTo(TOKEN);
    assertThat(reading.accounts().version()).isEqualTo(1);
  }

  @Test
  void aDatabaseThatHangsHoldsUpNoOtherLook() throws Exception {
    var entered = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    Jdbi hanging =
        Jdbi.create(
                () -> {
                  entered.countDown();
                  awaitUninterrupted(end);
                  throw new SQLException("out", "08001");
                })
            .installPlugin(new AcuseJdbiPlugin());
    var store =
        new AccountStore(
            hanging,
            InstantSource.system(),
            new Keys(Secret.of(key), null),
            AccountFixture.ENVIRONMENT,
            () -> false);
    LiveAccounts live = live(store);
    CompletableFuture<Void> look = CompletableFuture.runAsync(live::look);
    entered.await();
    try {
      assertThat(live.fresh().isFresh()).isFalse();
      assertThat(look).isNotDone();
    } finally {
      end.countDown();
    }
    look.get();
  }

  private static void awaitUninterrupted(CountDownLatch latch) throws SQLException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
  }

  @Test
  void withoutAFileOnlyMainIsKnownAndThatThereMayBeOthers() {
    LiveAccounts live = live(out(key));

    assertThat(live.fresh().isFresh()).isFalse();
    assertThat(live.isKnown()).isFalse();
    assertThat(live.current().all()).isEqualTo(AccountFixture.ENVIRONMENT.alone().all());
  }

  @Test
  void aFileThatIsTornOrOfAnotherKeyIsAsNone() throws Exception {
    AccountFixture fixture = fixture(Engine.POSTGRESQL);
    live(fixture.store(key)).look();
    String whole = Files.readString(file);
    AccountStore store = fixture.store(key);
    live(store).look();
    for (String torn :
        List.of(
            "",
            whole.substring(0, whole.length() / 2),
            whole.substring(0, whole.length() - 3),
            whole.replace("settings 1", "settings 2"),
            whole.replaceFirst("v1:[0-9a-f]{8}", "v1:00000000"))) {
      Files.writeString(file, torn);
      try (var log = new LoggedLines(SettingsFile.class)) {
        assertThat(live(out(key)).isKnown()).as(torn).isFalse();
        assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("is passed over"));
      }
    }
    Files.writeString(file, whole);
    assertThat(live(out(key)).isKnown()).isTrue();
    assertThat(live(out(newKey())).isKnown()).isFalse();
    assertThat(live(out("")).isKnown()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAKeyTheFileSaysThatMainIsAloneOrNothing(Engine engine) throws Exception {
    AccountFixture fixture = fixture(engine);
    AccountStore store = fixture.store("");
    live(store).look();
    assertThat(live(out("")).isKnown()).isTrue();
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() - 9) + "\n");
    assertThat(live(out("")).isKnown()).as("torn").isFalse();

    store.add("b", seller("2000"));
    live(store).look();

    assertThat(file).as("what it said is no longer true").doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void keysThatDoNotFitAreToldOfOnceAndTheFileStays(Engine engine) throws Exception {
    AccountFixture fixture = fixture(engine);
    AccountStore right = fixture.store(key);
    live(right).look();
    right.add("b", seller("2000").withAccessToken(TOKEN));
    LiveAccounts own = live(right);
    own.look();
    assertThat(own.keyTrouble()).isNull();
    byte[] kept = Files.readAllBytes(file);
    try (var log = new LoggedLines(LiveAccounts.class)) {
      LiveAccounts wrong = live(fixture.store(newKey()));
      wrong.look();
      right.change(2, AccountChange.NONE.withSite("MLA"));
      wrong.look();

      assertThat(wrong.keyTrouble()).isEqualTo("no key of ACUSE_KEY is one of this database's");
      assertThat(wrong.isKnown()).isTrue();
      assertThat(wrong.current().byName("b").orElseThrow().accessToken().isUnreadable()).isTrue();
      assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("webhooks are stored"));
    }
    assertThat(Files.readAllBytes(file)).as("the right one's was written").isNotEqualTo(kept);
    assertThat(live(out(key)).current().byName("b").orElseThrow().site()).isEqualTo("MLA");
    LiveAccounts none = live(fixture.store(""));
    none.look();
    assertThat(none.keyTrouble()).contains("ACUSE_KEY is not set");
  }

  @Test
  void aKeyFileOfAnotherDatabaseIsToldOf() throws Exception {
    AccountFixture one = fixture(Engine.H2);
    AccountFixture other = fixture(Engine.H2);
    for (AccountFixture each : List.of(one, other)) {
      each.store(keysOf(each), AccountFixture.ENVIRONMENT)
          .add("b", seller("2000").withAccessToken(TOKEN));
    }
    Files.copy(keyFile(other), keyFile(one), StandardCopyOption.REPLACE_EXISTING);

    LiveAccounts live = live(one.store(keysOf(one), AccountFixture.ENVIRONMENT));
    live.look();

    assertThat(live.keyTrouble()).contains(keyFile(one).toString(), "this database's");
    Files.delete(keyFile(one));
    live = live(one.store(keysOf(one), AccountFixture.ENVIRONMENT));
    live.look();
    assertThat(live.keyTrouble()).contains("there is no " + keyFile(one));
    Files.writeString(keyFile(one), "torn");
    live = live(one.store(keysOf(one), AccountFixture.ENVIRONMENT));
    live.look();
    assertThat(live.keyTrouble()).contains(keyFile(one) + " holds no keys");
    assertThat(live.isKnown()).isTrue();
  }

  private static Path keyFile(AccountFixture fixture) {
    return fixture.database.folder().resolve("acuse.key");
  }

  private static Keys keysOf(AccountFixture fixture) {
    return new Keys(Secret.NONE, keyFile(fixture));
  }

  /** As a file that was made anew of a broken one has it. */
  @Test
  void whatABrokenDatabaseHasLostComesBackFromTheFile() {
    AccountFixture fixture = fixture(Engine.H2);
    AccountStore store = fixture.store(key);
    LiveAccounts before = live(store);
    before.look();
    store.add("b", seller("2000").withAccessToken(TOKEN));
    store.add("c", seller("3000"));
    store.addApplication("agency", ApplicationChange.NONE, AccountFollower.NONE);
    store.change(2, seller("2001"));
    fixture
        .database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("DELETE FROM accounts WHERE id = 3");
              handle.execute("DELETE FROM applications WHERE id = 2");
              // An older page told so.
              handle.execute("UPDATE accounts SET live_user_id = '3000' WHERE id = 2");
              handle.execute("UPDATE account_settings SET version = -1, key_check = NULL");
            });

    LiveAccounts after = live(fixture.store(key));
    after.look();

    assertThat(after.current().all()).isEqualTo(before.current().all());
    assertThat(after.current().applications()).isEqualTo(before.current().applications());
    assertThat(after.keyTrouble()).isNull();
    assertThat(fixture.store(key).add("d", seller("4000")).id()).isEqualTo(4);
  }

  @Test
  void withoutAFileItGoesOnWithWhatThereIsAndSaysSo() {
    AccountFixture fixture = fixture(Engine.H2);
    fixture
        .database
        .jdbi()
        .useHandle(handle -> handle.execute("UPDATE account_settings SET version = -1"));
    try (var log = new LoggedLines(LiveAccounts.class)) {
      LiveAccounts live = live(fixture.store(key));
      live.look();
      live.look();

      assertThat(live.current().version()).isEqualTo(1);
      assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("could not all be read"));
    }
  }
}
