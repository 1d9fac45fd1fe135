package dev.acuse.inbox;

import dev.acuse.event.Attempt;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What waits in lanes, as far as a scope sees it, for the length of one handle. */
final class BacklogStatements {
  private final Handle handle;
  private final Scope scope;
  private final KnownAccounts known;

  BacklogStatements(Handle handle, Scope scope, KnownAccounts known) {
    this.handle = handle;
    this.scope = scope;
    this.known = known;
  }

  /**
   * Since when the event of each lane that has been due for longest is waiting; lanes in which none
   * is due are missing.
   */
  Map<Lane, Instant> oldestDue(Instant now) {
    return scope.isEverything() ? ofEverything(now) : ofAccounts(now);
  }

  /** Without lanes of a newer version, which this one leaves alone. */
  private Map<Lane, Instant> ofEverything(Instant now) {
    Map<Lane, Instant> oldest = Dialect.of(handle).oldestDue(handle, now);
    oldest.keySet().removeIf(lane -> !lane.kind().isWorkedOff());
    return oldest;
  }

  /** By the accounts' own lanes; what others have in one that they share is left out. */
  private Map<Lane, Instant> ofAccounts(Instant now) {
    List<Long> held = HeldLeases.read(handle).ids();
    Map<Lane, Instant> oldest = new HashMap<>();
    for (long account : scope.accountIds()) {
      for (Lane lane : known.lanesOf(account)) {
        handle
            .createQuery(
                """
                SELECT next_retry_at FROM webhook_events
                WHERE status = 'pending' AND lane = :lane AND next_retry_at <= :now
                  AND account_id + 0 = :account AND id <> ALL(:held)
                ORDER BY status, lane, next_retry_at, id LIMIT 1
                """)
            .bind("lane", lane.code())
            .bind("now", now)
            .bind("account", account)
            .bindArray("held", Long.class, held)
            .mapTo(Instant.class)
            .findOne()
            .ifPresent(due -> oldest.merge(lane, due, (one, two) -> one.isBefore(two) ? one : two));
      }
    }
    return oldest;
  }

  /** How many wait for a system that is out. Lanes of one system together. */
  Map<String, Long> countByDownstream() {
    var found = new TreeMap<String, Long>();
    handle
        .createQuery(
            """
            SELECT lane, COUNT(*) AS n FROM webhook_events
            WHERE status = 'pending' AND outage_since IS NOT NULL AND id <> ALL(:held)
              AND (last_error_kind IS NULL OR last_error_kind <> :ours)%s
            GROUP BY lane
            """
                .formatted(EventRows.seenBy(scope)))
        .bind("ours", Attempt.DATABASE_OUT)
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .map((row, context) -> Map.entry(new Lane(row.getString("lane")), row.getLong("n")))
        .forEach(
            entry -> {
              String system = entry.getKey().kind().system();
              if (system != null) {
                found.merge(system, entry.getValue(), Long::sum);
              }
            });
    return found;
  }
}
