package dev.acuse.dispatch;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.dispatch.RetryPolicy.Decision;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.Lease;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.Completion;
import dev.acuse.inbox.Ending;
import dev.acuse.inbox.EventStore;
import dev.acuse.process.FatalErrors;
import dev.acuse.remote.RemoteSystem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one event: resolve its handler, run it, decide, record, report. Thread-safe.
 *
 * <p>Doing and recording are apart: if the end of an attempt cannot be recorded, the event stays
 * leased and is rescued when the lease runs out.
 */
public final class AttemptRunner {
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptRunner.class);

  private final EventStore store;
  private final AttemptRecorder recorder;
  private final List<EventHandler> handlers;
  private final List<RemoteSystem> downstreams;
  private final RetryPolicy policy;
  private final InstantSource clock;
  private final AttemptReport report;
  private volatile boolean recordsEnds = true;

  /**
   * @param handlers asked in order; the first that handles an event gets it
   * @param clock the database's time
   */
  public AttemptRunner(
      EventStore store,
      List<EventHandler> handlers,
      List<RemoteSystem> downstreams,
      RetryPolicy policy,
      InstantSource clock,
      MetricRegistry metrics) {
    this.store = store;
    this.recorder = new AttemptRecorder(store, metrics);
    this.handlers = List.copyOf(handlers);
    this.downstreams = List.copyOf(downstreams);
    this.policy = policy;
    this.clock = clock;
    this.report = new AttemptReport(metrics);
  }

  /**
   * Runs one attempt in the current thread, from the beginning of its entry to its end, and has it
   * recorded.
   *
   * @param entry of the claimed event; its slot is free when the attempt has ended, its lease when
   *     that is recorded or cannot be
   * @param onRoom told of each; must not block
   * @return completed when the lease is free; never exceptionally
   */
  CompletableFuture<?> run(Running.Entry entry, BooleanSupplier stopping, Runnable onRoom) {
    WebhookEvent event = entry.event();
    entry.begin();
    Attempted attempted;
    try {
      attempted = perform(event, stopping);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.error("{} is tried again when its lease runs out", event.webhookId(), e);
      entry.release();
      return CompletableFuture.completedFuture(null);
    } finally {
      entry.end();
      onRoom.run();
    }
    return record(attempted)
        .handle(
            (recorded, failure) -> {
              recordsEnds = failure == null || DatabaseTrouble.isRefusal(failure);
              entry.release();
              onRoom.run();
              return recorded;
            });
  }

  /**
   * Whether the end of the latest attempt could be recorded. If not, what else is attempted may be
   * done in vain: a claim needs less of a database than an end does, whose disk is full.
   */
  boolean recordsEnds() {
    return recordsEnds;
  }

  /**
   * Runs one attempt in the current thread. Never throws what a handler threw.
   *
   * @param event as claimed
   * @param stopping whether the process is shutting down: an attempt that is interrupted then is
   *     handed back; at any other time an interrupt means that it took too long
   * @return how it ended, to be {@linkplain #record recorded}
   */
  private Attempted perform(WebhookEvent event, BooleanSupplier stopping) {
    AttemptReport.enter(event, null);
    try {
      Instant startedAt = clock.instant();
      long start = System.nanoTime();
      var log = new AttemptLog(clock);
      Outcome outcome = perform(event, log);
      boolean interrupted = Thread.interrupted();
      boolean released = interrupted && stopping.getAsBoolean() && isUnfinished(outcome);
      if (interrupted && !released && isUnfinished(outcome)) {
        outcome = Outcome.retry("timeout", "the attempt took too long", null);
      }
      Decision decision =
          released
              ? new Decision(Decision.Kind.HAND_BACK, clock.instant())
              : decide(event, outcome);
      Attempt attempt = attempt(event, outcome, outcomeOf(decision, released), startedAt, log);
      Ending ending = ending(decision, outcome, completion(event, attempt, log));
      return new Attempted(event, decision, ending, System.nanoTime() - start);
    } finally {
      AttemptReport.leave();
    }
  }

  /**
   * Records how an attempt ended, and reports it. Only who finds no commit under way waits for the
   * database, and then does it for those who come meanwhile.
   *
   * @return completed when it is on disk, with whether the lease still held; exceptionally if it
   *     could not be recorded, or may not have been: then the event is rescued when its lease has
   *     run out
   */
  private CompletableFuture<Boolean> record(Attempted attempted) {
    return recorder
        .record(attempted.ending())
        .whenComplete((recorded, failure) -> report.tell(attempted, recorded, failure));
  }

  /**
   * Gives an event back whose attempt hangs in another thread, as this process is ending. The
   * attempt does not count, and whatever becomes of it changes nothing any more.
   *
   * @param event as claimed
   */
  void handBack(WebhookEvent event) {
    Instant claimedAt = Objects.requireNonNull(event.claimedAt(), "a claimed event has its time");
    var log = new AttemptLog(clock);
    var outcome = Outcome.retry("shutdown", "the process ended before the attempt did", null);
    Attempt attempt = attempt(event, outcome, AttemptOutcome.RELEASED, claimedAt, log);
    var decision = new Decision(Decision.Kind.HAND_BACK, clock.instant());
    // Not with the others: their commit may hang as well.
    boolean recorded = store.handBack(completion(event, attempt, log), due(decision));
    if (recorded) {
      report.handedBack(event, attempt);
    }
  }

  // A handler may throw anything, an error too: whatever it is, it must not end the worker.
  @SuppressWarnings("CatchingUnchecked")
  private Outcome perform(WebhookEvent event, AttemptLog log) {
    try {
      Optional<EventHandler> handler =
          handlers.stream().filter(candidate -> candidate.handles(event)).findFirst();
      return handler.isPresent()
          ? handler.get().handle(event, log)
          : Outcome.ignored("no handler for " + event.eventType());
    } catch (Throwable e) {
      FatalErrors.haltOn(e);
      if (DatabaseTrouble.isOutage(e)) {
        LOGGER.warn("the database is out", e);
        return Outcome.outage("database", "database", "the database is out", null, null);
      }
      LOGGER.error("the handler failed", e);
      return Outcome.retry("error", OneLine.of(e), null);
    }
  }

  private static boolean isUnfinished(Outcome outcome) {
    return switch (outcome.kind()) {
      case DONE, IGNORED, FAIL -> false;
      case RETRY, OUTAGE, SNOOZE -> true;
    };
  }

  private Decision decide(WebhookEvent event, Outcome outcome) {
    Instant now = clock.instant();
    Decision decision = policy.decide(event, outcome, now);
    boolean turnedAway =
        decision.kind() == Decision.Kind.WAIT_OUT
            && Outcome.BREAKER_OPEN.equals(outcome.errorKind())
            && downstreams.stream()
                .anyMatch(d -> d.name().equals(outcome.downstream()) && d.isUp());
    // The breaker closed after it had turned this event away: the release has passed it by.
    return turnedAway ? new Decision(Decision.Kind.WAIT_OUT, now) : decision;
  }

  private Attempt attempt(
      WebhookEvent event,
      Outcome outcome,
      AttemptOutcome attemptOutcome,
      Instant startedAt,
      AttemptLog log) {
    return new Attempt(
        event.id(),
        event.claimNo(),
        event.leaseOwner() + "/" + Thread.currentThread().getName(),
        startedAt,
        clock.instant(),
        attemptOutcome,
        outcome.errorKind(),
        outcome.reason() == null ? null : OneLine.of(outcome.reason()),
        outcome.httpStatus(),
        log.steps());
  }

  private static AttemptOutcome outcomeOf(Decision decision, boolean released) {
    return switch (decision.kind()) {
      case SUCCEED -> AttemptOutcome.SUCCESS;
      case IGNORE -> AttemptOutcome.IGNORED;
      case FAIL -> AttemptOutcome.FAILED;
      case RETRY -> AttemptOutcome.RETRY;
      case WAIT_OUT -> AttemptOutcome.OUTAGE;
      case HAND_BACK -> released ? AttemptOutcome.RELEASED : AttemptOutcome.SNOOZED;
    };
  }

  private static Completion completion(WebhookEvent event, Attempt attempt, AttemptLog log) {
    String owner = Objects.requireNonNull(event.leaseOwner(), "a claimed event has an owner");
    return new Completion(
        new Lease(event.id(), owner, event.claimNo()),
        attempt,
        log.mpPaymentId(),
        log.preferenceId(),
        log.paymentId());
  }

  private static Ending ending(Decision decision, Outcome outcome, Completion completion) {
    return switch (decision.kind()) {
      case SUCCEED -> Ending.forGood(Ending.Kind.SUCCEED, completion);
      case IGNORE -> Ending.forGood(Ending.Kind.IGNORE, completion);
      case FAIL -> Ending.forGood(Ending.Kind.FAIL, completion);
      case RETRY -> Ending.retry(completion, due(decision));
      case WAIT_OUT ->
          Ending.waitFor(Objects.requireNonNull(outcome.downstream()), completion, due(decision));
      case HAND_BACK -> Ending.handBack(completion, due(decision));
    };
  }

  private static Instant due(Decision decision) {
    return Objects.requireNonNull(decision.dueAt(), "an event that is tried again has a due time");
  }
}
