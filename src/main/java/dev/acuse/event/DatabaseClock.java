package dev.acuse.event;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time: the local clock, corrected by an offset measured now and then. Leases and
 * due times of several instances are thereby compared on one clock, and one instance whose clock is
 * wrong steals no lease. Thread-safe. To the microsecond, which is what the database keeps.
 */
public final class DatabaseClock extends Clock {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseClock.class);
  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final Clock local;
  private volatile Duration offset = Duration.ZERO;

  /**
   * @param local the clock of this machine
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
      offset = Duration.between(here, there);
      if (offset.abs().compareTo(WORTH_A_WARNING) > 0) {
        LOGGER.warn("this machine's clock is {} off the database's; using the database's", offset);
      }
    } catch (RuntimeException e) {
      LOGGER.warn("the database's clock could not be read; keeping the offset of {}", offset, e);
    }
  }

  @Override
  public Instant instant() {
    return local.instant().plus(offset).truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(local, offset).withZone(zone);
  }
}
