package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.EventFilter;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.h2.mvstore.MVStoreException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
@Timeout(60)
class OutboxTest {
  private final ManualClock clock = ManualClock.create();
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final AtomicInteger syncs = new AtomicInteger();
  private final SyncFailure syncFailure = new SyncFailure(() -> {});
  private final Engine engine;
  private final TestDatabase database;
  private final EventReader reader;
  private final Outbox outbox;

  OutboxTest(Engine engine) {
    this.engine = engine;
    database = TestDatabase.open(engine);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    outbox =
        new Outbox(clock, AttemptsAllowed.always(4), syncFailure, tells(wakeUps::incrementAndGet));
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                if (context.getRenderedSql().contains("CHECKPOINT SYNC")) {
                  syncs.incrementAndGet();
                }
              }
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsCommittedIsDueAndSyncedAndWakesTheDispatcherOnce() {
    int stored =
        database
            .jdbi()
            .inTransaction(
                handle -> {
                  int first = add(handle, "b", "a");
                  int second = add(handle, "c");
                  assertThat(wakeUps).hasValue(0);
                  assertThat(syncs).hasValue(0);
                  return first + second;
                });

    assertThat(stored).isEqualTo(3);
    assertThat(keys()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(claim()).hasSize(3);
    assertOneWakeUp();
  }

  @Test
  void ofWhatIsRolledBackNothingIsThereAndNothingIsTold() {
    try (Handle handle = database.jdbi().open()) {
      assertThatThrownBy(
              () ->
                  handle.useTransaction(
                      same -> {
                        same.execute("DELETE FROM claim_turn");
                        add(same, "a");
                        throw new IllegalStateException("what causes it fails");
                      }))
          .hasMessage("what causes it fails");

      assertThat(turns(handle)).isEqualTo(1);
      assertThat(keys()).isEmpty();
      assertThat(wakeUps).hasValue(0);
      assertThat(syncs).hasValue(0);

      handle.useTransaction(same -> add(same, "a"));
      handle.useTransaction(same -> same.execute("SELECT 1"));
    }

    assertThat(keys()).containsExactly("a");
    assertOneWakeUp();
  }

  @Test
  void aKeyThatIsThereAlreadyIsOneEvent() {
    database.jdbi().useTransaction(handle -> add(handle, "a"));
    wakeUps.set(0);

    int stored = database.jdbi().inTransaction(handle -> add(handle, "b", "a", "b"));
    assertThat(stored).isEqualTo(1);
    assertThat(keys()).containsExactlyInAnyOrder("a", "b");
    assertThat(wakeUps).hasValue(1);

    assertThat(database.jdbi().<Integer, RuntimeException>inTransaction(handle -> add(handle, "a")))
        .isZero();
    assertThat(wakeUps).as("nothing new is due").hasValue(1);
  }

  @Test
  void theSameKeysInOppositeOrderDoNotDeadlock() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 10; round++) {
        String prefix = "round-" + round + "-";
        List<NewEvent> events =
            new ArrayList<>(
                IntStream.range(0, 200).mapToObj(i -> Events.pending(prefix + i)).toList());
        List<NewEvent> reversed = new ArrayList<>(events);
        Collections.reverse(reversed);
        var start = new CyclicBarrier(2);
        Future<Integer> one = threads.submit(() -> addTogether(start, events));
        Future<Integer> other = threads.submit(() -> addTogether(start, reversed));

        assertThat(one.get(30, TimeUnit.SECONDS) + other.get(30, TimeUnit.SECONDS)).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private int addTogether(CyclicBarrier start, List<NewEvent> events) throws Exception {
    return database
        .jdbi()
        .inTransaction(
            handle -> {
              start.await(30, TimeUnit.SECONDS);
              return outbox.add(handle, events);
            });
  }

  @Test
  void afterTheCommitNothingFails() {
    var deaf =
        new Outbox(
            clock,
            AttemptsAllowed.always(4),
            syncFailure,
            tells(
                () -> {
                  throw new IllegalStateException("the dispatcher is gone");
                }));

    database
        .jdbi()
        .useTransaction(
            handle -> {
              deaf.add(handle, List.of(Events.pending("a")));
              failToSync();
            });

    assertThat(keys()).containsExactly("a");
    assertThatThrownBy(() -> database.jdbi().useTransaction(handle -> add(handle, "b")))
        .isInstanceOf(ConnectionException.class);
  }

  private static DueSignal tells(Runnable onStored) {
    var due = new DueSignal();
    due.tell(
        new DueSignal.Listener() {
          @Override
          public void onStored(Set<Lane> lanes) {
            onStored.run();
          }

          @Override
          public void wake() {
            throw new AssertionError("what was stored is told of as that");
          }
        });
    return due;
  }

  private void failToSync() {
    assertThatThrownBy(
            () ->
                syncFailure.watch(
                    () -> {
                      throw new MVStoreException(2, "Could not sync");
                    }))
        .isInstanceOf(MVStoreException.class);
  }

  @Test
  void outsideOfATransactionNothingIsAdded() {
    assertThatThrownBy(() -> database.jdbi().useHandle(handle -> add(handle, "a")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(keys()).isEmpty();
  }

  private static int turns(Handle handle) {
    return handle.createQuery("SELECT COUNT(*) FROM claim_turn").mapTo(Integer.class).one();
  }

  private void assertOneWakeUp() {
    assertThat(wakeUps).hasValue(1);
    assertThat(syncs).hasValue(engine == Engine.H2 ? 1 : 0);
  }

  private int add(Handle handle, String... keys) {
    return outbox.add(handle, List.of(keys).stream().map(Events::pending).toList());
  }

  private List<WebhookEvent> claim() {
    return new EventStore(database.jdbi(), clock, 4)
        .claim(Claims.due("w", 10, Duration.ofMinutes(1)));
  }

  private List<String> keys() {
    return reader.page(Scope.everything(), EventFilter.ALL, null, 10).stream()
        .map(WebhookEvent::webhookId)
        .toList();
  }
}
