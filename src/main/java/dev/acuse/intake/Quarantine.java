package dev.acuse.intake;

import dev.acuse.event.NewEvent;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.QuarantineBudget;
import dev.acuse.intake.WebhookSource.Examined;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
  private final Supplier<QuarantineBudget> budget;
  private final Set<Long> toTrim = ConcurrentHashMap.newKeySet();
  private final SendersShare rate;
  private final ExecutorService thread = singleThread();
  private final AtomicInteger sinceTrim = new AtomicInteger(TRIM_EVERY - 1);

  /**
   * @param budget what one account may hold
   */
  Quarantine(EventStore store, IntakeConfiguration config, Supplier<QuarantineBudget> budget) {
    this.store = store;
    this.budget = budget;
    this.rate = new SendersShare(config.quarantinedPerSecond(), System::nanoTime);
  }

  /**
   * Keeps a refused request, in a thread of its own: whoever sent it waits a moment at most.
   *
   * @param budgetOf the id of the account whose rate it takes
   * @param sender names the address that it came from
   * @return false if it was only counted, because the rate is used up or the database is out
   */
  CompletableFuture<Boolean> keep(NewEvent event, long budgetOf, String sender) {
    if (!rate.take(budgetOf, sender)) {
      return CompletableFuture.completedFuture(false);
    }
    try {
      return CompletableFuture.supplyAsync(() -> keepNow(event), thread)
          .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(false);
    }
  }

  /** Whether one more may be kept, at the rate of those that are refused; it is taken. */
  boolean mayKeep(long budgetOf, String sender) {
    return rate.take(budgetOf, sender);
  }

  /**
   * Examines a refused request once more, at the rate of those that are kept.
   *
   * @param fully examines it by all that there is
   * @return null if that was not done, because the rate is used up or it took too long
   */
  CompletableFuture<@Nullable Examined> review(
      Supplier<Examined> fully, long budgetOf, String sender) {
    if (!rate.take(budgetOf, sender)) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return CompletableFuture.<@Nullable Examined>supplyAsync(fully, thread)
          .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private boolean keepNow(NewEvent event) {
    try {
      boolean kept = store.append(event);
      toTrim.add(event.place().accountId());
      if (sinceTrim.incrementAndGet() >= TRIM_EVERY) {
        sinceTrim.set(0);
        for (Long account : List.copyOf(toTrim)) {
          toTrim.remove(account);
          store.trimQuarantine(account, budget.get());
        }
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
