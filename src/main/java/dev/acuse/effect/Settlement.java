package dev.acuse.effect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes reasons and effects follow one judgement, within its transaction. Missing rows are inserted
 * in the order of their keys, and then all that change are locked in the order of their ids: so two
 * transactions never wait for each other in a circle.
 */
final class Settlement {
  private final Handle handle;
  private final EffectDao dao;
  private final Effects effects;
  private final @Nullable Rearm rearm;
  private final Instant now;

  Settlement(Handle handle, Effects effects, @Nullable Rearm rearm, Instant now) {
    this.rearm = rearm;
    this.handle = handle;
    this.dao = new EffectDao(handle);
    this.effects = effects;
    this.now = now;
  }

  EffectCounts settle(Judged judged) {
    List<EffectDao.Standing> standing = judged.isNew() ? List.of() : standing(judged);
    List<EffectDao.Standing> kept = new ArrayList<>();
    List<EffectDao.Standing> gone = new ArrayList<>();
    for (EffectDao.Standing one : standing) {
      boolean stays =
          one.subject().equals(judged.subject()) && judged.wishes().contains(one.wish());
      (stays ? kept : gone).add(one);
    }
    Set<EffectWish> missing = new HashSet<>(judged.wishes());
    kept.forEach(one -> missing.remove(one.wish()));
    Set<Long> waiting = new HashSet<>();
    Set<Long> again = new HashSet<>();
    for (EffectDao.Standing one : kept) {
      if (one.state() == EffectState.WAITING) {
        waiting.add(one.effectId());
      } else if (rearm != null && rearm.means(one)) {
        again.add(one.effectId());
      }
    }
    if (!missing.isEmpty() || !gone.isEmpty() || !again.isEmpty()) {
      waiting.addAll(change(judged, missing, gone, again));
    }
    return new EffectCounts(judged.wishes().size(), waiting.size());
  }

  private List<EffectDao.Standing> standing(Judged judged) {
    List<EffectDao.Standing> all =
        new ArrayList<>(dao.standing(judged.accountId(), judged.subject()));
    judged.before().forEach(before -> all.addAll(dao.standing(judged.accountId(), before)));
    return all;
  }

  /** Answers which of those that the subject wants are to be carried out by this. */
  private Set<Long> change(
      Judged judged, Set<EffectWish> missing, List<EffectDao.Standing> gone, Set<Long> again) {
    Map<EffectWish, Long> ids = new HashMap<>();
    Set<Long> fresh = new HashSet<>();
    List<EffectWish> byKey = missing.stream().sorted(EffectWish.BY_KEY).toList();
    EffectWish last = null;
    for (EffectWish wish : byKey) {
      if (last != null && last.isSameEffectAs(wish)) {
        ids.put(wish, ids.get(last));
      } else {
        ids.put(wish, insert(judged, wish, fresh));
        last = wish;
      }
    }
    Set<Long> old = new TreeSet<>(ids.values());
    gone.forEach(one -> old.add(one.effectId()));
    old.addAll(again);
    old.removeAll(fresh);
    List<EffectRow> rows = old.isEmpty() ? List.of() : dao.lock(old);
    if (!byKey.isEmpty()) {
      dao.insertReasons(
          judged.accountId(),
          judged.subject(),
          byKey.stream().map(ids::get).toList(),
          byKey.stream().map(EffectWish::rule).toList(),
          now);
    }
    if (!gone.isEmpty()) {
      dao.deleteReasons(gone);
    }
    Set<Long> wanted = rows.isEmpty() ? Set.of() : new HashSet<>(dao.withReason(old));
    Set<Long> called = new HashSet<>(fresh);
    Set<Long> newlyWanted = newlyWanted(judged, ids, gone);
    for (EffectRow row : rows) {
      Wanted now = wanted.contains(row.id()) ? Wanted.PRESENT : Wanted.LEAVE;
      // What was read before the lock may be over.
      boolean isAskedFor = again.contains(row.id()) && rearm != null && rearm.means(row);
      boolean isWantedAfresh = newlyWanted.contains(row.id()) && isToBeTriedAgain(row);
      if (turn(row, now, isAskedFor || isWantedAfresh)) {
        called.add(row.id());
      }
    }
    Set<Long> ofSubject = new HashSet<>(ids.values());
    ofSubject.addAll(again);
    called.retainAll(ofSubject);
    return called;
  }

  /** Those with a reason that there was not before, not even with a subject before this one. */
  private static Set<Long> newlyWanted(
      Judged judged, Map<EffectWish, Long> ids, List<EffectDao.Standing> gone) {
    Map<EffectWish, Long> newly = new HashMap<>(ids);
    for (EffectDao.Standing one : gone) {
      if (!one.subject().equals(judged.subject())) {
        newly.remove(one.wish());
      }
    }
    return new HashSet<>(newly.values());
  }

  /** A tag that is on stays on, but a contact that was not there may be there by now. */
  private static boolean isToBeTriedAgain(EffectRow row) {
    return row.state() == EffectState.FAILED
        || row.state() == EffectState.GIVEN_UP
        || (row.state() == EffectState.DONE && row.kind().equals(EffectKind.FIND_CONTACT.code()));
  }

  private long insert(Judged judged, EffectWish wish, Set<Long> fresh) {
    long accountId = judged.accountId();
    return dao.insert(accountId, wish, now)
        .map(
            id -> {
              fresh.add(id);
              dao.setEvent(id, effects.start(handle, accountId, id, wish.kind()));
              return id;
            })
        .orElseGet(() -> dao.idOf(accountId, wish));
  }

  /** Answers whether the row is to be carried out now. */
  private boolean turn(EffectRow row, Wanted wanted, boolean isAgain) {
    if (row.wanted() == wanted) {
      if (isAgain && row.mayBeArmed()) {
        effects.arm(handle, row, rearm != null && rearm.isByPerson());
        return true;
      }
      return wanted == Wanted.PRESENT && row.state() == EffectState.WAITING;
    }
    boolean isOpen = effects.isOpen(handle, row);
    boolean isPresent = wanted == Wanted.PRESENT;
    dao.turn(row.id(), wanted, isPresent ? EffectState.WAITING : EffectState.DONE, now);
    Long eventId = row.eventId();
    if (isOpen && eventId != null) {
      // It ends as superseded, and its end stores the event of the newest generation.
      effects.hasten(handle, eventId);
    } else if (isPresent) {
      dao.setEvent(row.id(), effects.start(handle, next(row)));
    }
    return isPresent;
  }

  private static EffectRow next(EffectRow row) {
    return new EffectRow(
        row.id(),
        row.accountId(),
        row.kind(),
        row.target(),
        row.name(),
        Wanted.PRESENT,
        row.generation() + 1,
        row.doneGeneration(),
        EffectState.WAITING,
        row.eventId(),
        row.updatedAt());
  }
}
