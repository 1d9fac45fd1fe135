package dev.acuse.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps claims apart, as long as the last one took: one event costs a claim nearly as much as a
 * hundred, so what becomes due or finds a slot meanwhile goes together. Claiming takes half of the
 * time at most, and a claim after a quiet while is not held up. Used by one thread, but for {@link
 * #hurry}.
 */
final class ClaimPace {
  private static final Duration LONGEST = Duration.ofMillis(20);

  private final Waiter waiter = new Waiter();
  private long notBeforeNanos = System.nanoTime();

  /** Claims. An empty claim, which costs little, does not hold the next one up. */
  <T> List<T> time(Supplier<List<T>> claim) {
    long start = System.nanoTime();
    List<T> claimed = claim.get();
    long end = System.nanoTime();
    if (!claimed.isEmpty()) {
      notBeforeNanos = end + Math.min(end - start, LONGEST.toNanos());
    }
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
