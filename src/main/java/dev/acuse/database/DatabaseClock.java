package dev.acuse.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time: a local clock, corrected by an offset measured now and then. Leases and due
 * times of several instances are thereby compared on one clock, and one instance whose clock is
 * wrong steals no lease. Thread-safe. To the microsecond, which is what the database keeps.
 *
 * <p>The local clock is one that nobody can set, so that the time steps when the database's does,
 * and only at a measurement: whoever must know is told before it is measured again.
 */
public final class DatabaseClock extends Clock {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseClock.class);
  private static final Duration STEP = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final Clock local;
  private final List<Consumer<Duration>> stepListeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Duration offset;

  /**
   * @param local a clock that does not step, as {@link MonotonicClock}
   */
  public DatabaseClock(Jdbi jdbi, Clock local) {
    this.jdbi = jdbi;
    this.local = local;
  }

  /** Measures the offset again; keeps the last one if the database does not answer. */
  public void measure() {
    try {
      Instant before = local.instant();
      Instant there =
          jdbi.withHandle(
              handle -> handle.createQuery("SELECT CURRENT_TIMESTAMP").mapTo(Instant.class).one());
      Instant after = local.instant();
      Instant here = before.plus(Duration.between(before, after).dividedBy(2));
      correct(Duration.between(here, there));
    } catch (RuntimeException e) {
      LOGGER.warn("the database's clock could not be read; keeping the offset of {}", offset(), e);
    }
  }

  private void correct(Duration measured) {
    Duration before = offset;
    offset = measured;
    Duration step = before == null ? measured : measured.minus(before);
    if (step.abs().compareTo(STEP) <= 0) {
      return;
    }
    if (before == null) {
      LOGGER.warn("this machine's clock is {} off the database's; using the database's", measured);
    } else {
      LOGGER.warn("the database's clock was set by {}", step);
      stepListeners.forEach(listener -> listener.accept(step));
    }
  }

  /**
   * Tells when the database was set.
   *
   * @param listener told, in the thread that measures, by how much the time has stepped
   */
  public void onStep(Consumer<Duration> listener) {
    stepListeners.add(listener);
  }

  private Duration offset() {
    Duration measured = offset;
    return measured == null ? Duration.ZERO : measured;
  }

  @Override
  public Instant instant() {
    return local.instant().plus(offset()).truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(local, offset()).withZone(zone);
  }
}
