package dev.acuse.process;

import java.time.Duration;

/**
 * How long to leave alone what has failed: each time twice as long, up to a bound. {@link #fail}
 * and {@link #reset} are for one thread; the others for any.
 */
public final class BackOff {
  private final Duration first;
  private final Duration longest;
  private Duration next;
  private volatile long overNanos = System.nanoTime();

  /**
   * @param first the pause after the first failure
   * @param longest no pause is longer
   */
  public BackOff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** Whether it may be tried: no pause is under way. */
  public boolean isOver() {
    return System.nanoTime() - overNanos >= 0;
  }

  /** Begins the next pause. */
  public void fail() {
    overNanos = System.nanoTime() + next.toNanos();
    Duration longer = next.multipliedBy(2);
    next = longer.compareTo(longest) < 0 ? longer : longest;
  }

  /** It has gone well: the next pause is a short one. */
  public void reset() {
    next = first;
  }

  /** Ends the pause that is under way, and leaves the next one as long as it is. */
  public void end() {
    overNanos = System.nanoTime();
  }
}
