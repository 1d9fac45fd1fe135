package dev.acuse.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new event and its times.
 *
 * @param receivedAt when it came in, by the database's clock
 * @param dueAt when to work on it; null unless it is pending
 * @param ticket who answers for it; null for what nobody was answered for
 * @param unjudged what it takes to judge the delivery; null once it is judged. Until then the event
 *     is what is kept if it never can be.
 */
public record Arrival(
    NewEvent event,
    Instant receivedAt,
    @Nullable Instant dueAt,
    @Nullable Ticket ticket,
    @Nullable Unjudged unjudged) {
  /** An event that is not pending is never due. */
  public Arrival {
    dueAt = event.status() == EventStatus.PENDING ? dueAt : null;
  }

  /** One that is judged. */
  public Arrival(
      NewEvent event, Instant receivedAt, @Nullable Instant dueAt, @Nullable Ticket ticket) {
    this(event, receivedAt, dueAt, ticket, null);
  }

  /** One that nobody was answered for. */
  public Arrival(NewEvent event, Instant receivedAt, @Nullable Instant dueAt) {
    this(event, receivedAt, dueAt, null);
  }
}
