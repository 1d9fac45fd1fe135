package dev.acuse.inbox;

import dev.acuse.event.Lane;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the inbox holds, and whether its work is being done.
 *
 * @param events how many are in each status, effects' apart
 * @param oldestDue since when the event of each lane that has been due for longest is waiting;
 *     lanes in which none is due are missing
 * @param waiting how many pending events wait for each system that is out, or whose lanes are
 */
public record Backlog(EventCounts events, Map<Lane, Instant> oldestDue, Map<String, Long> waiting) {

  /** The earliest of {@link #oldestDue}; null if nothing is due. */
  public @Nullable Instant oldestDueAt() {
    return oldestDue.values().stream().min(Comparator.naturalOrder()).orElse(null);
  }
}
