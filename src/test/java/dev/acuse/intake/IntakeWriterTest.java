package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.IntakeWriter.Receipt;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wakes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Group commit, on both engines. */
@ParameterizedClass
@EnumSource
class IntakeWriterTest {
  private static final String CONFIGURATION = "{\"queue\": 100, \"memory\": \"2MiB\"}";

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private final MetricRegistry metrics = new MetricRegistry();
  private final Wakes wakes = new Wakes();
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;
  private IntakeWriter writer;

  IntakeWriterTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() throws Exception {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    store.due().tell(wakes);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    writer = writer(CONFIGURATION);
  }

  @AfterEach
  void close() throws Exception {
    writer.stop();
    database.close();
  }

  @Test
  void whatArrivesBeforeACommitGoesIntoItTogether() throws Exception {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      receipts.add(writer.write(Events.pending("e" + i % 50)));
    }
    writer.start();

    assertThat(receipts.stream().map(CompletableFuture::join))
        .filteredOn(Receipt.STORED::equals)
        .hasSize(50);
    assertThat(metrics.histogram("acuse.intake.group").getCount()).isEqualTo(1);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 50L);
    assertThat(wakes.stored).hasValue(1);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        reader.findByWebhookId(Scope.everything(), "e3").orElseThrow().deliveries())
                    .isEqualTo(2));
  }

  @Test
  void oneBadRowIsKeptAsBytesAndItsNeighboursAreStored() throws Exception {
    String tooLong = "x".repeat(65);
    var good = writer.write(Events.pending("a"));
    var bad = writer.write(poison("b", tooLong));
    var alsoGood = writer.write(Events.pending("c"));
    writer.start();

    assertThat(good.join()).isEqualTo(Receipt.STORED);
    assertThat(bad.join()).isEqualTo(Receipt.QUARANTINED);
    assertThat(alsoGood.join()).isEqualTo(Receipt.STORED);
    WebhookEvent kept =
        reader
            .page(Scope.everything(), EventFilter.ALL.withStatus(EventStatus.QUARANTINED), null, 10)
            .get(0);
    assertThat(reader.request(Scope.everything(), kept.id()).orElseThrow().body())
        .isEqualTo("{\u0000".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.request(Scope.everything(), kept.id()).orElseThrow().queryString())
        .isEqualTo("data.id=7");
    assertThat(reader.findByWebhookId(Scope.everything(), "b")).as("the key stays free").isEmpty();
  }

  @Test
  void beyondTheQueueDeliveriesAreRefusedAtOnce() throws Exception {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      receipts.add(writer.write(Events.pending("e" + i)));
    }

    assertThatThrownBy(receipts.get(100)::join)
        .hasCauseInstanceOf(ProblemException.class)
        .cause()
        .satisfies(
            refusal ->
                assertThat(((ProblemException) refusal).getResponse().getStatus()).isEqualTo(503));
    writer.start();
    assertThat(receipts.subList(0, 100))
        .allSatisfy(receipt -> assertThat(receipt.join()).isEqualTo(Receipt.STORED));
  }

  @Test
  void groupHoldsOnlySoManyBytes() throws Exception {
    int bytes = (int) configuration(CONFIGURATION).groupBytes();
    var receipts =
        List.of(
            writer.write(large("a", bytes / 2)),
            writer.write(large("b", bytes / 2)),
            writer.write(large("c", 1)),
            writer.write(large("d", bytes + 1)),
            writer.write(large("e", 1)));
    writer.start();

    assertThat(receipts).allSatisfy(one -> assertThat(one.join()).isEqualTo(Receipt.STORED));
    assertThat(metrics.histogram("acuse.intake.group").getSnapshot().getValues())
        .as("two of half the size; a small one; one that is too large for any group; the last")
        .containsExactlyInAnyOrder(2, 1, 1, 1);
  }

  @Test
  void beyondTheBytesOfTheQueueDeliveriesAreRefusedAtOnce() throws Exception {
    int bytes = (int) configuration(CONFIGURATION).memoryBytes();
    var first = writer.write(large("a", bytes - 1));
    var second = writer.write(large("b", 2));
    var third = writer.write(large("c", 1));
    writer.start();

    assertThat(second).isCompletedExceptionally();
    assertThat(first.join()).isEqualTo(Receipt.STORED);
    assertThat(third.join()).isEqualTo(Receipt.STORED);
    assertThat(writer.write(large("d", bytes - 1)).join())
        .as("what was stored makes room")
        .isEqualTo(Receipt.STORED);
  }

  @Test
  void whatWasTakenInBeforeAStopIsStored() throws Exception {
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      receipts.add(writer.write(Events.pending("e" + i)));
    }
    writer.start();
    writer.stop();

    assertThat(receipts)
        .allSatisfy(receipt -> assertThat(receipt.join()).isEqualTo(Receipt.STORED));
    assertThat(writer.write(Events.pending("late"))).isCompletedExceptionally();
  }

  @Test
  void databaseThatIsGoneIsA503() throws Exception {
    writer.start();
    database.disconnect();

    assertThatThrownBy(writer.write(Events.pending("a"))::join)
        .hasCauseInstanceOf(ProblemException.class);
  }

  private IntakeWriter writer(String config) throws Exception {
    return new IntakeWriter(store, null, configuration(config), clock, metrics);
  }

  private static IntakeConfiguration configuration(String config) throws Exception {
    return new ObjectMapper().readValue(config, IntakeConfiguration.class);
  }

  private static NewEvent large(String webhookId, int bytes) {
    return Events.hint(webhookId, EventStatus.PENDING, "x".repeat(bytes));
  }

  /** A row that no column of the schema holds. */
  private static NewEvent poison(String webhookId, String type) {
    return new NewEvent(
        webhookId,
        "mp",
        type,
        null,
        "7",
        EventStatus.PENDING,
        null,
        SignatureState.VERIFIED,
        EventOrigin.WEBHOOK,
        "{\u0000".getBytes(StandardCharsets.UTF_8),
        "data.id=7",
        Map.of());
  }
}
