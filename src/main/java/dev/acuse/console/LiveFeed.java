package dev.acuse.console;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether anything changed, for all who watch and only while somebody does: a
 * thousand changes are one, and a hundred viewers cost the database no more than one. Thread-safe.
 */
final class LiveFeed implements Runnable {
  static final int MOST_VIEWERS = 50;

  private static final Logger LOGGER = LoggerFactory.getLogger(LiveFeed.class);

  private final Supplier<String> version;
  private final Semaphore seats = new Semaphore(MOST_VIEWERS);
  private String latest = "";
  private boolean over;

  /**
   * @param version a word that is another one after a change; may throw
   */
  LiveFeed(Supplier<String> version) {
    this.version = version;
  }

  /** One look; to be called once a second, by one thread. */
  @Override
  public void run() {
    if (seats.availablePermits() == MOST_VIEWERS) {
      return;
    }
    try {
      tell(version.get());
    } catch (RuntimeException e) {
      LOGGER.debug("nobody knows whether anything changed", e);
    }
  }

  private synchronized void tell(String now) {
    if (!now.equals(latest)) {
      latest = now;
      notifyAll();
    }
  }

  /** Whether there is room for one more viewer; whoever got it must {@link #leave}. */
  boolean enter() {
    return seats.tryAcquire();
  }

  void leave() {
    seats.release();
  }

  /** The version that was seen last. */
  synchronized String latest() {
    return latest;
  }

  synchronized boolean isOver() {
    return over;
  }

  /**
   * Waits until the version is another one, the feed is over, or the time is up.
   *
   * @return the version now
   */
  synchronized String await(String known, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!over && latest.equals(known)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return latest;
  }

  /** Sends everybody away: the service stops, and would else wait for those who watch. */
  synchronized void close() {
    over = true;
    notifyAll();
  }
}
