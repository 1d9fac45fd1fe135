package dev.acuse.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps claims apart: one event costs a claim nearly as much as a hundred, so what becomes due or
 * finds a slot meanwhile goes together. Claiming takes half of the time at most, less if it finds
 * nothing, and a claim after a quiet while is not held up. Used by one thread, but for {@link
 * #hurry}.
 */
final class ClaimPace {
  private static final Duration SHORTEST = Duration.ofMillis(5);
  private static final Duration LONGEST = Duration.ofMillis(20);

  /** As when another instance has claimed what was stored here. */
  private static final Duration AFTER_NONE = Duration.ofMillis(15);

  private final Waiter waiter = new Waiter();
  private long notBeforeNanos = System.nanoTime();

  /** Claims. */
  <T> List<T> time(Supplier<List<T>> claim) {
    long start = System.nanoTime();
    List<T> claimed = claim.get();
    long end = System.nanoTime();
    Duration shortest = claimed.isEmpty() ? AFTER_NONE : SHORTEST;
    long rest = Math.min(Math.max(end - start, shortest.toNanos()), LONGEST.toNanos());
    notBeforeNanos = end + rest;
    return claimed;
  }

  /** Waits until it is time to claim again, or somebody is in a hurry. */
  void await() throws InterruptedException {
    long wait = notBeforeNanos - System.nanoTime();
    if (wait > 0) {
      waiter.await(Duration.ofNanos(wait));
    }
  }

  /** Enough has come together: the next claim need not wait. */
  void hurry() {
    waiter.wake();
  }
}
