package dev.acuse.event;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * H2: one process, and in it one claimer. {@code SKIP LOCKED} parses, but {@code LIMIT} applies
 * before the skipping, and there is no {@code RETURNING}: so select, update, read back.
 */
final class H2Dialect implements Dialect {
  private final Lock inserting = new ReentrantLock();

  @Override
  public List<WebhookEvent> claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    List<Long> ids =
        EventRows.bindClaim(handle.createQuery(Dialect.select(request)), request, now)
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

  /**
   * One after another, and never against a key that is there: while {@code ON CONFLICT} meets a row
   * that another transaction is changing, H2 2.4.240 tries again in a tight loop, and for as long
   * as it does, other sessions see rows as they were before their last commit.
   */
  @Override
  public boolean insertOnce(Handle handle, String webhookId, Predicate<Handle> insert) {
    inserting.lock();
    try {
      return !isKnown(handle, webhookId) && handle.inTransaction(insert::test);
    } finally {
      inserting.unlock();
    }
  }

  private static boolean isKnown(Handle handle, String webhookId) {
    return handle
        .createQuery("SELECT id FROM webhook_events WHERE webhook_id = :webhookId")
        .bind("webhookId", webhookId)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  @Override
  public void sync(Handle handle) {
    // With WRITE_DELAY=0 a commit survives the death of the process; only this one survives a
    // power cut as well.
    handle.execute("CHECKPOINT SYNC");
  }
}
