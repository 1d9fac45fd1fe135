package dev.acuse.intake;

import dev.acuse.event.NewEvent;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, in a thread of its own, whether an event is about a resource that is known here. Few
 * questions of each sender wait, so that a flood of one does not make the others' come too late;
 * what is not asked, or not answered within a second, counts as unknown. Thread-safe.
 */
final class KnownFirst {
  private static final Logger LOGGER = LoggerFactory.getLogger(KnownFirst.class);

  private static final int MOST_WAITING = 1_000;
  private static final int MOST_OF_ONE_SENDER = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Predicate<NewEvent> isKnown;
  private final Map<String, Integer> waiting = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          DaemonThreads.named("hints"));

  /**
   * @param isKnown whether an event is about a resource that is known here for certain; may ask the
   *     database
   */
  KnownFirst(Predicate<NewEvent> isKnown) {
    this.isKnown = isKnown;
  }

  /**
   * Asks.
   *
   * @param sender names the address that it came from
   * @return never fails; is completed by the thread that asks, or by one that all of the virtual
   *     machine's time-outs have in common, so that what depends on it must go elsewhere
   */
  CompletableFuture<Boolean> ask(NewEvent event, String sender) {
    if (waiting.merge(sender, 1, Integer::sum) > MOST_OF_ONE_SENDER) {
      left(sender);
      return CompletableFuture.completedFuture(false);
    }
    try {
      return CompletableFuture.supplyAsync(() -> asked(event, sender), thread)
          .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      left(sender);
      return CompletableFuture.completedFuture(false);
    }
  }

  private void left(String sender) {
    waiting.computeIfPresent(sender, (unused, count) -> count == 1 ? null : count - 1);
  }

  /** While the database is out, nothing is known. */
  private boolean asked(NewEvent event, String sender) {
    try {
      return isKnown.test(event);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("whether {} is known cannot be told", event.resourceId(), e);
      return false;
    } finally {
      left(sender);
    }
  }
}
