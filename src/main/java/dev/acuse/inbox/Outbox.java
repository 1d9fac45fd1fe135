package dev.acuse.inbox;

import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox's second door: stores events in the transaction of what causes them, so that neither is
 * there without the other. Once the transaction is committed, the events are synced and the
 * dispatcher is told that something is due, once however many were added. A failure of either
 * changes nothing any more: a sync that failed is known to {@link SyncFailure}, and without a
 * wake-up the next poll finds what is due. Thread-safe.
 */
public final class Outbox {
  private static final Logger LOGGER = LoggerFactory.getLogger(Outbox.class);

  private static final List<String> ENDED =
      EventStatus.FINISHED.stream().map(EventStatus::code).sorted().toList();

  private static final List<String> OPEN = List.of(EventStatus.PENDING.code());

  private final InstantSource clock;
  private final AttemptsAllowed allowed;
  private final SyncFailure syncFailure;
  private final DueSignal due;

  /** The transactions that have added events, and the lanes of those that are due. */
  private final Map<Handle, Set<Lane>> open = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param clock the database's time
   * @param allowed how often an event may be tried
   * @param syncFailure told when the database's disk fails to sync; no event is stored from then on
   * @param due told after a commit that stored events that are due
   */
  public Outbox(
      InstantSource clock, AttemptsAllowed allowed, SyncFailure syncFailure, DueSignal due) {
    this.clock = clock;
    this.allowed = allowed;
    this.syncFailure = syncFailure;
    this.due = due;
  }

  /**
   * Stores events that are due at once. Two transactions that add the same keys do not deadlock, if
   * each adds them in one call.
   *
   * @param handle in a transaction
   * @return how many are new; an event whose key is there already changes nothing
   * @throws IllegalStateException if the handle is in no transaction
   * @throws org.jdbi.v3.core.JdbiException if the database refused one of them or is out: then the
   *     transaction cannot be committed
   */
  public int add(Handle handle, List<NewEvent> events) {
    if (!handle.isInTransaction()) {
      throw new IllegalStateException("events are added in the transaction of what causes them");
    }
    if (events.isEmpty()) {
      return 0;
    }
    syncFailure.check();
    Instant now = clock.instant();
    List<Arrival> sorted =
        events.stream()
            .sorted(Comparator.comparing(NewEvent::webhookId))
            .map(event -> new Arrival(event, now, now))
            .toList();
    List<Boolean> isNew = new EventDao(handle).insert(sorted, allowed);
    Set<Lane> lanes = new HashSet<>();
    int stored = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (isNew.get(i)) {
        stored++;
        NewEvent event = sorted.get(i).event();
        if (event.status() == EventStatus.PENDING) {
          lanes.add(event.place().lane());
        }
      }
    }
    note(handle, lanes);
    return stored;
  }

  /**
   * {@link #add} of one event.
   *
   * @return its id, or that of the event which has its key already
   */
  public long addOne(Handle handle, NewEvent event) {
    add(handle, List.of(event));
    return new OutboxDao(handle).find(event).orElseThrow().id();
  }

  /**
   * Has an event worked off once more: one that has ended is due again with all its attempts before
   * it, one that is open is due at once, and one that is not there is stored. What another
   * transaction is changing just now stays as it is.
   *
   * @param handle in a transaction
   * @param isAsked whether a person asked for it
   * @return the event's id
   */
  public long again(Handle handle, NewEvent event, boolean isAsked) {
    var dao = new OutboxDao(handle);
    Optional<Stored> known = dao.find(event);
    if (known.isEmpty()) {
      return addOne(handle, event);
    }
    long id = known.get().id();
    syncFailure.check();
    Instant now = clock.instant();
    if (!dao.lockFree(List.of(id), ENDED).isEmpty()) {
      Lane lane = event.place().lane();
      dao.reopen(List.of(id), lane, allowed.of(event.origin(), event.eventType()), isAsked, now);
      note(handle, new HashSet<>(Set.of(lane)));
    } else {
      hasten(handle, id);
    }
    return id;
  }

  /**
   * Makes an event due at once if it is open. It never waits for another transaction: what is at
   * the event just now says itself when it is due next.
   *
   * @param handle in a transaction
   */
  public void hasten(Handle handle, long id) {
    var dao = new OutboxDao(handle);
    if (!dao.lockFree(List.of(id), OPEN).isEmpty()) {
      dao.hasten(List.of(id), clock.instant());
      note(handle, dao.lanes(List.of(id)));
    }
  }

  /**
   * Puts what is pending of an account in one lane into another, as where its location changes.
   *
   * @param handle in the transaction of what causes it
   * @return how many events that are
   */
  public int moveLane(Handle handle, long accountId, Lane from, Lane to) {
    int moved = new EventDao(handle).move(accountId, from, to);
    if (moved > 0) {
      note(handle, new HashSet<>(Set.of(to)));
    }
    return moved;
  }

  /**
   * An event as it is stored.
   *
   * @param lastError what its latest attempt met, in one line for people; null if it met nothing
   */
  public record Stored(long id, EventStatus status, @Nullable String lastError) {}

  /** The event that has the key of this one; pending while it is worked on. */
  public Optional<Stored> find(Handle handle, NewEvent event) {
    return new OutboxDao(handle).find(event);
  }

  /** Those of these events that have not ended, whether they are worked on or not. */
  public Set<Long> open(Handle handle, Collection<Long> ids) {
    return ids.isEmpty() ? Set.of() : new OutboxDao(handle).open(ids);
  }

  private void note(Handle handle, Set<Lane> lanes) {
    Set<Lane> before = open.putIfAbsent(handle, lanes);
    if (before != null) {
      before.addAll(lanes);
    } else {
      handle.afterCommit(() -> committed(handle)).afterRollback(() -> open.remove(handle));
    }
  }

  private void committed(Handle handle) {
    Set<Lane> lanes = open.remove(handle);
    // Also for duplicates: these may have met a commit that is not synced yet.
    attempt("sync", () -> syncFailure.watch(() -> Dialect.of(handle).sync(handle)));
    if (lanes != null && !lanes.isEmpty()) {
      attempt("wake-up", () -> due.stored(lanes));
    }
  }

  /** What is committed stays so, and the caller must not take it for a failure. */
  private static void attempt(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOGGER.warn("the {} after a commit failed", what, e);
    }
  }
}
