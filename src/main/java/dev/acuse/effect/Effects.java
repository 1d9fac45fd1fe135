package dev.acuse.effect;

import dev.acuse.event.EffectKey;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.inbox.Outbox;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes what shall be so in another system, in the transaction of what it is wanted because of.
 * Whatever an effect is to do is an event of the inbox, stored in the same transaction. At most one
 * event of an effect is open, so that no two generations of it ever run at once. Thread-safe.
 */
public final class Effects {
  private final Outbox outbox;
  private final InstantSource clock;
  private final CrmLanes lanes;

  /**
   * @param outbox stores the events
   * @param clock the database's time
   * @param lanes in which lane the events of each account are stored
   */
  public Effects(Outbox outbox, InstantSource clock, CrmLanes lanes) {
    this.outbox = outbox;
    this.clock = clock;
    this.lanes = lanes;
  }

  /**
   * Makes the effects of a subject follow its judgement. The same judgement again changes nothing.
   *
   * @param handle in a transaction that holds the subject's lock
   * @param rearm has its failed effects worked off once more; null leaves them as they are
   */
  public EffectCounts settle(Handle handle, Judged judged, @Nullable Rearm rearm) {
    return new Settlement(handle, this, rearm, clock.instant()).settle(judged);
  }

  /** Has the present generation worked off once more by this event; the row is locked. */
  long arm(Handle handle, EffectRow row, boolean isAsked) {
    long eventId = outbox.again(handle, event(row), isAsked);
    new EffectDao(handle).waits(row.id(), eventId, clock.instant());
    return eventId;
  }

  /** Stores the event of a row's present generation, unless it is there. */
  long start(Handle handle, EffectRow row) {
    return outbox.addOne(handle, event(row));
  }

  /** Stores the event of a row's first generation. */
  long start(Handle handle, long accountId, long id, EffectKind kind) {
    return outbox.addOne(handle, event(accountId, new EffectKey(id, 1), kind.code()));
  }

  /** Whether the event that a row names is open. */
  boolean isOpen(Handle handle, EffectRow row) {
    Long eventId = row.eventId();
    return eventId != null && !outbox.open(handle, List.of(eventId)).isEmpty();
  }

  /** The event of the row's present generation; empty if it is not there. */
  Optional<Outbox.Stored> find(Handle handle, EffectRow row) {
    return outbox.find(handle, event(row));
  }

  /** Those of these events that have not ended. */
  Set<Long> open(Handle handle, List<Long> eventIds) {
    return outbox.open(handle, eventIds);
  }

  void hasten(Handle handle, long eventId) {
    outbox.hasten(handle, eventId);
  }

  private NewEvent event(EffectRow row) {
    return event(row.accountId(), row.key(), row.kind());
  }

  private NewEvent event(long accountId, EffectKey key, String kind) {
    return NewEvent.effect(key, kind, new Place(accountId, lanes.of(accountId), key.effectId()));
  }
}
