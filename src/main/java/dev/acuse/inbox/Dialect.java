package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import java.sql.DatabaseMetaData;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The few statements that H2 and PostgreSQL do not share. One contract test holds both. */
public interface Dialect {

  /** What this version has the words for; the first condition of each claim. */
  String KNOWN =
      "status = 'pending' AND origin IN ("
          + EventOrigin.KNOWN.stream()
              .map(origin -> "'" + origin.code() + "'")
              .collect(Collectors.joining(", "))
          + ")\n  AND (origin <> 'effect' OR event_type = ANY(:effectKinds))\n";

  /** Lanes that this version works off, where a claim names none. */
  String KNOWN_LANE =
      Arrays.stream(LaneKind.values())
          .filter(LaneKind::isWorkedOff)
          .map(kind -> "(lane >= '" + kind.first() + "' AND lane < '" + kind.end() + "')")
          .collect(Collectors.joining(" OR ", "(", ")"));

  /** What of a lane is due. */
  String IS_DUE = "AND next_retry_at <= :now AND rescues < :aloneFrom";

  /** What of a lane is due, or waits for an outage to end. */
  String IS_PROBE =
      "AND (next_retry_at <= :now OR outage_since IS NOT NULL) AND rescues < :aloneFrom";

  /**
   * Which events a claim takes of one lane, the most urgent first; none while the inbox is paused.
   * The places are what of it is asked for, that the event is not held, the lane and the limit.
   */
  String FROM_LANE =
      """
      FROM webhook_events
      WHERE %s%s AND lane = %s
        AND %s AND NOT EXISTS (SELECT 1 FROM inbox_hold)
      ORDER BY status, lane, next_retry_at, id LIMIT %s
      """;

  /**
   * Which events are due, but were lost with their process too often; as their index has it. Those
   * of lanes that are held back are none.
   */
  String ALONE =
      " WHERE "
          + KNOWN
          + "  AND next_retry_at <= :now AND rescues >= "
          + ClaimRequest.RESCUES_BEFORE_ALONE
          + " AND "
          + KNOWN_LANE
          + " AND lane <> ALL(:heldLanes)\n";

  /** The first of these that no lease holds; none while the inbox is paused. */
  String FIRST_ALONE =
      ALONE
          + """
            AND %s AND NOT EXISTS (SELECT 1 FROM inbox_hold)
          ORDER BY next_retry_at, id LIMIT 1
          """;

  /** What is before {@link #ALONE}, so that its index is read and not the lanes' one. */
  default String fromAlone() {
    return "FROM webhook_events";
  }

  /**
   * Claims events, in a transaction of its own; two claimers never get the same one.
   *
   * @param until when the lease expires
   */
  Claimed claim(Handle handle, ClaimRequest request, Instant now, Instant until);

  /**
   * Stores events, all or none, in the transaction of the handle if it is in one; answers for each
   * whether it is new. What is not has a key that is there already, or comes a second time.
   */
  List<Boolean> insert(Handle handle, List<Arrival> arrivals, AttemptsAllowed allowed);

  /**
   * Ends attempts, all of one kind, in the transaction of the handle, and writes the history of
   * those it ended; answers for each whether it did.
   */
  List<Boolean> end(Handle handle, AttemptEnd.Kind kind, List<AttemptEnd> endings, Instant now);

  /** Leases that have run out, locked for the transaction of the handle. */
  List<ExpiredLease> lockExpired(Handle handle, Instant now, int limit);

  /**
   * A select of one number that grows with every attempt, if need be before that is committed: the
   * last of a lease takes the lease with it.
   */
  String latestAttempt();

  /** Makes what was committed on this connection survive a power cut, where a commit does not. */
  void sync(Handle handle);

  /**
   * What a select of one lane's events has after its columns, that fits a request.
   *
   * @param lane as SQL
   * @param limit as SQL
   * @param notHeld the condition that no lease holds the event
   */
  static String fromLane(ClaimRequest request, String lane, String limit, String notHeld) {
    String which = request.kind() == ClaimRequest.Kind.PROBE ? IS_PROBE : IS_DUE;
    return FROM_LANE.formatted(KNOWN, which, lane, notHeld, limit);
  }

  /** Whether an index of an account's events in a status holds effects apart from all others. */
  boolean indexesEffectsApart();

  /** The lanes in which something is pending, with when the first of each is due; by their code. */
  List<PendingLane> pendingLanes(Handle handle, Instant now);

  /**
   * Since when the event of each lane that has been due for longest, and that no lease holds, is
   * waiting; lanes in which nothing is due are missing.
   */
  Map<Lane, Instant> oldestDue(Handle handle, Instant now);

  /** The dialect of the database that the handle leads to; asks the driver, not the database. */
  static Dialect of(Handle handle) {
    String product = handle.queryMetadata(DatabaseMetaData::getDatabaseProductName);
    return switch (product) {
      case "H2" -> H2Dialect.INSTANCE;
      case "PostgreSQL" -> PostgresDialect.INSTANCE;
      default -> throw new IllegalArgumentException("no support for the database " + product);
    };
  }
}
