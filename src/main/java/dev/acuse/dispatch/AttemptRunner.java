package dev.acuse.dispatch;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EffectKey;
import dev.acuse.event.Lane;
import dev.acuse.event.Lease;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventStore;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one event: resolve its handler, run it, decide, record, report. Thread-safe.
 *
 * <p>Doing and recording are apart: if the database is out when an attempt ends, the event stays
 * leased, and its end is settled when the database answers again. If the end is refused, the event
 * is rescued when its lease runs out.
 */
public final class AttemptRunner {
  private static final Logger LOGGER = LoggerFactory.getLogger(AttemptRunner.class);

  /** Until then an event of an account that is held back has been put into a lane of its own. */
  private static final Duration WHILE_HELD = Duration.ofMinutes(5);

  private final EventStore store;
  private final AttemptRecorder recorder;
  private final Handlers handlers;
  private final Lanes lanes;
  private final RetryPolicies policies;
  private final InstantSource clock;
  private final AttemptReport report;
  private final Consumer<WebhookEvent> before;
  private volatile boolean recordsEnds = true;

  /** One that does nothing before an attempt, and knows accounts by their ids alone. */
  public AttemptRunner(
      EventStore store,
      Handlers handlers,
      Lanes lanes,
      RetryPolicies policies,
      InstantSource clock,
      MetricRegistry metrics) {
    this(store, handlers, lanes, policies, clock, metrics, event -> {}, String::valueOf);
  }

  /**
   * @param clock the database's time
   * @param before told of each event before it is looked whether its account is held back; may use
   *     the database, and must not throw
   * @param accounts the name of an account by its id, as the log gives it; without I/O
   */
  public AttemptRunner(
      EventStore store,
      Handlers handlers,
      Lanes lanes,
      RetryPolicies policies,
      InstantSource clock,
      MetricRegistry metrics,
      Consumer<WebhookEvent> before,
      LongFunction<String> accounts) {
    this.before = before;
    this.store = store;
    this.recorder = new AttemptRecorder(store, metrics);
    this.handlers = handlers;
    this.lanes = lanes;
    this.policies = policies;
    this.clock = clock;
    this.report = new AttemptReport(metrics, accounts);
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
  CompletableFuture<?> run(ClaimedEvents.Entry entry, BooleanSupplier stopping, Runnable onRoom) {
    WebhookEvent event = entry.event();
    entry.begin();
    AttemptEnd end;
    long nanos;
    try {
      long start = System.nanoTime();
      end = perform(event, stopping);
      nanos = System.nanoTime() - start;
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.error("{} is tried again when its lease runs out", event.webhookId(), e);
      entry.release();
      return CompletableFuture.completedFuture(null);
    } finally {
      entry.end();
      onRoom.run();
    }
    return record(event, end, nanos)
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
    return recordsEnds && !recorder.hasUnsettled();
  }

  /**
   * Reads what became of the ends that an outage of the database left open, and records those that
   * are not recorded.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database is still out
   */
  void settle() {
    if (recorder.hasUnsettled()) {
      recorder.settle();
    }
  }

  /** Whether such ends are left. */
  boolean hasUnsettled() {
    return recorder.hasUnsettled();
  }

  /** The same for the last time: the process is ending, and waits for no database any more. */
  void settleForTheLastTime() {
    recorder.close();
  }

  /**
   * Runs one attempt in the current thread. Never throws what a handler threw.
   *
   * @param event as claimed
   * @param stopping whether the process is shutting down: an attempt that is interrupted then is
   *     handed back; at any other time an interrupt means that it took too long
   * @return how it ended, to be {@linkplain #record recorded}
   */
  private AttemptEnd perform(WebhookEvent event, BooleanSupplier stopping) {
    report.enter(event, null);
    try {
      Instant startedAt = clock.instant();
      var log = new AttemptLog(clock);
      Outcome outcome = handle(event, log);
      boolean interrupted = Thread.interrupted();
      boolean released = interrupted && stopping.getAsBoolean() && isUnfinished(outcome);
      if (interrupted && !released && isUnfinished(outcome)) {
        outcome =
            Outcome.retry("timeout", "the attempt took too long", null)
                .because(ReasonCode.TOOK_TOO_LONG);
      }
      Next next = released ? Next.handBack(clock.instant()) : decide(event, outcome);
      AttemptOutcome recorded = released ? AttemptOutcome.RELEASED : next.kind().outcome();
      return end(event, next, attempt(event, outcome, recorded, startedAt, log), log);
    } finally {
      AttemptReport.leave();
    }
  }

  /**
   * Records how an attempt ended, and reports it. A caller waits for the database only if no commit
   * is under way; then it also commits the ends that other callers bring meanwhile.
   *
   * @return completed when it is on disk, with whether the lease still held; exceptionally if it
   *     could not be recorded, or may not have been: then the event is rescued when its lease has
   *     run out
   */
  private CompletableFuture<Boolean> record(WebhookEvent event, AttemptEnd end, long nanos) {
    return recorder
        .record(end)
        .whenComplete((recorded, failure) -> report.tell(event, end, nanos, recorded, failure));
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
    var outcome =
        Outcome.retry("shutdown", "the process ended before the attempt did", null)
            .because(ReasonCode.PROCESS_ENDED);
    Attempt attempt = attempt(event, outcome, AttemptOutcome.RELEASED, claimedAt, log);
    AttemptEnd end = end(event, Next.handBack(clock.instant()), attempt, log);
    // Not with the others: their commit may hang as well.
    boolean recorded = endAlone(end);
    if (recorded) {
      report.handedBack(event, attempt);
    }
  }

  /** A connection that died before this one was asked costs one more try. */
  private boolean endAlone(AttemptEnd end) {
    try {
      return store.end(List.of(end)).get(0);
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.isOutage(e)) {
        throw e;
      }
      return store.settle(List.of(end)).get(0);
    }
  }

  // A handler may throw anything, an error too: whatever it is, it must not end the worker.
  @SuppressWarnings("CatchingUnchecked")
  private Outcome handle(WebhookEvent event, AttemptLog log) {
    before.accept(event);
    if (lanes.isHeld(event)) {
      return Outcome.snooze("its account is paused", WHILE_HELD).because(ReasonCode.ACCOUNT_HELD);
    }
    try {
      return handlers.of(event).handle(event, log);
    } catch (Throwable e) {
      FatalErrors.haltOn(e);
      if (DatabaseTrouble.isOutage(e)) {
        LOGGER.warn("the database is out", e);
        return Outcome.outage("database", Attempt.DATABASE_OUT, "the database is out", null, null)
            .because(ReasonCode.DATABASE_OUT);
      }
      LOGGER.error("the handler failed", e);
      return Outcome.retry("error", OneLine.of(e), null).because(ReasonCode.OWN_FAULT);
    }
  }

  private static boolean isUnfinished(Outcome outcome) {
    return switch (outcome.kind()) {
      case DONE, IGNORED, FAIL -> false;
      case RETRY, OUTAGE, SNOOZE -> true;
    };
  }

  private Next decide(WebhookEvent event, Outcome outcome) {
    Instant now = clock.instant();
    Next next = policies.of(event).decide(event, outcome, now);
    String downstream = next.waitsFor();
    if (downstream != null
        && Outcome.BREAKER_OPEN.equals(outcome.errorKind())
        && isUp(event.lane(), downstream)) {
      // The breaker closed after it turned this event away, and its release missed the event.
      return Next.waitFor(downstream, now);
    }
    return next;
  }

  private boolean isUp(Lane lane, String downstream) {
    return downstream.equals(lane.kind().system()) ? lanes.isUp(lane) : lanes.isUp(downstream);
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
        log.steps(),
        outcome.why());
  }

  private static AttemptEnd end(WebhookEvent event, Next next, Attempt attempt, AttemptLog log) {
    String owner = Objects.requireNonNull(event.leaseOwner(), "a claimed event has an owner");
    return new AttemptEnd(
        next,
        new Lease(event.id(), owner, event.claimNo()),
        attempt,
        log.mpPaymentId(),
        log.preferenceId(),
        log.paymentId(),
        event.effectId() == null ? null : EffectKey.of(event.webhookId()).orElse(null));
  }
}
