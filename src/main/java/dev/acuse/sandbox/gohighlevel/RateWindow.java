package dev.acuse.sandbox.gohighlevel;

import dev.acuse.sandbox.http.Reply;
import java.time.InstantSource;

/**
 * GoHighLevel's limits of one location: 100 requests in 10 seconds and 200,000 a day (its page
 * "Rate Limits"). Always counts, refuses only if told to. Thread-safe.
 */
final class RateWindow {
  private static final int USUAL_IN_INTERVAL = 100;
  private static final int USUAL_DAILY = 200_000;
  private static final long INTERVAL_MILLIS = 10_000;
  private static final long DAY_MILLIS = 86_400_000;

  /** What is left after a request; negative once the limit is passed. */
  record Left(int max, int maxDaily, int inInterval, int today, boolean refused) {

    Reply stamp(Reply reply) {
      return reply
          .withHeader("X-RateLimit-Limit-Daily", Integer.toString(maxDaily))
          .withHeader("X-RateLimit-Daily-Remaining", Integer.toString(Math.max(0, today)))
          .withHeader("X-RateLimit-Interval-Milliseconds", Long.toString(INTERVAL_MILLIS))
          .withHeader("X-RateLimit-Max", Integer.toString(max))
          .withHeader("X-RateLimit-Remaining", Integer.toString(Math.max(0, inInterval)));
    }
  }

  private final InstantSource clock;
  private boolean enforced;
  private int max = USUAL_IN_INTERVAL;
  private int maxDaily = USUAL_DAILY;
  private long interval;
  private long day;
  private int usedInInterval;
  private int usedToday;

  RateWindow(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void enforce(boolean enforced) {
    this.enforced = enforced;
  }

  synchronized void limit(int inInterval, int daily) {
    max = inInterval;
    maxDaily = daily;
  }

  synchronized Left count() {
    long now = clock.millis();
    if (now / INTERVAL_MILLIS != interval) {
      interval = now / INTERVAL_MILLIS;
      usedInInterval = 0;
    }
    if (now / DAY_MILLIS != day) {
      day = now / DAY_MILLIS;
      usedToday = 0;
    }
    usedInInterval++;
    usedToday++;
    boolean refused = enforced && (usedInInterval > max || usedToday > maxDaily);
    return new Left(max, maxDaily, max - usedInInterval, maxDaily - usedToday, refused);
  }
}
