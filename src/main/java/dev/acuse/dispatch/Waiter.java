package dev.acuse.dispatch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Where a loop waits for its next turn. A wake-up that comes while the loop works is not lost: the
 * next wait ends at once.
 */
final class Waiter {
  private final Semaphore signal = new Semaphore(0);

  /** Ends the present wait, or the next one. */
  void wake() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  /**
   * Waits for a wake-up, at most so long.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void await(Duration atMost) throws InterruptedException {
    if (signal.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      signal.drainPermits();
    }
  }
}
