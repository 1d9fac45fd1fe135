package dev.acuse.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new event and its times.
 *
 * @param receivedAt when it came in, by the database's clock
 * @param dueAt when to work on it; null unless it is pending
 */
public record Arrival(NewEvent event, Instant receivedAt, @Nullable Instant dueAt) {
  /** An event that is not pending is never due. */
  public Arrival {
    dueAt = event.status() == EventStatus.PENDING ? dueAt : null;
  }
}
