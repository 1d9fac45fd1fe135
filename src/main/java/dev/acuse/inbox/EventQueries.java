package dev.acuse.inbox;

import dev.acuse.event.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The statements by which {@link EventStore} decides what to do, one a method, for the length of
 * one handle; what is read for a caller is in {@link EventReader}.
 */
final class EventQueries {
  private final Handle handle;

  EventQueries(Handle handle) {
    this.handle = handle;
  }

  /** Worded so that each engine finds the resource by its index. */
  boolean isProven(long accountId, String source, String eventType, String resourceId) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM webhook_events
            WHERE resource_id = :resourceId AND origin <> 'effect'
              AND (status = 'pending' OR webhook_id NOT LIKE 'mp:payment:%')
              AND source = :source AND event_type = :eventType AND signature = 'verified'
              AND account_id = :accountId
            LIMIT 1
            """)
        .bind("accountId", accountId)
        .bind("source", source)
        .bind("eventType", eventType)
        .bind("resourceId", resourceId)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /**
   * The ids of an account's webhooks that nothing proved and that came to nothing, beyond the
   * budget; a thousand at most.
   */
  List<Long> hintsOver(long accountId, QuarantineBudget budget, Instant cutOff) {
    return handle
        .createQuery(
            """
            SELECT id FROM (
              SELECT id, received_at, ROW_NUMBER() OVER (ORDER BY id DESC) AS place,
                SUM(payload_size) OVER (ORDER BY id DESC) AS bytes
              FROM webhook_events
              WHERE account_id = :accountId AND status IN ('ignored', 'failed') AND origin = 'webhook'
                AND signature IN ('unverifiable', 'unchecked') AND payment_id IS NULL) AS hints
            WHERE place > :maxRows OR bytes > :maxBytes OR received_at < :cutOff
            ORDER BY id LIMIT 1000
            """)
        .bind("accountId", accountId)
        .bind("maxRows", budget.maxRows())
        .bind("maxBytes", budget.maxBytes())
        .bind("cutOff", cutOff)
        .mapTo(Long.class)
        .list();
  }

  /** The seller that a delivery has named; null if it named none. */
  @Nullable String sellerOf(long accountId, long eventId) {
    return handle
        .createQuery(
            "SELECT seller_id FROM webhook_events WHERE account_id = :accountId AND id = :id")
        .bind("accountId", accountId)
        .bind("id", eventId)
        .map((row, context) -> Optional.ofNullable(row.getString("seller_id")))
        .findOne()
        .flatMap(seller -> seller)
        .orElse(null);
  }

  /** The accounts of which something is pending in a lane. */
  List<Long> accountsIn(Lane lane) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT account_id FROM webhook_events
            WHERE status = 'pending' AND lane = :lane ORDER BY account_id
            """)
        .bind("lane", lane.code())
        .mapTo(Long.class)
        .list();
  }

  boolean anyDueAlone(Set<String> effectKinds, Set<String> heldLanes, Instant now) {
    List<Long> ids =
        handle
            .createQuery("SELECT id " + Dialect.of(handle).fromAlone() + Dialect.ALONE)
            .bind("now", now)
            .bindArray("effectKinds", String.class, effectKinds)
            .bindArray("heldLanes", String.class, heldLanes)
            .mapTo(Long.class)
            .list();
    return !ids.isEmpty() && !HeldLeases.read(handle).ids().containsAll(ids);
  }
}
