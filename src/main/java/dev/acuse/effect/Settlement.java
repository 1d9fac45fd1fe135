package dev.acuse.effect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Makes reasons and effects follow one judgement, within its transaction. Missing rows are inserted
 * in the order of their keys, and then all that change are locked in the order of their ids: so two
 * transactions never wait for each other in a circle.
 */
final class Settlement {
  private final Handle handle;
  private final EffectDao dao;
  private final Effects effects;
  private final Instant now;

  Settlement(Handle handle, Effects effects, Instant now) {
    this.handle = handle;
    this.dao = new EffectDao(handle);
    this.effects = effects;
    this.now = now;
  }

  EffectCounts settle(Judged judged) {
    List<EffectDao.Standing> standing =
        judged.isNew() ? List.of() : dao.standing(judged.accountId(), subjects(judged));
    List<EffectDao.Standing> kept = new ArrayList<>();
    List<EffectDao.Standing> gone = new ArrayList<>();
    for (EffectDao.Standing one : standing) {
      boolean stays =
          one.subject().equals(judged.subject()) && judged.wishes().contains(one.wish());
      (stays ? kept : gone).add(one);
    }
    Set<EffectWish> missing = new HashSet<>(judged.wishes());
    kept.forEach(one -> missing.remove(one.wish()));
    int waiting = (int) kept.stream().filter(one -> one.state() == EffectState.WAITING).count();
    if (!missing.isEmpty() || !gone.isEmpty()) {
      waiting += change(judged, missing, gone);
    }
    return new EffectCounts(judged.wishes().size(), waiting);
  }

  private static List<String> subjects(Judged judged) {
    List<String> codes = new ArrayList<>(List.of(judged.subject().code()));
    judged.before().forEach(before -> codes.add(before.code()));
    return codes;
  }

  /** Answers how many of those that are wanted anew are to be carried out. */
  private int change(
      Judged judged, Set<EffectWish> missing, Collection<EffectDao.Standing> gone) {
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
      dao.deleteReasons(List.copyOf(gone));
    }
    Set<Long> wanted = rows.isEmpty() ? Set.of() : new HashSet<>(dao.withReason(old));
    Set<Long> called = new HashSet<>(fresh);
    for (EffectRow row : rows) {
      if (turn(row, wanted.contains(row.id()) ? Wanted.PRESENT : Wanted.LEAVE)) {
        called.add(row.id());
      }
    }
    called.retainAll(new HashSet<>(ids.values()));
    return called.size();
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
  private boolean turn(EffectRow row, Wanted wanted) {
    if (row.wanted() == wanted) {
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
        row.eventId());
  }
}
