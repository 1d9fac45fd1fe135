package dev.acuse.inbox;

import dev.acuse.database.Timestamps;
import dev.acuse.event.Arrival;
import dev.acuse.event.Lane;
import dev.acuse.event.WebhookEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
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
      WITH due AS MATERIALIZED (%s),
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

  /** What is due, the first of each lane by itself. */
  private static final String OF_LANES =
      """
      SELECT taken.* FROM unnest(CAST(:lanes AS TEXT[]), CAST(:limits AS INTEGER[]))
        AS share (name, most),
        LATERAL (SELECT %s %s) AS taken""";

  /**
   * A walk along the index: each step lands on the first entry of the next lane, whatever else the
   * lanes hold.
   */
  private static final String LANES =
      """
      WITH RECURSIVE pending AS (
        (SELECT lane, next_retry_at FROM webhook_events WHERE status = 'pending'
        ORDER BY lane, next_retry_at, id LIMIT 1)
        UNION ALL
        SELECT next.lane, next.next_retry_at FROM pending, LATERAL (
          SELECT lane, next_retry_at FROM webhook_events
          WHERE status = 'pending' AND lane > pending.lane
          ORDER BY lane, next_retry_at, id LIMIT 1) AS next
      )
      """;

  @Override
  public List<PendingLane> pendingLanes(Handle handle, Instant now) {
    return handle
        .createQuery(LANES + "SELECT lane, next_retry_at FROM pending ORDER BY lane")
        .map(
            (row, context) ->
                PendingLane.of(
                    new Lane(row.getString("lane")), Timestamps.of(row, "next_retry_at"), now))
        .list();
  }

  @Override
  public Map<Lane, Instant> oldestDue(Handle handle, Instant now) {
    Map<Lane, Instant> oldest = new LinkedHashMap<>();
    handle
        .createQuery(
            LANES
                + """
                SELECT pending.lane, oldest.next_retry_at FROM pending, LATERAL (
                  SELECT next_retry_at FROM webhook_events
                  WHERE status = 'pending' AND lane = pending.lane AND next_retry_at <= :now
                    AND %s
                  ORDER BY next_retry_at, id LIMIT 1) AS oldest
                WHERE pending.next_retry_at <= :now ORDER BY pending.lane
                """
                    .formatted(NOT_HELD))
        .bind("now", now)
        .map(
            (row, context) ->
                Map.entry(new Lane(row.getString("lane")), Timestamps.of(row, "next_retry_at")))
        .forEach(entry -> oldest.put(entry.getKey(), entry.getValue()));
    return oldest;
  }

  @Override
  public Claimed claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    String sql = CLAIM.formatted(due(request));
    for (int i = 0; i < TURNS; i++) {
      Claimed claimed = tryClaim(handle, sql, request, now, until);
      if (claimed != null) {
        return claimed;
      }
    }
    return Claimed.NOTHING;
  }

  private String due(ClaimRequest request) {
    return request.kind() == ClaimRequest.Kind.ALONE
        ? "SELECT "
            + EventRows.COLUMNS
            + " "
            + fromAlone()
            + Dialect.FIRST_ALONE.formatted(NOT_HELD)
        : OF_LANES.formatted(
            EventRows.COLUMNS, Dialect.fromLane(request, "share.name", "share.most", NOT_HELD));
  }

  private static Query query(Handle handle, String sql, ClaimRequest request, Instant now) {
    Query query = EventRows.bindClaim(handle.createQuery(sql), request, now);
    if (request.kind() == ClaimRequest.Kind.ALONE) {
      return query;
    }
    List<LaneShare> shares = request.shares();
    return query
        .bindArray(
            "lanes", String.class, shares.stream().map(share -> share.lane().code()).toList())
        .bindArray("limits", Integer.class, shares.stream().map(LaneShare::limit).toList());
  }

  /** Null if another claimer was faster: then there may be more. */
  private static @Nullable Claimed tryClaim(
      Handle handle, String sql, ClaimRequest request, Instant now, Instant until) {
    var leaseId = new AtomicLong();
    List<WebhookEvent> events =
        query(handle, sql, request, now)
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
  public List<Boolean> insert(Handle handle, List<Arrival> arrivals, AttemptsAllowed allowed) {
    // One statement, which commits by itself: to end a transaction would take another round trip.
    return new PostgresBatches(handle).insert(arrivals, allowed);
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

  @Override
  public boolean indexesEffectsApart() {
    return true;
  }
}
