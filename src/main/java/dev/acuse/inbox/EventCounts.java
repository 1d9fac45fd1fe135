package dev.acuse.inbox;

import dev.acuse.event.EventStatus;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many events are in each status. Those that work effects off are apart, because one webhook
 * may lead to many of them.
 *
 * @param effects those that work effects off
 * @param others events of any other origin
 */
public record EventCounts(Map<EventStatus, Long> effects, Map<EventStatus, Long> others) {
  /** Copies the maps. */
  public EventCounts {
    effects = Map.copyOf(effects);
    others = Map.copyOf(others);
  }

  /** Of all origins; statuses with none are included. */
  public Map<EventStatus, Long> all() {
    var all = new EnumMap<EventStatus, Long>(EventStatus.class);
    for (EventStatus status : EventStatus.KNOWN) {
      all.put(status, all(status));
    }
    return all;
  }

  /** Of all origins, in one status. */
  public long all(EventStatus status) {
    return effects(status) + others(status);
  }

  /** Events of effects in one status. */
  public long effects(EventStatus status) {
    return effects.getOrDefault(status, 0L);
  }

  /** Events of any other origin in one status. */
  public long others(EventStatus status) {
    return others.getOrDefault(status, 0L);
  }
}
