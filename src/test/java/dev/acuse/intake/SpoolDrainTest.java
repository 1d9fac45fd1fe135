package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.IntakeWriter.Receipt;
import dev.acuse.intake.spool.Spool;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wakes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** From the intake by way of the spool to the database, on both engines. */
@ParameterizedClass
@EnumSource
class SpoolDrainTest {
  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private final MetricRegistry metrics = new MetricRegistry();
  private final Wakes wakes = new Wakes();
  @TempDir private Path folder;
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;
  private Spool spool;
  private IntakeWriter writer;

  SpoolDrainTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    store.due().tell(wakes);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    spool = Spool.open(folder, 1 << 20, () -> {});
    writer = writer();
  }

  @AfterEach
  void close() throws Exception {
    writer.stop();
    spool.close();
    database.close();
  }

  @Test
  void whatWasLeftInTheSpoolIsDrainedAtTheStart() throws Exception {
    spool.append(arrivals(450));
    writer.start();

    await().until(() -> spool.state().records() == 0);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 450L);
    assertThat(wakes.stored.get()).isPositive();
    assertThat(reader.findByWebhookId(Scope.everything(), "e7").orElseThrow().receivedAt())
        .as("when it came, not when it was drained")
        .isEqualTo(ManualClock.create().instant());
  }

  @Test
  void isDrainedInGroupsOfSoManyBytes() throws Exception {
    int bytes = (int) configuration().groupBytes();
    spool.append(
        List.of(
            large("a", bytes / 2),
            large("b", bytes / 2),
            large("c", 1),
            large("d", bytes + 1),
            large("e", 1)));
    writer.start();

    await().until(() -> spool.state().records() == 0);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 5L);
    assertThat(wakes.stored)
        .as("two of half the size; a small one; one that is too large for any group; the last")
        .hasValue(4);
  }

  @Test
  void hangingCommitIsGivenUpAndNothingIsLostOrDoubled() throws Exception {
    writer.start();
    try (Handle lock = database.jdbi().open()) {
      hold(lock, "a");
      assertThat(writer.write(Events.pending("a")).join()).isEqualTo(Receipt.SPOOLED);
      assertThat(writer.write(Events.pending("b")).join()).isEqualTo(Receipt.SPOOLED);
      assertThat(spool.state().canTake()).isTrue();
      lock.rollback();
    }
    await().until(() -> spool.state().records() == 0);

    assertThat(writer.write(Events.pending("c")).join()).isEqualTo(Receipt.STORED);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 3L);
  }

  @Test
  void duplicateOfWhatIsStoredMayBeSpooledAndStaysOne() throws Exception {
    store.append(Events.pending("e1"));
    spool.append(arrivals(3));
    writer.start();

    await().until(() -> spool.state().records() == 0);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 3L);
  }

  @Test
  void rowThatIsRefusedAloneIsSetAsideAndBlocksNobody() throws Exception {
    spool.append(
        List.of(arrival(Events.pending("a")), arrival(poison()), arrival(Events.pending("c"))));
    writer.start();

    await().until(() -> spool.state().records() == 0);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 2L);
    assertThat(spool.rejectedFiles()).isEqualTo(1);
    assertThat(metrics.counter("acuse.spool.rejected").getCount()).isEqualTo(1);
  }

  @Test
  void withoutASpoolTheSenderIsToldToComeBackAndTheDatabaseIsTriedAgain() throws Exception {
    spool.close();
    var alone = new IntakeWriter(store, null, configuration(), clock, new MetricRegistry());
    alone.start();
    try (Handle lock = database.jdbi().open()) {
      hold(lock, "a");
      assertThatThrownBy(alone.write(Events.pending("a"))::join)
          .hasCauseInstanceOf(ProblemException.class);
      lock.rollback();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(alone.write(Events.pending("b")).join())
                    .isIn(Receipt.STORED, Receipt.DUPLICATE));
    alone.stop();
  }

  @Test
  void fullSpoolIsA503() throws Exception {
    writer.start();
    try (Handle lock = database.jdbi().open()) {
      hold(lock, "q1");
      String body = "x".repeat(600_000);
      assertThat(writer.write(Events.quarantined("q1", body)).join()).isEqualTo(Receipt.SPOOLED);
      assertThatThrownBy(writer.write(Events.quarantined("q2", body))::join)
          .hasCauseInstanceOf(ProblemException.class);
      lock.rollback();
    }
  }

  private IntakeWriter writer() throws IOException {
    return new IntakeWriter(store, spool, configuration(), clock, metrics);
  }

  private static IntakeConfiguration configuration() throws IOException {
    return new ObjectMapper()
        .readValue(
            "{\"storePatience\": \"300ms\", \"memory\": \"2MiB\"}", IntakeConfiguration.class);
  }

  /** Holds a key in a transaction: whoever inserts it too waits for the end of that. */
  private static void hold(Handle handle, String webhookId) {
    handle.begin();
    handle.execute(
        """
        INSERT INTO webhook_events (webhook_id, source, event_type, status, max_attempts,
          raw_payload, payload_size, headers, signature, last_delivered_at, origin, received_at,
          updated_at)
        VALUES (?, 'mp', 'payment', 'ignored', 1, ?, 0, '{}', 'unchecked', CURRENT_TIMESTAMP,
          'manual', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
        """,
        webhookId,
        new byte[0]);
  }

  private List<Arrival> arrivals(int count) {
    return IntStream.range(0, count).mapToObj(i -> arrival(Events.pending("e" + i))).toList();
  }

  private Arrival large(String webhookId, int bytes) {
    return arrival(Events.hint(webhookId, EventStatus.PENDING, "x".repeat(bytes)));
  }

  private Arrival arrival(NewEvent event) {
    return new Arrival(event, clock.instant(), clock.instant());
  }

  /** A row that no column of the schema holds. */
  private static NewEvent poison() {
    return new NewEvent(
        "b",
        "mp",
        "x".repeat(65),
        null,
        "7",
        EventStatus.PENDING,
        null,
        SignatureState.VERIFIED,
        EventOrigin.WEBHOOK,
        new byte[0],
        null,
        Map.of());
  }
}
