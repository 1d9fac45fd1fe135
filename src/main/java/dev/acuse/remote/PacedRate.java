package dev.acuse.remote;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Spreads calls evenly: time is cut into turns, and each turn holds one call. So no window of ten
 * seconds, wherever it begins, holds more than the limit and one, and a call that is made late in
 * its turn takes nothing from the next. A day's budget bounds them beside that. Both are divided by
 * the instances that live. Thread-safe.
 */
public final class PacedRate implements Rate {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);
  private static final long DAY = TimeUnit.DAYS.toNanos(1);

  /** A lane that uses four fifths of its turns is held by its rate. */
  private static final double NEARLY_ALL = 0.8;

  /** How long {@link #patient} lets a caller wait for a turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final String name;
  private final int perWindow;
  private final long perDay;
  private final IntSupplier instances;
  private final LongSupplier nanos;
  private final Deque<Long> lately = new ArrayDeque<>();
  private long pace;
  private long turn;
  private boolean isTaken;
  private boolean isClaimed;
  private long day;
  private long takenOfDay;

  /**
   * @param name of the other system, in messages
   * @param requestsPer10Seconds of all instances together; at least 1
   * @param requestsPerDay of all instances together, counted from the first; at least 1
   * @param instances how many share the limits; at least 1
   * @param nanos a clock as {@link System#nanoTime} is one
   */
  public PacedRate(
      String name,
      int requestsPer10Seconds,
      long requestsPerDay,
      IntSupplier instances,
      LongSupplier nanos) {
    this.name = name;
    this.perWindow = requestsPer10Seconds;
    this.perDay = requestsPerDay;
    this.instances = instances;
    this.nanos = nanos;
    this.pace = pace();
    this.turn = nanos.getAsLong();
    this.day = turn;
  }

  private int sharers() {
    return Math.max(1, instances.getAsInt());
  }

  private long pace() {
    return WINDOW * sharers() / perWindow;
  }

  /** Makes the call if this turn holds none yet. */
  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    Duration wait = take();
    if (!wait.isZero()) {
      throw new RemoteException.Throttled("our own rate limit for " + name + " is used up", wait);
    }
    return exchange.run();
  }

  /** Zero if the turn was taken; else how long until the next. */
  private synchronized Duration take() {
    long now = advance();
    if (isTaken || isDayOver()) {
      return Duration.ofNanos(untilFree(now));
    }
    isTaken = true;
    takenOfDay++;
    lately.addLast(now);
    while (lately.size() > nearlyAll()) {
      lately.removeFirst();
    }
    return Duration.ZERO;
  }

  /** The turns go on by the old pace until the present one is over. */
  private long advance() {
    long now = nanos.getAsLong();
    long turns = (now - turn) / pace;
    if (turns > 0) {
      turn += turns * pace;
      isTaken = false;
      isClaimed = false;
      pace = pace();
    }
    long days = (now - day) / DAY;
    if (days > 0) {
      day += days * DAY;
      takenOfDay = 0;
    }
    return now;
  }

  private boolean isDayOver() {
    return takenOfDay >= Math.max(1, perDay / sharers());
  }

  private long untilFree(long now) {
    return isDayOver() ? day + DAY - now : turn + pace - now;
  }

  private int nearlyAll() {
    return (int) Math.max(1, NEARLY_ALL * WINDOW / pace);
  }

  @Override
  public synchronized int available() {
    advance();
    return isTaken || isClaimed || isDayOver() ? 0 : 1;
  }

  @Override
  public synchronized void claimed(int calls) {
    advance();
    isClaimed |= calls > 0;
  }

  @Override
  public synchronized Duration untilNext() {
    long now = advance();
    return isTaken || isClaimed || isDayOver() ? Duration.ofNanos(untilFree(now)) : Duration.ZERO;
  }

  @Override
  public synchronized boolean isUsedUp() {
    long now = advance();
    if (isDayOver()) {
      return true;
    }
    Long first = lately.peekFirst();
    return first != null
        && lately.size() >= nearlyAll()
        && now - first <= Math.max(WINDOW, 2 * pace);
  }

  /** The same limit for a caller that may wait for its turn, 2 seconds at most: no worker's. */
  @Override
  public Guard patient() {
    return new Guard() {
      @Override
      public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
        long end = nanos.getAsLong() + PATIENCE.toNanos();
        Duration wait = take();
        while (!wait.isZero()) {
          // The flag stays: it is the caller's to decide what an interrupt means.
          if (nanos.getAsLong() + wait.toNanos() - end > 0
              || Thread.currentThread().isInterrupted()) {
            throw new RemoteException.Throttled(
                "our own rate limit for " + name + " is used up", wait);
          }
          LockSupport.parkNanos(wait.toNanos());
          wait = take();
        }
        return exchange.run();
      }
    };
  }
}
