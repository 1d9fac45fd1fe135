package dev.acuse.inbox;

import dev.acuse.event.Lane;
import java.time.Instant;

/**
 * A lane in which something is pending.
 *
 * @param earliest when the first of it is due, whether a lease holds it or not
 * @param isDue whether that is now or earlier
 */
public record PendingLane(Lane lane, Instant earliest, boolean isDue) {
  static PendingLane of(Lane lane, Instant earliest, Instant now) {
    return new PendingLane(lane, earliest, !earliest.isAfter(now));
  }
}
