package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import dev.acuse.condition.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Whether due events are being worked on: unhealthy when one has waited for too long. */
public final class BacklogHealthCheck extends HealthCheck {
  private final InboxReader reader;
  private final Conditions conditions;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public BacklogHealthCheck(InboxReader reader, Conditions conditions, InstantSource clock) {
    this.reader = reader;
    this.conditions = conditions;
    this.clock = clock;
  }

  @Override
  protected Result check() {
    Optional<Reading> reading = reader.read();
    if (reading.isEmpty()) {
      return Result.unhealthy("the inbox cannot be read");
    }
    Reading inbox = reading.get();
    return new ConditionHealthCheck(
            () -> conditions.of(Set.of(Kind.LATE)), () -> inbox, () -> healthy(inbox))
        .check();
  }

  private Result healthy(Reading inbox) {
    if (inbox.paused()) {
      return Result.healthy("the inbox is paused");
    }
    Instant oldest = inbox.backlog().oldestDueAt();
    return oldest == null
        ? Result.healthy("nothing is due")
        : Result.healthy(
            "an event has been due for %d s",
            Math.max(0, Duration.between(oldest, clock.instant()).toSeconds()));
  }
}
