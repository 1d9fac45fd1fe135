package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.WebhookEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** PostgreSQL: many claimers, of which one claims at a time. */
final class PostgresDialect implements Dialect {
  /** Answered by a table of their few hashed rows; what has ended since has another number. */
  private static final String NOT_HELD =
      """
      (id, claim_no + 1) NOT IN (SELECT held.id, held.claim_no
        FROM webhook_leases, unnest(event_ids, claim_nos) AS held (id, claim_no))\
      """;

  /**
   * One statement, and so one look at the database and one commit, whatever becomes of who asked
   * for it. The events' rows are neither changed nor locked. What keeps two claimers apart is the
   * turn: who does not find the number any more that he began with has looked at what another was
   * claiming meanwhile, and takes nothing.
   */
  private static final String CLAIM =
      """
      WITH due AS MATERIALIZED (SELECT %s %s),
      turn AS (
        UPDATE claim_turn SET turn = turn + 1
        WHERE turn = (SELECT turn FROM claim_turn) AND EXISTS (SELECT 1 FROM due)
        RETURNING turn
      ), lease AS (
        INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids, claim_nos)
        SELECT turn.turn, :owner, :claimedAt, :until, array_agg(due.id), array_agg(due.claim_no + 1)
        FROM due, turn GROUP BY turn.turn
        RETURNING id
      )
      SELECT due.*, lease.id AS lease_id FROM due LEFT JOIN lease ON TRUE
      """;

  /** Each lost turn is one that another claimer took; so this is never reached. */
  private static final int TURNS = 1_000;

  static final Dialect INSTANCE = new PostgresDialect();

  private PostgresDialect() {}

  @Override
  public Claimed claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    String sql = CLAIM.formatted(EventRows.COLUMNS, Dialect.from(request, NOT_HELD));
    for (int i = 0; i < TURNS; i++) {
      Claimed claimed = tryClaim(handle, sql, request, now, until);
      if (claimed != null) {
        return claimed;
      }
    }
    return Claimed.NOTHING;
  }

  /** Null if another claimer was faster: then there may be more. */
  private static @Nullable Claimed tryClaim(
      Handle handle, String sql, ClaimRequest request, Instant now, Instant until) {
    var leaseId = new AtomicLong();
    List<WebhookEvent> events =
        EventRows.bindClaim(handle.createQuery(sql), request, now)
            .bind("claimedAt", now)
            .bind("until", until)
            .bind("owner", request.owner())
            .map(
                (row, context) -> {
                  leaseId.set(row.getLong("lease_id"));
                  return EventRows.MAPPER.map(row, context).claimed(request.owner(), now, until);
                })
            .list();
    if (events.isEmpty()) {
      return Claimed.NOTHING;
    }
    // Turns begin at 1, and what is null is read as 0.
    return leaseId.get() == 0 ? null : new Claimed(leaseId.get(), inOrder(events));
  }

  private static List<WebhookEvent> inOrder(List<WebhookEvent> events) {
    return events.stream().sorted(Comparator.comparing(WebhookEvent::id)).toList();
  }

  @Override
  public List<Boolean> insert(Handle handle, List<Arrival> arrivals, int maxAttempts) {
    // One statement, which commits by itself: to end a transaction would take another round trip.
    return new PostgresBatches(handle).insert(arrivals, maxAttempts);
  }

  @Override
  public List<Boolean> end(
      Handle handle, AttemptEnd.Kind kind, List<AttemptEnd> endings, Instant now) {
    return new PostgresBatches(handle).end(kind, endings, now);
  }

  @Override
  public List<ExpiredLease> lockExpired(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            """
            SELECT id, owner, claimed_at, event_ids, claim_nos FROM webhook_leases
            WHERE expires_at < :now ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
            """)
        .bind("now", now)
        .bind("limit", limit)
        .map(ExpiredLease.MAPPER)
        .list();
  }

  @Override
  public String latestAttempt() {
    return "SELECT last_value FROM webhook_attempts_id_seq";
  }

  @Override
  public void sync(Handle handle) {
    // A commit is on disk when it returns (synchronous_commit).
  }
}
