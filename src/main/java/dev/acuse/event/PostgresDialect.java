package dev.acuse.event;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** PostgreSQL: many claimers, each skips what another has locked. */
final class PostgresDialect implements Dialect {
  /**
   * A common table expression, because with {@code WHERE id IN (SELECT … LIMIT n)} the planner may
   * run the subquery again and touch more rows than the limit.
   *
   * <p>What is locked is found again by its place, not its key: nothing moves it any more. One that
   * moved between the statement's beginning and its lock is not found, and left to the next claim.
   */
  private static final String CLAIM =
      """
      WITH due AS (SELECT ctid %s FOR UPDATE SKIP LOCKED)
      UPDATE webhook_events %s FROM due WHERE webhook_events.ctid = due.ctid
      RETURNING %s
      """;

  static final Dialect INSTANCE = new PostgresDialect();

  private PostgresDialect() {}

  @Override
  public List<WebhookEvent> claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    String sql =
        CLAIM.formatted(Dialect.from(request), CLAIM_SET, EventRows.qualified("webhook_events"));
    List<WebhookEvent> claimed =
        EventRows.bindClaim(handle.createQuery(sql), request, now)
            .bind("now", now)
            .bind("until", until)
            .bind("owner", request.owner())
            .map(EventRows.MAPPER)
            .list();
    // RETURNING keeps no order.
    return claimed.stream().sorted(Comparator.comparing(WebhookEvent::id)).toList();
  }

  @Override
  public List<Boolean> insert(Handle handle, List<Arrival> arrivals, int maxAttempts) {
    return new PostgresBatches(handle).insert(arrivals, maxAttempts);
  }

  @Override
  public List<Boolean> end(Handle handle, Ending.Kind kind, List<Ending> endings, Instant now) {
    return new PostgresBatches(handle).end(kind, endings, now);
  }

  @Override
  public List<Long> lockExpired(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            """
            SELECT id FROM webhook_events
            WHERE status = 'processing' AND lease_expires_at < :now
            ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
            """)
        .bind("now", now)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  @Override
  public void sync(Handle handle) {
    // A commit is on disk when it returns (synchronous_commit).
  }
}
