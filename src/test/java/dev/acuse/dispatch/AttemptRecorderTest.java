package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class AttemptRecorderTest {
  private static final int TOO_LONG = 65;

  private final ManualClock clock = ManualClock.create();
  private final MetricRegistry metrics = new MetricRegistry();
  private final CountDownLatch open = new CountDownLatch(1);
  private final TestDatabase database;
  private final EventStore store;
  private final EventReader reader;
  private final AttemptRecorder recorder;

  AttemptRecorderTest(Engine engine) {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    Jdbi gated =
        Jdbi.create(
                () -> {
                  awaitOpen();
                  return database.dataSource().getConnection();
                })
            .installPlugin(new AcuseJdbiPlugin());
    recorder = new AttemptRecorder(new EventStore(gated, clock, 4), metrics);
  }

  @AfterEach
  void close() {
    open.countDown();
    database.close();
  }

  @Test
  void attemptsThatEndWhileACommitIsUnderWayGoTogetherInTheNext() throws Exception {
    List<WebhookEvent> events = claim(6);
    List<CompletableFuture<Boolean>> recording = new ArrayList<>();
    for (WebhookEvent event : events) {
      recording.add(recordAtTheGate(success(event)));
    }
    open.countDown();

    for (CompletableFuture<Boolean> one : recording) {
      assertThat(one.get()).isTrue();
    }
    assertThat(groups()).containsExactly(1, 5);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.SUCCESS, 6L);
    assertThat(events)
        .allSatisfy(
            event -> assertThat(reader.attempts(Scope.everything(), event.id())).hasSize(1));
  }

  @Test
  void whenManyWaitASecondCommitGoesBesideTheFirst() throws Exception {
    List<WebhookEvent> events = claim(1 + AttemptRecorder.WORTH_A_SECOND);
    List<CompletableFuture<Boolean>> recording = new ArrayList<>();
    for (WebhookEvent event : events.subList(0, AttemptRecorder.WORTH_A_SECOND)) {
      recording.add(recordAtTheGate(success(event)));
    }
    assertThat(groups()).hasSize(1);
    recording.add(recordAtTheGate(success(events.get(AttemptRecorder.WORTH_A_SECOND))));
    assertThat(groups()).containsExactlyInAnyOrder(1, AttemptRecorder.WORTH_A_SECOND);
    open.countDown();

    for (CompletableFuture<Boolean> one : recording) {
      assertThat(one.get()).isTrue();
    }
    assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.SUCCESS, (long) events.size());
  }

  @Test
  void oneThatTheDatabaseRefusesFailsAlone() throws Exception {
    List<WebhookEvent> events = claim(4);
    CompletableFuture<Boolean> first = recordAtTheGate(success(events.get(0)));
    CompletableFuture<Boolean> good = recordAtTheGate(success(events.get(1)));
    CompletableFuture<Boolean> bad = recordAtTheGate(refused(events.get(2)));
    CompletableFuture<Boolean> alsoGood = recordAtTheGate(success(events.get(3)));
    open.countDown();

    assertThat(List.of(first.get(), good.get(), alsoGood.get())).containsOnly(true);
    assertThatThrownBy(bad::get).hasCauseInstanceOf(JdbiException.class);
    assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.SUCCESS, 3L)
        .containsEntry(EventStatus.PROCESSING, 1L);
  }

  @Test
  void whoLostHisLeaseIsToldSoAndTheOthersAreRecorded() throws Exception {
    List<WebhookEvent> events = claim(3);
    CompletableFuture<Boolean> first = recordAtTheGate(success(events.get(0)));
    CompletableFuture<Boolean> fenced = recordAtTheGate(success(events.get(1)));
    CompletableFuture<Boolean> held = recordAtTheGate(success(events.get(2)));
    Ends.end(store, events.get(1), Next.SUCCEED, clock.instant());
    open.countDown();

    assertThat(first.get()).isTrue();
    assertThat(fenced.get()).isFalse();
    assertThat(held.get()).isTrue();
    assertThat(reader.attempts(Scope.everything(), events.get(1).id())).hasSize(1);
  }

  /** Sizes of the commits that have begun. */
  private long[] groups() {
    return metrics.histogram("acuse.attempts.group").getSnapshot().getValues();
  }

  private List<WebhookEvent> claim(int count) {
    for (int i = 0; i < count; i++) {
      store.append(Events.pending("event-" + i));
    }
    return store.claim(Claims.due("me", count, Duration.ofMinutes(1)));
  }

  /**
   * When this returns, the first waits at the gate, in a thread of its own, and what others have
   * brought waits behind it: they themselves wait for nothing.
   */
  private CompletableFuture<Boolean> recordAtTheGate(AttemptEnd end) {
    var recorded = new CompletableFuture<CompletableFuture<Boolean>>();
    var thread = new Thread(() -> recorded.complete(recorder.record(end)));
    thread.start();
    await()
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(() -> recorded.isDone() || thread.getState() == Thread.State.WAITING);
    return recorded.thenCompose(done -> done);
  }

  private AttemptEnd success(WebhookEvent event) {
    return Ends.of(event, Next.SUCCEED, clock.instant());
  }

  /** Its history has no room for the worker's name. */
  private AttemptEnd refused(WebhookEvent event) {
    var attempt =
        new Attempt(
            event.id(),
            event.claimNo(),
            "w".repeat(TOO_LONG),
            clock.instant(),
            clock.instant(),
            AttemptOutcome.SUCCESS,
            null,
            null,
            null,
            List.of(),
            null);
    return new AttemptEnd(Next.SUCCEED, success(event).lease(), attempt, null, null, null);
  }

  private void awaitOpen() {
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
