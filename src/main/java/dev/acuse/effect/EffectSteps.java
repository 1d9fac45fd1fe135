package dev.acuse.effect;

import dev.acuse.event.EffectKey;
import dev.acuse.inbox.EffectChange;
import dev.acuse.inbox.EventFollower;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Keeps effects in step with their events: how an event ends and how its effect stands are one
 * transaction. An event of an older generation never decides about the present one; its end stores
 * the event that the newest generation has waited for. Thread-safe.
 */
public final class EffectSteps implements EventFollower {
  private static final String NOT_CARRIED_OUT = "its event ended without a call";

  private final Effects effects;

  /** Stores further events by these effects' door. */
  public EffectSteps(Effects effects) {
    this.effects = effects;
  }

  @Override
  public void follow(Handle handle, List<EffectChange> changes, Instant now) {
    var dao = new EffectDao(handle);
    Set<Long> ids = new TreeSet<>();
    changes.forEach(change -> ids.add(change.key().effectId()));
    Map<Long, EffectRow> rows = new HashMap<>();
    dao.lock(ids).forEach(row -> rows.put(row.id(), row));
    List<Long> done = new ArrayList<>();
    List<EffectChange> purged = new ArrayList<>();
    for (EffectChange change : changes) {
      EffectRow row = rows.get(change.key().effectId());
      if (row == null) {
        continue;
      }
      switch (change.kind()) {
        case DONE -> done(handle, row, change.key(), done, now);
        case IGNORED, FAILED -> failed(handle, row, change, now);
        case GIVEN_UP -> givenUp(handle, row, change.key(), now);
        case RETRIED -> retried(dao, row, change, now);
        case LOST -> lost(handle, row, change.key());
        case PURGED -> purged.add(change);
      }
    }
    if (!done.isEmpty()) {
      dao.done(done, now);
    }
    if (!purged.isEmpty()) {
      dao.withoutEvent(
          purged.stream().map(change -> change.key().effectId()).toList(),
          purged.stream().map(EffectChange::eventId).toList());
    }
  }

  private void done(
      Handle handle, EffectRow row, EffectKey key, List<Long> done, Instant now) {
    if (isPresent(row, key)) {
      done.add(row.id());
    } else {
      new EffectDao(handle).doneBefore(row.id(), key.generation(), now);
      goOn(handle, row);
    }
  }

  private void failed(Handle handle, EffectRow row, EffectChange change, Instant now) {
    if (!isPresent(row, change.key())) {
      goOn(handle, row);
    } else if (row.wanted() == Wanted.PRESENT) {
      String error = change.error() == null ? NOT_CARRIED_OUT : change.error();
      new EffectDao(handle).ended(row.id(), EffectState.FAILED, error, now);
    }
  }

  private void givenUp(Handle handle, EffectRow row, EffectKey key, Instant now) {
    if (isPresent(row, key)) {
      new EffectDao(handle).ended(row.id(), EffectState.GIVEN_UP, null, now);
    } else {
      goOn(handle, row);
    }
  }

  private static void retried(EffectDao dao, EffectRow row, EffectChange change, Instant now) {
    if (isPresent(row, change.key()) && row.wanted() == Wanted.PRESENT) {
      dao.waits(row.id(), change.eventId(), now);
    }
  }

  /** Its late call may have undone what a newer generation did. */
  private void lost(Handle handle, EffectRow row, EffectKey key) {
    if (!isPresent(row, key)
        && row.wanted() == Wanted.PRESENT
        && row.state() == EffectState.DONE
        && !effects.isOpen(handle, row)) {
      effects.arm(handle, row, false);
    }
  }

  /** The newest generation has waited for the end of an older one's event. */
  private void goOn(Handle handle, EffectRow row) {
    if (row.wanted() == Wanted.PRESENT && row.state() == EffectState.WAITING) {
      new EffectDao(handle).setEvent(row.id(), effects.start(handle, row));
    }
  }

  private static boolean isPresent(EffectRow row, EffectKey key) {
    return row.generation() == key.generation();
  }
}
