package dev.acuse.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * The time of day when the process started, and since then what has passed: somebody who sets this
 * machine's clock does not move it. For waits, and for what is corrected now and then by a better
 * clock. Thread-safe.
 */
public final class MonotonicClock extends Clock {
  private final Instant start;
  private final ZoneId zone;
  private final LongSupplier nanos;
  private final long startNanos;

  /**
   * @param wall read once
   * @param nanos as {@link System#nanoTime}
   */
  MonotonicClock(Clock wall, LongSupplier nanos) {
    this(wall.instant(), wall.getZone(), nanos, nanos.getAsLong());
  }

  private MonotonicClock(Instant start, ZoneId zone, LongSupplier nanos, long startNanos) {
    this.start = start;
    this.zone = zone;
    this.nanos = nanos;
    this.startNanos = startNanos;
  }

  /**
   * One that starts now.
   *
   * @param wall this machine's time; read once
   */
  public static MonotonicClock from(Clock wall) {
    return new MonotonicClock(wall, System::nanoTime);
  }

  @Override
  public Instant instant() {
    return start.plus(Duration.ofNanos(nanos.getAsLong() - startNanos));
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new MonotonicClock(start, other, nanos, startNanos);
  }
}
