package dev.acuse.inbox;

import dev.acuse.event.Lease;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leases that this process took, and which of their events have not ended: the last one to end
 * takes the lease with it. A lease of which an end could not be recorded is never deleted from
 * here, but runs out, and then that event is rescued. Thread-safe.
 */
final class OpenLeases {
  private static final class OpenLease {
    final long id;
    int open;
    Instant until;

    OpenLease(long id, int open, Instant until) {
      this.id = id;
      this.open = open;
      this.until = until;
    }
  }

  private record Entry(long claimNo, OpenLease lease) {}

  private final Map<Long, Entry> byEvent = new HashMap<>();

  /** A claim has taken these events. */
  synchronized void add(Claimed claimed, Instant until) {
    var lease = new OpenLease(claimed.leaseId(), claimed.events().size(), until);
    claimed.events().forEach(event -> byEvent.put(event.id(), new Entry(event.claimNo(), lease)));
  }

  /** Ids of the leases that hold any of these events. */
  synchronized Set<Long> ofEvents(Collection<Long> eventIds) {
    Set<Long> ids = new HashSet<>();
    for (Long eventId : eventIds) {
      Entry entry = byEvent.get(eventId);
      if (entry != null) {
        ids.add(entry.lease.id);
      }
    }
    return ids;
  }

  /** Ids of all leases that hold an event. */
  synchronized Set<Long> all() {
    return ofEvents(List.copyOf(byEvent.keySet()));
  }

  /** Ids of the leases under which these attempts ran. */
  synchronized Set<Long> of(Set<Lease> ends) {
    Set<Long> ids = new HashSet<>();
    for (Lease end : ends) {
      OpenLease lease = lease(end);
      if (lease != null) {
        ids.add(lease.id);
      }
    }
    return ids;
  }

  /**
   * Those whose lease is not there any more, or another's: a database that lost its last commits
   * may have given the same claim number to somebody else.
   *
   * @param owners of the leases that are there
   */
  synchronized Set<Lease> lost(Set<Lease> ends, Map<Long, String> owners) {
    Set<Lease> lost = new HashSet<>();
    for (Lease end : ends) {
      OpenLease lease = lease(end);
      if (lease != null && !end.owner().equals(owners.get(lease.id))) {
        lost.add(end);
      }
    }
    return lost;
  }

  /** Ids of the leases that hold nothing else than these any more. */
  synchronized Set<Long> endingWith(Set<Lease> ends) {
    Map<OpenLease, Integer> counts = new HashMap<>();
    Set<Long> ids = new HashSet<>();
    for (Lease end : ends) {
      OpenLease lease = lease(end);
      if (lease != null && counts.merge(lease, 1, Integer::sum) == lease.open) {
        ids.add(lease.id);
      }
    }
    return ids;
  }

  /**
   * These attempts were recorded, or had lost their lease before.
   *
   * @return ids of the leases that hold nothing any more, whether they are there still or not
   */
  synchronized Set<Long> end(Set<Lease> ends) {
    Set<Long> over = new HashSet<>();
    for (Lease end : ends) {
      OpenLease lease = lease(end);
      if (lease != null) {
        lease.open--;
        byEvent.remove(end.eventId());
        if (lease.open == 0) {
          over.add(lease.id);
        }
      }
    }
    return over;
  }

  /** An event may be here under a later claim by the time an attempt ends that was given up. */
  private @Nullable OpenLease lease(Lease end) {
    Entry entry = byEvent.get(end.eventId());
    return entry == null || entry.claimNo != end.claimNo() ? null : entry.lease;
  }

  /** These leases were renewed; what nobody renews is forgotten when it has run out. */
  synchronized void renewed(Set<Long> ids, Instant until, Instant now) {
    for (Entry entry : byEvent.values()) {
      if (ids.contains(entry.lease.id)) {
        entry.lease.until = until;
      }
    }
    byEvent.values().removeIf(entry -> entry.lease.until.isBefore(now));
  }
}
