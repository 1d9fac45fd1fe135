package dev.acuse.event;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * H2: one process, and in it one claimer. {@code SKIP LOCKED} parses, but {@code LIMIT} applies
 * before the skipping, and there is no {@code RETURNING}: so select, update, read back.
 */
final class H2Dialect implements Dialect {
  static final Dialect INSTANCE = new H2Dialect();

  private H2Dialect() {}

  @Override
  public List<WebhookEvent> claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    List<Long> ids =
        EventRows.bindClaim(handle.createQuery("SELECT id " + Dialect.from(request)), request, now)
            .mapTo(Long.class)
            .list();
    if (ids.isEmpty()) {
      return List.of();
    }
    handle
        .createUpdate(
            "UPDATE webhook_events " + CLAIM_SET + "WHERE id = ANY(:ids) AND status = 'pending'")
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .bind("until", until)
        .bind("owner", request.owner())
        .execute();
    return handle
        .createQuery(
            "SELECT "
                + EventRows.COLUMNS
                + " FROM webhook_events"
                + " WHERE id = ANY(:ids) AND lease_owner = :owner AND claimed_at = :now ORDER BY id")
        .bindArray("ids", Long.class, ids)
        .bind("owner", request.owner())
        .bind("now", now)
        .map(EventRows.MAPPER)
        .list();
  }

  @Override
  public List<Boolean> insert(Handle handle, List<Arrival> arrivals, int maxAttempts) {
    return new H2Batches(handle).insert(arrivals, maxAttempts);
  }

  @Override
  public List<Boolean> end(Handle handle, Ending.Kind kind, List<Ending> endings, Instant now) {
    return new H2Batches(handle).end(kind, endings, now);
  }

  @Override
  public List<Long> lockExpired(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            """
            SELECT id FROM webhook_events
            WHERE status = 'processing' AND lease_expires_at < :now
            ORDER BY id LIMIT :limit FOR UPDATE
            """)
        .bind("now", now)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  @Override
  public void sync(Handle handle) {
    // With WRITE_DELAY=0 a commit survives the death of the process; only this one survives a
    // power cut as well.
    handle.execute("CHECKPOINT SYNC");
  }
}
