package dev.acuse.dispatch;

import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import dev.acuse.inbox.LaneShare;
import dev.acuse.inbox.PendingLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which lanes have something due, as far as is known, and whose turn it is: a lane that was served
 * goes behind all others. Used by the thread that claims.
 */
final class LaneTurns {
  /** More lanes than this share what there is: a lane gets no less than a fourth. */
  private static final int MOST_PARTS = 4;

  private final Lanes lanes;
  private final Set<Lane> due = new LinkedHashSet<>();
  private final Set<Lane> full = new HashSet<>();
  private final Set<Lane> heldByRate = new HashSet<>();
  private List<Lane> pending = List.of();

  LaneTurns(Lanes lanes) {
    this.lanes = lanes;
  }

  /** What a turn gives, and to whom. */
  record Plan(List<LaneShare> shares, Set<Lane> idle) {
    boolean isEmpty() {
      return shares.isEmpty();
    }

    /** The first of it, so many events at most. */
    Plan upTo(int events) {
      List<LaneShare> first = new ArrayList<>();
      int left = events;
      for (LaneShare share : shares) {
        int some = Math.min(share.limit(), left);
        if (some > 0) {
          first.add(new LaneShare(share.lane(), some));
          left -= some;
        }
      }
      return new Plan(first, idle);
    }
  }

  /** What runs, and how much more may. */
  interface Room {
    /** How many attempts may run at once in the ordinary slots. */
    int size();

    /** How many events may be claimed, of which so many ahead of a slot. */
    int room(int ahead);

    /** How many events may be claimed of lanes in which nothing runs. */
    int idleRoom();

    /** How many events of a lane hold a slot or wait for one. */
    int running(Lane lane);

    /** How many attempts of a lane have ended since this was last asked. */
    int takeEnded(Lane lane);
  }

  /** The lanes in which something is pending were read. */
  void listed(List<PendingLane> read) {
    pending = read.stream().map(PendingLane::lane).filter(Lanes::isKnown).toList();
    Set<Lane> isDue = new LinkedHashSet<>();
    for (PendingLane lane : read) {
      if (lane.isDue() && Lanes.isKnown(lane.lane())) {
        isDue.add(lane.lane());
      }
    }
    due.addAll(isDue);
    due.retainAll(isDue);
    full.retainAll(isDue);
  }

  /** Events were stored in these lanes. */
  void stored(Collection<Lane> lanes) {
    lanes.stream().filter(Lanes::isKnown).forEach(due::add);
  }

  /** The lanes of a kind in which something is pending, due or not, as far as is known. */
  List<Lane> pending(LaneKind kind) {
    Set<Lane> all = new LinkedHashSet<>(pending);
    all.addAll(due);
    return all.stream().filter(lane -> lane.kind() == kind).toList();
  }

  /** Whether something is pending in another lane than these, of the kind of one of them. */
  boolean isPendingBeside(Collection<Lane> homes) {
    return homes.stream()
        .flatMap(home -> pending(home.kind()).stream())
        .anyMatch(lane -> !homes.contains(lane));
  }

  /**
   * What may be claimed now, in the order of the turns. What a lane gets is bounded by its rate and
   * by its part of the slots, less what it has running. In a backlog a lane gets up to twice as
   * many ahead of a slot as have ended in it since the plan before: until the next about half of
   * that will end. A lane in which nothing runs may get a slot that is kept for such.
   */
  Plan plan(Room room) {
    Map<Lane, Integer> allowed = new HashMap<>();
    heldByRate.clear();
    for (Lane lane : due) {
      int allowance = lanes.allowance(lane);
      if (allowance > 0) {
        allowed.put(lane, allowance);
      } else if (lanes.untilRoom(lane) != null) {
        heldByRate.add(lane);
      }
    }
    int parts = Math.max(1, Math.min(MOST_PARTS, allowed.size()));
    Map<Lane, Integer> ahead = new HashMap<>();
    int allAhead = 0;
    for (Lane lane : due) {
      int ended = room.takeEnded(lane);
      if (full.contains(lane) && allowed.containsKey(lane)) {
        int some = Math.min(2 * ended, part(room.size(), parts));
        ahead.put(lane, some);
        allAhead += some;
      }
    }
    int left = room.room(allAhead);
    int leftIdle = room.idleRoom();
    List<LaneShare> shares = new ArrayList<>();
    Set<Lane> idle = new HashSet<>();
    for (Lane lane : due) {
      Integer allowance = allowed.get(lane);
      if (allowance == null) {
        continue;
      }
      int running = room.running(lane);
      int part = part(room.size(), parts) + ahead.getOrDefault(lane, 0) - running;
      int some = Math.min(Math.min(allowance, part), left);
      if (some > 0) {
        shares.add(new LaneShare(lane, some));
        left -= some;
      } else if (running == 0 && leftIdle > 0) {
        shares.add(new LaneShare(lane, 1));
        idle.add(lane);
        leftIdle--;
      }
    }
    return new Plan(shares, idle);
  }

  private static int part(int whole, int parts) {
    return (whole + parts - 1) / parts;
  }

  /**
   * A plan was carried out.
   *
   * @param claimed how many events of each lane were; lanes with none may be missing
   */
  void served(Plan plan, Map<Lane, Integer> claimed) {
    for (LaneShare share : plan.shares()) {
      Lane lane = share.lane();
      int events = claimed.getOrDefault(lane, 0);
      lanes.claimed(lane, events);
      due.remove(lane);
      full.remove(lane);
      if (events >= share.limit()) {
        due.add(lane);
        full.add(lane);
      }
    }
  }

  /** Whether more is due, as far as is known. */
  boolean isMoreDue() {
    return !due.isEmpty();
  }

  /**
   * How long until a lane that only its rate holds back has room; at most so long. Zero if one that
   * its rate held back at the latest plan has room by now.
   */
  Duration untilRoom(Duration atMost) {
    Duration least = atMost;
    for (Lane lane : due) {
      Duration wait = lanes.untilRoom(lane);
      if (wait == null || (wait.isZero() && !heldByRate.contains(lane))) {
        continue;
      }
      if (wait.compareTo(least) < 0) {
        least = wait;
      }
    }
    return least;
  }
}
