package dev.acuse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.access.KnownKeys.Verdict;
import dev.acuse.account.Accounts;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final Grantor ROOT = Grantor.root("api-token");

  private final ManualClock clock = ManualClock.create();
  private final Accounts accounts = TestAccounts.mainAnd("b");
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean out;

  @SuppressWarnings("NullAway.Init")
  private TestDatabase database;

  @SuppressWarnings("NullAway.Init")
  private KeyStore here;

  @SuppressWarnings("NullAway.Init")
  private KeyRing ring;

  private void open(Engine engine) {
    database = TestDatabase.open(engine);
    Jdbi jdbi =
        Jdbi.create(
                () -> {
                  connections.incrementAndGet();
                  if (out) {
                    throw new SQLTransientConnectionException("out");
                  }
                  return database.dataSource().getConnection();
                })
            .installPlugin(new AcuseJdbiPlugin());
    here = new KeyStore(jdbi, clock, accounts);
    ring = new KeyRing(here, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private KeyStore.Issued make(@Nullable Instant end) {
    return here.make(new NewKey("crm", "read", List.of("b"), end), ROOT);
  }

  private Verdict verdict(KeyStore.Issued issued) {
    return ring.find(issued.secret().reveal()).verdict();
  }

  private @Nullable Instant lastUse() {
    return here.list(ROOT).get(0).lastUsedAt();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aKeyIsGoodUntilItsEnd(Engine engine) {
    open(engine);
    KeyStore.Issued issued = make(clock.instant().plusSeconds(60));

    KnownKeys.Finding found = ring.find(issued.secret().reveal());
    assertThat(found.verdict()).isEqualTo(Verdict.GOOD);
    assertThat(found.key()).isNotNull().extracting(ApiKey::name).isEqualTo("crm");
    clock.advance(Duration.ofMillis(59_999));
    assertThat(verdict(issued)).isEqualTo(Verdict.GOOD);
    clock.advance(Duration.ofMillis(1));
    assertThat(verdict(issued)).isEqualTo(Verdict.EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ack_", "wrong", "ack_short", "Bearer"})
  void whatHasNotTheFormOfAKeyIsNotLookedFor(String text) {
    open(Engine.H2);
    assertThat(ring.find(text)).isEqualTo(KnownKeys.Finding.UNKNOWN);
    assertThat(connections).hasValue(0);
  }

  @Test
  void aGuessIsNoKey() {
    open(Engine.H2);
    make(null);
    assertThat(ring.find("ack_" + "x".repeat(43))).isEqualTo(KnownKeys.Finding.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aRevocationCountsAtOnceHereAndWithinSecondsElsewhere(Engine engine) {
    open(engine);
    KeyStore.Issued issued = make(null);
    var elsewhere = new KeyRing(new KeyStore(database.jdbi(), clock, accounts), clock);
    String secret = issued.secret().reveal();
    assertThat(verdict(issued)).isEqualTo(Verdict.GOOD);
    assertThat(elsewhere.find(secret).verdict()).isEqualTo(Verdict.GOOD);

    here.revoke(issued.key().id(), ROOT);

    assertThat(verdict(issued)).isEqualTo(Verdict.REVOKED);
    clock.advance(KeyRing.FRESH);
    assertThat(elsewhere.find(secret).verdict()).isEqualTo(Verdict.REVOKED);
  }

  @Test
  void aKeyIsReadOnceWithinSeconds() {
    open(Engine.H2);
    KeyStore.Issued issued = make(null);
    verdict(issued);
    int before = connections.get();
    for (int i = 0; i < 100; i++) {
      assertThat(verdict(issued)).isEqualTo(Verdict.GOOD);
    }
    assertThat(connections).hasValue(before);
    clock.advance(KeyRing.FRESH);
    verdict(issued);
    assertThat(connections).hasValue(before + 1);
  }

  @Test
  void aKnownKeyWorksOnForMinutesWhileTheDatabaseIsOut() {
    open(Engine.H2);
    KeyStore.Issued issued = make(null);
    KeyStore.Issued unused = here.make(new NewKey("late", "read", List.of("b"), null), ROOT);
    verdict(issued);
    out = true;

    clock.advance(KeyRing.OUTAGE.minusMillis(1));
    assertThat(verdict(issued)).isEqualTo(Verdict.GOOD);
    assertThatThrownBy(() -> verdict(unused)).isInstanceOf(ConnectionException.class);
    clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> verdict(issued)).isInstanceOf(ConnectionException.class);
    out = false;
    assertThat(verdict(issued)).isEqualTo(Verdict.GOOD);
  }

  @Test
  void aKeyEndsWhileTheDatabaseIsOut() {
    open(Engine.H2);
    KeyStore.Issued issued = make(clock.instant().plusSeconds(10));
    verdict(issued);
    out = true;
    clock.advance(Duration.ofSeconds(10));
    assertThat(verdict(issued)).isEqualTo(Verdict.EXPIRED);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theLastUseIsWrittenByTheWayAndOnceAMinute(Engine engine) {
    open(engine);
    KeyStore.Issued issued = make(null);
    Instant first = clock.instant();
    verdict(issued);
    assertThat(lastUse()).isNull();
    ring.writeUses();
    assertThat(lastUse()).isEqualTo(first);

    clock.advance(KeyRing.USE_EVERY.minusMillis(1));
    verdict(issued);
    ring.writeUses();
    assertThat(lastUse()).isEqualTo(first);
    clock.advance(Duration.ofMillis(1));
    verdict(issued);
    ring.writeUses();
    assertThat(lastUse()).isEqualTo(first.plus(KeyRing.USE_EVERY));
  }

  @Test
  void aUseThatCannotBeWrittenIsWrittenLater() {
    open(Engine.H2);
    KeyStore.Issued issued = make(null);
    verdict(issued);
    out = true;
    assertThatThrownBy(ring::writeUses).isInstanceOf(ConnectionException.class);
    out = false;
    ring.writeUses();
    assertThat(lastUse()).isEqualTo(clock.instant());
  }

  @Test
  void theUseOfAKeyThatIsRefusedIsNone() {
    open(Engine.H2);
    KeyStore.Issued issued = make(clock.instant().plusSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    verdict(issued);
    ring.writeUses();
    assertThat(lastUse()).isNull();
  }
}
