package dev.acuse.remote;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Spreads requests evenly, one each so many milliseconds: no window of 10 seconds, wherever it
 * begins, holds more than the limit and one. Thread-safe.
 */
public final class SmoothRateLimit implements Guard {
  /** How long a caller may be held; longer, and a queue of events would take all the workers. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final RateLimiter permits;

  /**
   * Hands out the times at which those who were turned away come back: at the same pace, so that
   * they do not all come at once only to be turned away again.
   */
  private final RateLimiter returns;

  /** Spreads so many requests evenly over ten seconds; at least 1. */
  public SmoothRateLimit(int requestsPer10Seconds) {
    Duration pace = WINDOW.dividedBy(requestsPer10Seconds);
    this.permits = RateLimiter.of("gohighlevel", paced(pace, PATIENCE));
    this.returns = RateLimiter.of("gohighlevel-returns", paced(pace, LONGEST));
  }

  private static RateLimiterConfig paced(Duration pace, Duration patience) {
    return RateLimiterConfig.custom()
        .limitForPeriod(1)
        .limitRefreshPeriod(pace)
        .timeoutDuration(patience)
        .build();
  }

  /** Makes the call when its turn has come. */
  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    await();
    return exchange.run();
  }

  /**
   * Waits for a turn, for 2 seconds at most.
   *
   * @throws RemoteException.Throttled at once if it would take longer, or if interrupted
   */
  public void await() throws RemoteException.Throttled {
    // not acquirePermission: it holds a caller for the whole time-out before it turns him away
    long wait = permits.reservePermission();
    if (wait < 0) {
      long ahead = returns.reservePermission();
      throw throttled(ahead < 0 ? LONGEST : PATIENCE.plusNanos(ahead));
    }
    long end = System.nanoTime() + wait;
    for (long left = wait; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      // the flag stays: it is for those who asked for the call to decide what it means
      if (Thread.currentThread().isInterrupted()) {
        throw throttled(PATIENCE);
      }
    }
  }

  private static RemoteException.Throttled throttled(Duration retryAfter) {
    return new RemoteException.Throttled(
        "our own rate limit for GoHighLevel is used up", retryAfter);
  }
}
