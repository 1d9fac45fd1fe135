package dev.acuse.inbox;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Keeps what an event works off in step with it, in the transaction that changes the event.
 * Implementations lock what is theirs after the events, in the order of its ids, and are
 * thread-safe.
 */
@FunctionalInterface
public interface EventFollower {
  /** For an inbox without effects. */
  EventFollower NONE = (handle, changes, now) -> {};

  /**
   * Events of effects were changed.
   *
   * @param handle in the transaction that has changed them
   * @param changes at least one; none about any other kind of event
   * @param now by the database's clock
   */
  void follow(Handle handle, List<EffectChange> changes, Instant now);
}
