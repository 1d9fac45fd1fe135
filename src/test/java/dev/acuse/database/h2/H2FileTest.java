package dev.acuse.database.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.CallWatch;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.Schema;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.PowerCutDisk;
import dev.acuse.support.TestAccounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.zip.GZIPInputStream;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.table.Table;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the disk under an H2 file holds, as the service uses it. */
class H2FileTest {
  private static final String SETTINGS = ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  private static final Duration LEASE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final ManualClock clock = ManualClock.create();
  private final AtomicInteger failures = new AtomicInteger();
  private final SyncFailure syncFailure = new SyncFailure(failures::incrementAndGet);
  private Path file;
  private JdbcConnectionPool pool;
  private H2Maintenance upkeep;
  private EventStore store;
  private EventReader reader;

  @BeforeEach
  void open() {
    PowerCutDisk.register();
    file = folder.resolve("acuse.mv.db");
    pool =
        JdbcConnectionPool.create(
            "jdbc:h2:powercut:" + folder.resolve("acuse") + SETTINGS, "sa", "");
    Jdbi jdbi = jdbi(pool);
    upkeep = new H2Maintenance(jdbi, syncFailure, new CallWatch(), failure -> false);
    upkeep.run();
    new Schema(pool).migrate();
    store = new EventStore(jdbi, clock, AttemptsAllowed.always(4), syncFailure, new CallWatch());
    reader = new EventReader(jdbi, clock, TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    pool.dispose();
  }

  private static Jdbi jdbi(JdbcConnectionPool pool) {
    return Jdbi.create(pool).installPlugin(new AcuseJdbiPlugin());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whatWasAcknowledgedSurvivesAPowerCutAtAnyMoment(int seed) throws Exception {
    var random = new Random(seed);
    List<String> acknowledged = new ArrayList<>();
    for (int cut = 0; cut < 4; cut++) {
      work(acknowledged, 1 + random.nextInt(12), random);
      int written = random.nextInt(40);
      // Nothing that was not synced survives; or what was written first does.
      IntPredicate survives = seed % 2 == 0 ? number -> false : number -> number < written;

      assertThat(storedAfterCut(survives)).containsAll(acknowledged);
    }
  }

  /** The kernel has what was written, synced or not. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6})
  void whateverWasCommittedSurvivesAKillAtAnyMoment(int seed) throws Exception {
    var random = new Random(seed);
    List<String> acknowledged = new ArrayList<>();
    for (int kill = 0; kill < 12; kill++) {
      work(acknowledged, 1 + random.nextInt(4), random);

      PowerCutDisk.cut(file, folder.resolve("image.mv.db"), number -> true);

      assertThat(countsIn("image")).isEqualTo(reader.countByStatus(Scope.everything()));
    }
  }

  @Test
  void aFileThatAnOlderH2LeftBehindInAKillIsReadAndWrittenOn() throws Exception {
    try (var packed =
        new GZIPInputStream(
            Objects.requireNonNull(
                H2FileTest.class.getResourceAsStream("/h2/killed-2.4.240.mv.db.gz")))) {
      Files.copy(packed, folder.resolve("old.mv.db"));
    }
    JdbcConnectionPool old = plain("old");
    try {
      var its = new EventStore(jdbi(old), clock, 4);
      var keeper = new H2Maintenance(jdbi(old), syncFailure, new CallWatch(), failure -> false);
      keeper.run();
      new Schema(old).migrate();
      assertThat(H2Indexes.repair(jdbi(old))).as("nothing is wrong").isEmpty();
      assertThat(
              new EventReader(jdbi(old), clock, TestAccounts.MAIN_ALONE)
                  .countByStatus(Scope.everything()))
          .containsEntry(EventStatus.SUCCESS, 12L)
          .containsEntry(EventStatus.PENDING, 18L);

      its.appendAll(arrivals(30, 5));
      keeper.finish();
    } finally {
      old.dispose();
    }

    assertThat(countsIn("old")).containsEntry(EventStatus.PENDING, 23L);
  }

  private JdbcConnectionPool plain(String name) {
    return JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve(name) + SETTINGS, "sa", "");
  }

  private Map<EventStatus, Long> countsIn(String name) {
    JdbcConnectionPool image = plain(name);
    try {
      return new EventReader(jdbi(image), clock, TestAccounts.MAIN_ALONE)
          .countByStatus(Scope.everything());
    } finally {
      image.dispose();
    }
  }

  /** Groups come in, are claimed and finished; only the groups are synced as they come. */
  private void work(List<String> acknowledged, int groups, Random random) {
    for (int i = 0; i < groups; i++) {
      List<Arrival> group = arrivals(acknowledged.size(), 1 + random.nextInt(20));
      store.appendAll(group);
      group.forEach(arrival -> acknowledged.add(arrival.event().webhookId()));
      if (random.nextInt(4) == 0) {
        upkeep.run();
      }
      finish(random.nextInt(30));
    }
  }

  private void finish(int limit) {
    end(store.claim(Claims.due("me", limit, LEASE)));
  }

  private void end(List<WebhookEvent> claimed) {
    for (WebhookEvent event : claimed) {
      Ends.end(store, event, Next.SUCCEED, clock.instant());
    }
  }

  private List<Arrival> arrivals(int from, int count) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      arrivals.add(new Arrival(Events.pending("event-" + i), clock.instant(), clock.instant()));
    }
    return arrivals;
  }

  /** Read by an H2 of its own from what the disk holds. */
  private Set<String> storedAfterCut(IntPredicate survives) {
    PowerCutDisk.cut(file, folder.resolve("image.mv.db"), survives);
    return Jdbi.create("jdbc:h2:file:" + folder.resolve("image") + SETTINGS, "sa", "")
        .withHandle(
            handle ->
                new HashSet<>(
                    handle
                        .createQuery("SELECT webhook_id FROM webhook_events")
                        .mapTo(String.class)
                        .list()));
  }

  @Test
  void aGroupIsSyncedOnce() {
    int before = PowerCutDisk.syncs(file);

    store.appendAll(arrivals(0, 200));

    assertThat(PowerCutDisk.syncs(file) - before).isEqualTo(1);
  }

  @Test
  void whatOthersCommitIsSyncedByTheUpkeep() {
    store.appendAll(arrivals(0, 1));
    int before = PowerCutDisk.syncs(file);
    finish(1);
    assertThat(PowerCutDisk.syncs(file)).isEqualTo(before);

    upkeep.run();

    assertThat(PowerCutDisk.syncs(file)).isGreaterThan(before);
  }

  @Test
  void afterASyncThatFailedNothingIsAcknowledgedAnyMore() {
    PowerCutDisk.failSyncs(file, true);
    assertThatThrownBy(() -> store.appendAll(arrivals(0, 1)))
        .matches(failure -> !DatabaseTrouble.isRefusal(failure), "it is not the row's fault");
    // The kernel reports a failure once; the next sync seems to succeed.
    PowerCutDisk.failSyncs(file, false);

    assertThatThrownBy(() -> store.appendAll(arrivals(0, 1)))
        .matches(DatabaseTrouble::isOutage, "an outage");
    assertThat(failures).hasValue(1);
  }

  @Test
  void aSyncThatFailsInTheUpkeepCountsAsWell() {
    store.appendAll(arrivals(0, 1));
    finish(1);
    PowerCutDisk.failSyncs(file, true);
    assertThatThrownBy(upkeep::run).isInstanceOf(RuntimeException.class);

    assertThatThrownBy(() -> store.appendAll(arrivals(1, 1)))
        .matches(DatabaseTrouble::isOutage, "an outage");
    assertThat(failures).hasValue(1);
  }

  @Test
  void aGeneratorOfIdsThatFellBehindIsMovedPastThem() {
    store.appendAll(arrivals(0, 3));
    jdbi(pool)
        .useHandle(
            handle -> handle.execute("ALTER TABLE webhook_events ALTER COLUMN id RESTART WITH 2"));
    assertThatThrownBy(() -> store.appendAll(arrivals(3, 1)))
        .as("it is neither stored nor a duplicate")
        .isInstanceOf(RuntimeException.class);

    assertThat(H2Identities.repair(jdbi(pool))).isEqualTo(1);

    store.appendAll(arrivals(3, 1));
    assertThat(reader.findByWebhookId(Scope.everything(), "event-3"))
        .hasValueSatisfying(e -> assertThat(e.id()).isGreaterThan(3));
    assertThat(H2Identities.repair(jdbi(pool))).isZero();
  }

  @Test
  void anIndexThatLacksARowIsFilledAnew() throws SQLException {
    store.appendAll(arrivals(0, 5));
    assertThat(H2Indexes.repair(jdbi(pool))).as("nothing is wrong").isEmpty();
    loseFirstEntryOf("WEBHOOK_EVENTS_INTAKE_IDX");
    List<WebhookEvent> claimed = store.claim(Claims.due("me", 5, LEASE));
    assertThatThrownBy(
            () ->
                jdbi(pool)
                    .useTransaction(
                        handle -> {
                          handle.execute("DELETE FROM webhook_events");
                          handle.rollback();
                        }))
        .as("the row cannot be deleted")
        .isNotNull();

    assertThat(H2Indexes.repair(jdbi(pool))).containsExactly("WEBHOOK_EVENTS_INTAKE_IDX");

    end(claimed);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.SUCCESS, 5L);
  }

  private void loseFirstEntryOf(String name) throws SQLException {
    jdbi(pool)
        .useTransaction(
            handle -> {
              var connection = handle.getConnection().unwrap(JdbcConnection.class);
              var session = (SessionLocal) connection.getSession();
              Table events =
                  session.getDatabase().getMainSchema().getTableOrView(session, "WEBHOOK_EVENTS");
              Cursor rows = events.getScanIndex(session).find(session, null, null, false);
              assertThat(rows.next()).isTrue();
              events.getIndexes().stream()
                  .filter(index -> index.getName().equals(name))
                  .forEach(index -> index.remove(session, rows.get()));
            });
  }

  @Tag("slow")
  @Test
  void theFileIsSmallAfterAHundredThousandEvents(@TempDir Path other) throws Exception {
    JdbcConnectionPool plain =
        JdbcConnectionPool.create("jdbc:h2:file:" + other.resolve("acuse") + SETTINGS, "sa", "");
    Path large = other.resolve("acuse.mv.db");
    try {
      var keeper = new H2Maintenance(jdbi(plain), syncFailure, new CallWatch(), failure -> false);
      keeper.run();
      new Schema(plain).migrate();
      var full = new EventStore(jdbi(plain), clock, 4);
      for (int i = 0; i < 100_000; i += 1_000) {
        full.appendAll(arrivals(i, 1_000));
        if (i % 5_000 == 0) {
          keeper.run();
        }
      }
      long underLoad = Files.size(large);
      keeper.finish();

      assertThat(
              new EventReader(jdbi(plain), clock, TestAccounts.MAIN_ALONE)
                  .countByStatus(Scope.everything()))
          .containsEntry(EventStatus.PENDING, 100_000L);
      assertThat(underLoad).as("bytes under load").isLessThan(150_000_000);
      assertThat(Files.size(large)).as("bytes when idle").isLessThan(100_000_000);
    } finally {
      plain.dispose();
    }
  }
}
