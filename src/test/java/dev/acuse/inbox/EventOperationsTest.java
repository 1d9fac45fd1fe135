package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorAction;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventOperations.Change;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wakes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator may do, on both engines. */
@ParameterizedClass
@EnumSource
class EventOperationsTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int MAX_ATTEMPTS = 4;
  private static final OperatorRequest DEED = new OperatorRequest("ana", "retry", "x");

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;
  private EventOperations operations;

  EventOperationsTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, MAX_ATTEMPTS);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    operations =
        new EventOperations(
            database.jdbi(),
            clock,
            AttemptsAllowed.always(MAX_ATTEMPTS),
            store.due(),
            PurgePace.restless(),
            TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatHasEndedBeginsAgainWithAllItsAttempts() {
    for (EventStatus status : EventStatus.FINISHED) {
      ended(status.code(), status);
    }
    for (EventStatus status : EventStatus.FINISHED) {
      Change retry = operations.retry(event(status.code()).id(), DEED);

      assertThat(retry.done()).as(status.code()).isTrue();
      assertThat(event(status.code()))
          .satisfies(
              event -> {
                assertThat(event).isEqualTo(retry.event());
                assertThat(event.status()).isEqualTo(EventStatus.PENDING);
                assertThat(event.attempts()).isZero();
                assertThat(event.nextRetryAt()).isEqualTo(clock.instant());
                assertThat(event.finishedAt()).isNull();
              });
    }
    assertThat(claim(10)).hasSize(3);
  }

  @Test
  void whatWaitsForItsNextAttemptWaitsNoLonger() {
    store.append(Events.pending("a"));
    WebhookEvent claimed = claim(1).get(0);
    Instant later = clock.instant().plusSeconds(900);
    Ends.end(store, claimed, Next.waitFor("gohighlevel", later), clock.instant());

    assertThat(operations.retry(claimed.id(), DEED).done()).isTrue();

    assertThat(event("a").waitsFor()).isNull();
    assertThat(event("a").outages()).isZero();
    assertThat(event("a").outageSince()).isNull();
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void whatIsProcessedOrQuarantinedOrUnknownIsLeftAlone() {
    store.append(Events.pending("a"));
    WebhookEvent processing = claim(1).get(0);
    store.append(Events.quarantined("q", "{}"));

    assertThat(operations.retry(processing.id(), DEED)).isEqualTo(new Change(false, processing));
    assertThat(operations.retry(event("q").id(), DEED)).isEqualTo(new Change(false, event("q")));
    assertThat(operations.retry(987_654, DEED)).isEqualTo(new Change(false, null));
  }

  @Test
  void workerThatHeldTheEventBeforeItWasRetriedChangesNothing() {
    store.append(Events.pending("a"));
    WebhookEvent first = claim(1).get(0);
    Ends.end(store, first, Next.FAIL, clock.instant());
    operations.retry(first.id(), DEED);

    assertThat(Ends.end(store, first, Next.SUCCEED, clock.instant())).isFalse();
    assertThat(event("a").status()).isEqualTo(EventStatus.PENDING);
  }

  @Test
  void everyMatchIsRetriedOnceAndNothingElse() {
    Events.insert(database.jdbi(), 1_203, EventStatus.FAILED, clock.instant());
    Events.insert(database.jdbi(), 7, EventStatus.SUCCESS, clock.instant());
    var failed = EventFilter.ALL.withStatus(EventStatus.FAILED);

    assertThat(operations.count(failed)).isEqualTo(1_203);
    assertThat(retryAll(failed.withType("another"))).isZero();
    assertThat(retryAll(failed)).isEqualTo(1_203);
    assertThat(operations.count(EventFilter.ALL.withStatus(EventStatus.SUCCESS))).isEqualTo(7);
    assertThat(operations.count(failed)).isZero();
    assertThat(retryAll(failed)).isZero();
  }

  private long retryAll(EventFilter filter) {
    return operations.planRetry(filter, DEED, "all").run();
  }

  @Test
  void onlyFinishedEventsAreRetriedOrPurgedInBulk() {
    assertThatThrownBy(() -> retryAll(EventFilter.ALL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> retryAll(EventFilter.ALL.withStatus(EventStatus.PROCESSING)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> operations.purge(LEASE, Set.of(EventStatus.PENDING)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void purgeTakesWhatEndedLongAgoWithItsAttemptsAndNothingElse() {
    long old = ended("old", EventStatus.SUCCESS);
    ended("old-failure", EventStatus.FAILED);
    store.append(Events.pending("waiting"));
    store.append(Events.quarantined("kept", "{}"));
    clock.advance(Duration.ofDays(10));
    ended("young", EventStatus.SUCCESS);
    var finished = Set.of(EventStatus.SUCCESS, EventStatus.IGNORED);

    assertThat(operations.purge(Duration.ofDays(11), finished)).isZero();
    assertThat(operations.purge(Duration.ofDays(5), finished)).isEqualTo(1);

    assertThat(reader.find(Scope.everything(), old)).isEmpty();
    assertThat(reader.attempts(Scope.everything(), old)).isEmpty();
    assertThat(reader.page(Scope.everything(), EventFilter.ALL, null, 10))
        .extracting(WebhookEvent::webhookId)
        .containsExactly("young", "kept", "waiting", "old-failure");
    assertThat(operations.purge(Duration.ofDays(5), Set.of(EventStatus.FAILED))).isEqualTo(1);
  }

  @Test
  void purgeGoesThroughMoreThanOneBatch() {
    Events.insert(database.jdbi(), 1_100, EventStatus.IGNORED, clock.instant());
    clock.advance(Duration.ofDays(1));

    assertThat(operations.purge(Duration.ofHours(1), EventStatus.FINISHED)).isEqualTo(1_100);
    assertThat(reader.page(Scope.everything(), EventFilter.ALL, null, 10)).isEmpty();
  }

  @Test
  void purgeThatIsStoppedKeepsToWhatItHasDoneAndAnotherGoesOn() {
    Events.insert(database.jdbi(), 1_100, EventStatus.IGNORED, clock.instant());
    clock.advance(Duration.ofDays(1));
    PurgePace pace = PurgePace.gentle();
    pace.stop();

    long first =
        new EventOperations(
                database.jdbi(),
                clock,
                AttemptsAllowed.always(MAX_ATTEMPTS),
                store.due(),
                pace,
                TestAccounts.MAIN_ALONE)
            .purge(Duration.ofHours(1), EventStatus.FINISHED);

    assertThat(first).as("a batch").isPositive().isLessThan(1_100);
    assertThat(operations.count(EventFilter.ALL)).isEqualTo(1_100 - first);
    assertThat(operations.purge(Duration.ofHours(1), EventStatus.FINISHED))
        .isEqualTo(1_100 - first);
  }

  @Test
  void eventsOfAClockThatWasSetAheadAreNoEndOfThePurge() {
    Events.insert(
        database.jdbi(), 1_100, EventStatus.IGNORED, clock.instant().plus(Duration.ofDays(900)));
    Events.insert(database.jdbi(), 3, EventStatus.SUCCESS, clock.instant());
    clock.advance(Duration.ofDays(1));

    assertThat(operations.purge(Duration.ofHours(1), EventStatus.FINISHED)).isEqualTo(3);
  }

  @Test
  void purgeGoesPastWhatIsKept() {
    Events.insert(database.jdbi(), 1_100, EventStatus.FAILED, clock.instant());
    Events.insert(database.jdbi(), 3, EventStatus.SUCCESS, clock.instant());
    clock.advance(Duration.ofDays(1));

    assertThat(operations.purge(Duration.ofHours(1), Set.of(EventStatus.SUCCESS))).isEqualTo(3);
  }

  @Test
  void aRetryOfAllThatFailedLeavesAloneWhatAnotherHasEndedMeanwhile() {
    long failed = ended("failed", EventStatus.FAILED);
    long ignored = ended("ignored", EventStatus.FAILED);
    var isDone = new AtomicBoolean();
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                if (context.getRenderedSql().startsWith("UPDATE claim_turn")
                    && isDone.compareAndSet(false, true)) {
                  try (Handle other = database.jdbi().open()) {
                    other.execute(
                        "UPDATE webhook_events SET status = 'ignored' WHERE id = ?", ignored);
                  }
                }
              }
            });

    assertThat(
            operations.planRetry(EventFilter.ALL.withStatus(EventStatus.FAILED), DEED, "all").run())
        .isEqualTo(1);

    assertThat(isDone).isTrue();
    assertThat(event("ignored").status()).isEqualTo(EventStatus.IGNORED);
    assertThat(event("failed").id()).isEqualTo(failed);
    assertThat(event("failed").status()).isEqualTo(EventStatus.PENDING);
  }

  @Test
  void nothingIsClaimedWhileTheInboxIsPaused() {
    store.append(Events.pending("a"));
    assertThat(operations.paused()).isEmpty();

    assertThat(operations.pause("ana")).isTrue();
    assertThat(operations.pause("luis")).as("it is paused already").isFalse();
    assertThat(operations.paused()).hasValue(new Pause(clock.instant(), "ana"));
    assertThat(store.append(Events.pending("b"))).as("webhooks are still stored").isTrue();
    assertThat(claim(10)).isEmpty();
    assertThat(store.claim(Claims.probe("me", LEASE, Lane.MAIN))).isEmpty();
    assertThat(store.claim(Claims.alone("me", LEASE))).isEmpty();

    assertThat(operations.resume("ana")).isTrue();
    assertThat(operations.resume("ana")).as("it is not paused").isFalse();
    assertThat(claim(10)).hasSize(2);
  }

  @Test
  void operatorChangesWhatItsStatusAllowsAndNothingElse() {
    for (EventStatus status : EventStatus.KNOWN) {
      String code = status.code();
      NewEvent genuine = Events.pending("genuine of " + code);

      assertThat(operations.retry(in(status, "retry " + code), DEED).done())
          .as("retry of %s", code)
          .isEqualTo(status.mayBeRetried());
      assertThat(operations.ignore(Scope.everything(), in(status, "ignore " + code), DEED).done())
          .as("end as ignored of %s", code)
          .isEqualTo(status.mayBeIgnored());
      assertThat(
              operations
                  .release(Scope.everything(), in(status, "release " + code), genuine, DEED)
                  .done())
          .as("release of %s", code)
          .isEqualTo(status.mayBeReleased());
    }
  }

  private long in(EventStatus status, String webhookId) {
    if (status.isFinished()) {
      return ended(webhookId, status);
    }
    boolean quarantined = status == EventStatus.QUARANTINED;
    store.append(quarantined ? Events.quarantined(webhookId, "{}") : Events.pending(webhookId));
    if (status == EventStatus.PROCESSING) {
      claim(10);
    }
    assertThat(event(webhookId).status()).isEqualTo(status);
    return event(webhookId).id();
  }

  private long ended(String webhookId, EventStatus status) {
    store.append(Events.pending(webhookId));
    WebhookEvent claimed =
        claim(10).stream().filter(e -> e.webhookId().equals(webhookId)).findFirst().orElseThrow();
    Next next =
        switch (status) {
          case SUCCESS -> Next.SUCCEED;
          case IGNORED -> Next.IGNORE;
          case FAILED -> Next.FAIL;
          case PENDING, PROCESSING, QUARANTINED, UNKNOWN -> throw new AssertionError(status);
        };
    assertThat(Ends.end(store, claimed, next, clock.instant())).isTrue();
    return claimed.id();
  }

  private List<WebhookEvent> claim(int limit) {
    return store.claim(Claims.due("me", limit, LEASE));
  }

  private WebhookEvent event(String webhookId) {
    return reader.findByWebhookId(Scope.everything(), webhookId).orElseThrow();
  }

  @Test
  void whatIsIgnoredHasEndedAndItIsKeptWhoDidItAndWhy() {
    ended("b", EventStatus.SUCCESS);
    store.append(Events.pending("a"));
    var audit = new AuditTrail(database.jdbi(), clock);
    var by = new OperatorRequest("ana", "ignore", "a test payment");

    assertThat(operations.ignore(Scope.everything(), event("a").id(), by).done()).isTrue();
    assertThat(operations.ignore(Scope.everything(), event("a").id(), by).done()).isFalse();
    assertThat(operations.ignore(Scope.everything(), event("b").id(), by).done()).isFalse();

    assertThat(event("a").status()).isEqualTo(EventStatus.IGNORED);
    assertThat(event("a").finishedAt()).isEqualTo(clock.instant());
    assertThat(event("b").status()).isEqualTo(EventStatus.SUCCESS);
    assertThat(audit.page(null, 10))
        .singleElement()
        .satisfies(
            action -> {
              assertThat(action.actor()).isEqualTo("ana");
              assertThat(action.action()).isEqualTo("ignore");
              assertThat(action.target()).isEqualTo("a");
              assertThat(action.reason()).isEqualTo("a test payment");
              assertThat(action.eventId()).isEqualTo(event("a").id());
            });
    assertThat(audit.ofEvent(event("a").id())).isEqualTo(audit.page(null, 10));
  }

  @Test
  void whatIsReleasedIsDueUnderItsGenuineKeyOnce() {
    store.append(Events.quarantined("quarantine:1", "{}"));
    var by = new OperatorRequest("ana", "release", null);
    long id = event("quarantine:1").id();

    assertThat(operations.release(Scope.everything(), id, Events.pending("genuine"), by).done())
        .isTrue();
    assertThat(operations.release(Scope.everything(), id, Events.pending("genuine"), by).done())
        .isFalse();

    assertThat(event("quarantine:1").status()).isEqualTo(EventStatus.IGNORED);
    assertThat(event("quarantine:1").lastError()).isEqualTo("released as genuine");
    assertThat(claim(10)).extracting(WebhookEvent::webhookId).containsExactly("genuine");
  }

  @Test
  void theProgressOfARetryOfManyIsKept() {
    Events.insert(database.jdbi(), 1200, EventStatus.FAILED, clock.instant());
    var audit = new AuditTrail(database.jdbi(), clock);
    RetryPlan plan =
        operations.planRetry(
            EventFilter.ALL.withStatus(EventStatus.FAILED),
            new OperatorRequest("ana", "retry-many", "x"),
            "all");
    List<Long> progress = new ArrayList<>();
    List<String> versions = new ArrayList<>();
    store
        .due()
        .tell(
            new DueSignal.Listener() {
              @Override
              public void onStored(Set<Lane> lanes) {}

              @Override
              public void wake() {
                OperatorAction action = audit.find(plan.action()).orElseThrow();
                assertThat(action.finishedAt()).isNull();
                progress.add(action.changed());
                versions.add(audit.version());
              }
            });

    assertThat(plan.matched()).isEqualTo(1200);
    assertThat(plan.run()).isEqualTo(1200);

    assertThat(progress).containsExactly(500L, 1000L, 1200L);
    assertThat(versions).doesNotHaveDuplicates().doesNotContain(audit.version());
    assertThat(audit.page(null, 10))
        .singleElement()
        .isEqualTo(
            new OperatorAction(
                plan.action(),
                clock.instant(),
                "ana",
                "retry-many",
                null,
                "all",
                1200,
                1200,
                "x",
                clock.instant(),
                1));
  }

  @Test
  void theDispatcherIsToldOfWhatIsDueAndTheAuditHasEachDeed() {
    var wakes = new Wakes();
    ended("a", EventStatus.FAILED);
    ended("b", EventStatus.FAILED);
    store.append(Events.quarantined("q", "{}"));
    List<Long> both = List.of(event("a").id(), event("b").id());
    store.due().tell(wakes);

    assertThat(
            operations
                .planRetry(Scope.everything(), both, new OperatorRequest("ana", "retry-many", "x"))
                .run())
        .isEqualTo(2);
    assertThat(wakes.woken).hasValue(1);
    operations.retry(event("a").id(), DEED);
    operations.release(
        Scope.everything(),
        event("q").id(),
        Events.pending("genuine"),
        new OperatorRequest("ana", "release", null));
    assertThat(wakes.woken).hasValue(3);
    operations.retry(987_654, DEED);
    operations.pause("ana");
    operations.pause("luis");
    assertThat(wakes.woken).as("nothing is due").hasValue(3);
    operations.resume("luis");
    operations.resume("luis");
    operations.processDue();
    assertThat(wakes.woken).hasValue(5);
    clock.advance(Duration.ofDays(1));
    operations.purge(
        Duration.ofHours(1),
        Set.of(EventStatus.IGNORED),
        new OperatorRequest("ana", "purge", null),
        "what is old");

    assertThat(new AuditTrail(database.jdbi(), clock).page(null, 10))
        .extracting(
            OperatorAction::actor,
            OperatorAction::action,
            OperatorAction::target,
            OperatorAction::matched,
            OperatorAction::changed)
        .containsExactly(
            tuple("ana", "purge", "what is old", 0L, 1L),
            tuple("luis", "resume", "inbox", 1L, 1L),
            tuple("ana", "pause", "inbox", 1L, 1L),
            tuple("ana", "release", "q", 1L, 1L),
            tuple("ana", "retry", "a", 1L, 1L),
            tuple("ana", "retry-many", "ids=" + both.get(0) + "," + both.get(1), 2L, 2L));
    assertThat(wakes.stored).as("nothing was stored").hasValue(0);
  }

  @Test
  void countsStopAtTheirCapAndArrivalsAreCountedByTheirTime() {
    Events.insert(database.jdbi(), 12, EventStatus.FAILED, clock.instant());

    assertThat(reader.countByStatusUpTo(Scope.everything(), 10).all())
        .containsEntry(EventStatus.FAILED, 10L);
    assertThat(reader.countByStatusUpTo(Scope.everything(), 20).all())
        .containsEntry(EventStatus.FAILED, 12L)
        .containsEntry(EventStatus.SUCCESS, 0L);
    assertThat(
            reader.arrivals(
                Scope.everything(), clock.instant().minusSeconds(90), Duration.ofSeconds(60)))
        .containsExactly(new ArrivalCount(1, EventStatus.FAILED, 12));
    String before = reader.version(Scope.everything());
    store.append(Events.pending("new"));
    assertThat(reader.version(Scope.everything())).isNotEqualTo(before);
  }
}
