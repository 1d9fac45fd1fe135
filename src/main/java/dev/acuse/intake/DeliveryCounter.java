package dev.acuse.intake;

import dev.acuse.inbox.EventKey;
import dev.acuse.inbox.EventStore;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts repeated deliveries, best effort: the count is for people, and must cost no sender its
 * answer. Counts are gathered and written a little later, many at a time. Thread-safe.
 */
final class DeliveryCounter {
  private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryCounter.class);

  /** Beyond so many different events at a time a storm is under way, and is not counted exactly. */
  private static final int MOST = 10_000;

  private final EventStore store;
  private SortedMap<EventKey, Integer> gathered = new TreeMap<>();

  DeliveryCounter(EventStore store) {
    this.store = store;
  }

  /** One more delivery of an event that is stored. */
  synchronized void count(EventKey key) {
    if (gathered.size() < MOST || gathered.containsKey(key)) {
      gathered.merge(key, 1, Integer::sum);
    }
  }

  /** Writes what was gathered; never throws, or the scheduler would drop it. */
  void flush() {
    SortedMap<EventKey, Integer> counts = take();
    if (counts.isEmpty()) {
      return;
    }
    try {
      store.countDeliveries(counts);
    } catch (RuntimeException e) {
      LOGGER.warn("repeated deliveries of {} events could not be counted", counts.size(), e);
    }
  }

  private synchronized SortedMap<EventKey, Integer> take() {
    SortedMap<EventKey, Integer> counts = gathered;
    gathered = new TreeMap<>();
    return counts;
  }
}
