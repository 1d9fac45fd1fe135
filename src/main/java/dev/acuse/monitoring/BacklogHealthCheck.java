package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Whether due events are being worked on: unhealthy when one has waited for too long. */
public final class BacklogHealthCheck extends HealthCheck {
  private final InboxReader reader;
  private final Duration alarm;
  private final InstantSource clock;

  /**
   * @param alarm how long a due event may wait
   * @param clock the database's time
   */
  public BacklogHealthCheck(InboxReader reader, Duration alarm, InstantSource clock) {
    this.reader = reader;
    this.alarm = alarm;
    this.clock = clock;
  }

  @Override
  protected Result check() {
    Optional<InboxReader.Reading> reading = reader.read();
    if (reading.isEmpty()) {
      return Result.unhealthy("the inbox cannot be read");
    }
    if (reading.get().paused()) {
      return Result.healthy("the inbox is paused");
    }
    Instant oldest = reading.get().backlog().oldestDueAt();
    if (oldest == null) {
      return Result.healthy("nothing is due");
    }
    Duration age = Duration.between(oldest, clock.instant());
    return age.compareTo(alarm) > 0
        ? Result.unhealthy("an event has been due for %d s", age.toSeconds())
        : Result.healthy("an event has been due for %d s", Math.max(0, age.toSeconds()));
  }
}
