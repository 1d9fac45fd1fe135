package dev.acuse.inbox;

import dev.acuse.event.EventOrigin;

/**
 * How often an event may be tried, by its kind: it is written into the event's row when the event
 * is stored, and again when an operator retries it. Implementations are thread-safe.
 */
@FunctionalInterface
public interface AttemptsAllowed {
  /**
   * The number for a kind of event; at least 1.
   *
   * @param eventType the provider's topic, or an effect's kind
   */
  int of(EventOrigin origin, String eventType);

  /** The same for all kinds. */
  static AttemptsAllowed always(int attempts) {
    return (origin, eventType) -> attempts;
  }
}
