package dev.acuse.intake;

import dev.acuse.event.NewEvent;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.QuarantineBudget;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what was refused, best effort and within a budget: a provider's change of format must not
 * be a silent loss, and a flood of forged requests must not fill the disk. Thread-safe.
 */
final class Quarantine {
  private static final Logger LOGGER = LoggerFactory.getLogger(Quarantine.class);
  private static final int TRIM_EVERY = 20;
  private static final int MOST_WAITING = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final EventStore store;
  private final QuarantineBudget budget;
  private final SendersShare rate;
  private final ExecutorService thread = singleThread();
  private final AtomicInteger sinceTrim = new AtomicInteger(TRIM_EVERY - 1);

  Quarantine(EventStore store, IntakeConfiguration config) {
    this.store = store;
    this.budget = config.quarantineBudget();
    this.rate = new SendersShare(config.quarantinedPerSecond(), System::nanoTime);
  }

  /**
   * Keeps a refused request, in a thread of its own: whoever sent it waits a moment at most.
   *
   * @param sender names the address that it came from
   * @return false if it was only counted, because the rate is used up or the database is out
   */
  CompletableFuture<Boolean> keep(NewEvent event, String sender) {
    if (!rate.take(sender)) {
      return CompletableFuture.completedFuture(false);
    }
    try {
      return CompletableFuture.supplyAsync(() -> keepNow(event), thread)
          .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(false);
    }
  }

  private boolean keepNow(NewEvent event) {
    try {
      boolean kept = store.append(event);
      if (sinceTrim.incrementAndGet() >= TRIM_EVERY) {
        sinceTrim.set(0);
        store.trimQuarantine(budget);
      }
      return kept;
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.warn("a refused request could not be kept", e);
      return false;
    }
  }

  private static ThreadPoolExecutor singleThread() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING),
        DaemonThreads.named("quarantine"));
  }
}
