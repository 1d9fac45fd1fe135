package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import java.sql.DatabaseMetaData;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The few statements that H2 and PostgreSQL do not share. One contract test holds both. */
public interface Dialect {

  /** Which events a claim takes, the most urgent first; none while the inbox is paused. */
  String FROM_DUE =
      """
      FROM webhook_events
      WHERE status = 'pending' AND next_retry_at <= :now AND rescues < :aloneFrom
        AND (waits_for IS NULL OR waits_for <> ALL(:heldBack))
        AND %s AND NOT EXISTS (SELECT 1 FROM inbox_hold)
      ORDER BY next_retry_at, id LIMIT :limit
      """;

  /** Events that are due, but were lost with their process too often; as their index has it. */
  String FROM_ALONE =
      "FROM webhook_events WHERE status = 'pending' AND next_retry_at <= :now AND rescues >= "
          + ClaimRequest.RESCUES_BEFORE_ALONE
          + "\n";

  /** As {@link #FROM_DUE}, for such an event. */
  String FROM_DUE_ALONE =
      FROM_ALONE
          + """
            AND %s AND NOT EXISTS (SELECT 1 FROM inbox_hold)
          ORDER BY next_retry_at, id LIMIT :limit
          """;

  /** An event that waits for a downstream, due or not: does it answer again? */
  String FROM_PROBED =
      """
      FROM webhook_events
      WHERE status = 'pending' AND waits_for = :probeFor AND rescues < :aloneFrom
        AND %s AND NOT EXISTS (SELECT 1 FROM inbox_hold)
      ORDER BY next_retry_at, id LIMIT :limit
      """;

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
  List<Boolean> insert(Handle handle, List<Arrival> arrivals, int maxAttempts);

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
   * What a select that fits a request has after its columns.
   *
   * @param notHeld the condition that nobody holds the event
   */
  static String from(ClaimRequest request, String notHeld) {
    if (request.probeFor() != null) {
      return FROM_PROBED.formatted(notHeld);
    }
    return (request.alone() ? FROM_DUE_ALONE : FROM_DUE).formatted(notHeld);
  }

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
