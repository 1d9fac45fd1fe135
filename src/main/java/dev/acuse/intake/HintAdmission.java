package dev.acuse.intake;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.EventStore;
import dev.acuse.event.FatalErrors;
import dev.acuse.event.NewEvent;
import dev.acuse.event.QuarantineBudget;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a delivery that nothing proves is looked up, or that it is not taken. What is about
 * a resource that is known here goes before what is about any other, at a rate of its own; and of
 * what came to nothing no more is kept than quarantine may hold. Thread-safe.
 */
final class HintAdmission {
  private static final Logger LOGGER = LoggerFactory.getLogger(HintAdmission.class);

  /** Genuine notifications are smaller: what is larger counts for several. */
  private static final int UNIT_BYTES = 2 << 10;

  private static final int TRIM_EVERY = 500;
  private static final int MOST_WAITING = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Predicate<NewEvent> isKnown;
  private final EventStore store;
  private final Executor answers;
  private final QuarantineBudget budget;
  private final HintSchedule known;
  private final HintSchedule unknown;
  private final Counter refused;
  private final AtomicInteger sinceTrim = new AtomicInteger(TRIM_EVERY - 1);
  private final ExecutorService thread = singleThread();

  /**
   * @param isKnown whether an event is about a resource that is known here for certain; may ask the
   *     database
   * @param nanos a clock as {@link System#nanoTime} is one, that is never negative
   * @param answers goes on with what was decided
   */
  HintAdmission(
      Predicate<NewEvent> isKnown,
      EventStore store,
      IntakeConfiguration config,
      LongSupplier nanos,
      Executor answers,
      MetricRegistry metrics) {
    this.isKnown = isKnown;
    this.answers = answers;
    this.store = store;
    this.budget = config.quarantineBudget();
    this.known = new HintSchedule(config.hintsPerSecond(), nanos);
    this.unknown = new HintSchedule(config.hintsPerSecond(), nanos);
    this.refused = metrics.counter("acuse.intake.hints_refused");
  }

  /**
   * Finds it a place.
   *
   * @param sender names the address that it came from
   * @return how long its look-up waits; fails with {@link IntakeRefusal} if it is not taken
   */
  CompletableFuture<Duration> admit(NewEvent event, String sender) {
    int units = 1 + event.rawPayload().length / UNIT_BYTES;
    if (sinceTrim.incrementAndGet() >= TRIM_EVERY) {
      sinceTrim.set(0);
      later(this::trim);
    }
    return CompletableFuture.supplyAsync(() -> isKnown(event), this::later)
        .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(isKnown -> place(isKnown ? known : unknown, sender, units), answers);
  }

  private Duration place(HintSchedule schedule, String sender, int units) {
    return schedule
        .reserve(sender, units)
        .orElseThrow(
            () -> {
              refused.inc();
              return IntakeRefusal.tooManyHints(HintSchedule.HORIZON);
            });
  }

  /** While the database is out, nothing is known. */
  private boolean isKnown(NewEvent event) {
    try {
      return isKnown.test(event);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("whether {} is known cannot be told", event.resourceId(), e);
      return false;
    }
  }

  private void trim() {
    try {
      long trimmed = store.trimHints(budget);
      if (trimmed > 0) {
        LOGGER.info("{} unverified events that came to nothing are deleted", trimmed);
      }
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.warn("unverified events that came to nothing are deleted later: {}", e.toString());
    }
  }

  private void later(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("too much is asked already", e);
    }
  }

  private static ThreadPoolExecutor singleThread() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING),
        task -> {
          var thread = new Thread(task, "hints");
          thread.setDaemon(true);
          return thread;
        });
  }
}
