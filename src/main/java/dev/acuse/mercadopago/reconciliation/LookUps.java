package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Arrival;
import dev.acuse.event.NewEvent;
import dev.acuse.inbox.EventStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Has resources looked up by the ordinary handlers, by way of events. Thread-safe. */
final class LookUps {
  private final EventStore events;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  LookUps(EventStore events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * Stores events that are due at once; when this returns, they are on disk.
   *
   * @return how many are new
   */
  int queue(List<NewEvent> lookUps) {
    if (lookUps.isEmpty()) {
      return 0;
    }
    Instant now = clock.instant();
    List<Arrival> arrivals = lookUps.stream().map(event -> new Arrival(event, now, now)).toList();
    return (int) events.appendAll(arrivals).stream().filter(isNew -> isNew).count();
  }
}
