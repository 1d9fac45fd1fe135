package dev.acuse.condition;

import dev.acuse.condition.Condition.Rule;
import dev.acuse.remote.RemoteSystem.State;
import dev.acuse.remote.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether another system has been out for long, from the first look that found it out. */
final class Outage implements Rule {
  private final Supplier<Standing> downstream;
  private final Duration tolerated;
  private final InstantSource clock;
  private @Nullable Instant since;

  Outage(Supplier<Standing> downstream, Duration tolerated, InstantSource clock) {
    this.downstream = downstream;
    this.tolerated = tolerated;
    this.clock = clock;
  }

  @Override
  public synchronized @Nullable Problem look(Supplier<Reading> inbox) {
    Standing now = downstream.get();
    // That there is no token yet is told at once, and is no outage.
    if (now.isUp() || now.state() == State.NO_TOKEN) {
      since = null;
      return null;
    }
    Instant time = clock.instant();
    Instant begun = since == null ? time : since;
    since = begun;
    String name = now.name();
    return begun.plus(tolerated).isAfter(time)
        ? null
        : Problem.of(
            name,
            "%s has been out since %s: events wait for it (%s)"
                .formatted(name, begun, now.cause()));
  }
}
