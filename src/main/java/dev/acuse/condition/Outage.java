package dev.acuse.condition;

import dev.acuse.condition.Condition.Rule;
import dev.acuse.remote.RemoteSystem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether another system has been out for long, from the first look that found it out. */
final class Outage implements Rule {
  private final RemoteSystem downstream;
  private final Duration tolerated;
  private final InstantSource clock;
  private @Nullable Instant since;

  Outage(RemoteSystem downstream, Duration tolerated, InstantSource clock) {
    this.downstream = downstream;
    this.tolerated = tolerated;
    this.clock = clock;
  }

  @Override
  public synchronized @Nullable Problem look(Supplier<Reading> inbox) {
    // That there is no token yet is told at once, and is no outage.
    if (downstream.isUp() || downstream.state() == RemoteSystem.State.NO_TOKEN) {
      since = null;
      return null;
    }
    Instant now = clock.instant();
    Instant begun = since == null ? now : since;
    since = begun;
    String name = downstream.name();
    return begun.plus(tolerated).isAfter(now)
        ? null
        : Problem.of(
            name,
            "%s has been out since %s: events wait for it (%s)"
                .formatted(name, begun, downstream.cause()));
  }
}
