package dev.acuse.console;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Passwords are hashed one after the other, and the lane rests after each for as long as it took:
 * hashing takes a processor for a quarter of a second or more, and intake must not starve of
 * guesses. In turn, and few of each source wait, so that one source does not keep the others out.
 * Thread-safe.
 */
final class HashingLane {
  private static final int MOST_WAITING = 16;
  private static final int MOST_OF_ONE_SOURCE = 3;
  private static final long PATIENCE_SECONDS = 10;

  private final Semaphore turn = new Semaphore(1, true);
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<String, Integer> bySource = new ConcurrentHashMap<>();

  /**
   * Waits for its turn, and works.
   *
   * @param source of the request, as {@link LoginSender#source}
   * @param busy what to answer where too many wait, or its turn does not come within ten seconds
   */
  <T> T run(String source, Supplier<T> work, T busy) {
    try {
      int all = waiting.incrementAndGet();
      int ofThis = bySource.merge(source, 1, Integer::sum);
      boolean mayWait = all <= MOST_WAITING && ofThis <= MOST_OF_ONE_SOURCE;
      return mayWait && turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)
          ? workAndRest(work)
          : busy;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return busy;
    } finally {
      waiting.decrementAndGet();
      bySource.computeIfPresent(source, (unused, count) -> count == 1 ? null : count - 1);
    }
  }

  private <T> T workAndRest(Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      long took = System.nanoTime() - start;
      CompletableFuture.delayedExecutor(took, TimeUnit.NANOSECONDS).execute(turn::release);
    }
  }
}
