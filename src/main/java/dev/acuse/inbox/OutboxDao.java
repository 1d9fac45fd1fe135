package dev.acuse.inbox;

import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The statements of {@link Outbox}, one a method, for the length of one handle. */
final class OutboxDao {
  private final Handle handle;

  OutboxDao(Handle handle) {
    this.handle = handle;
  }

  /** By both columns of the key, because by one alone H2 would read all of the account's rows. */
  Optional<Outbox.Stored> find(NewEvent event) {
    return handle
        .createQuery(
            """
            SELECT id, status, last_error FROM webhook_events
            WHERE account_id = :accountId AND webhook_id = :webhookId
            """)
        .bind("accountId", event.place().accountId())
        .bind("webhookId", event.webhookId())
        .map(
            (row, context) ->
                new Outbox.Stored(
                    row.getLong("id"),
                    EventStatus.of(row.getString("status")),
                    row.getString("last_error")))
        .findOne();
  }

  /** Those that are pending, whether something holds them or not. */
  Set<Long> open(Collection<Long> ids) {
    return new HashSet<>(
        handle
            .createQuery(
                "SELECT id FROM webhook_events WHERE id = ANY(:ids) AND status = 'pending'")
            .bindArray("ids", Long.class, ids)
            .map((row, context) -> row.getLong("id"))
            .list());
  }

  /** Those of these in such a status whose rows nothing else changes; they are locked. */
  List<Long> lockFree(Collection<Long> ids, Collection<String> statuses) {
    return handle
        .createQuery(
            """
            SELECT id FROM webhook_events WHERE id = ANY(:ids) AND status = ANY(:statuses)
            ORDER BY id FOR UPDATE SKIP LOCKED
            """)
        .bindArray("ids", Long.class, ids)
        .bindArray("statuses", String.class, statuses)
        .map((row, context) -> row.getLong("id"))
        .list();
  }

  /** An event that is leased stays so: its time counts only when the lease is over. */
  void hasten(Collection<Long> ids, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE webhook_events SET next_retry_at = :now
            WHERE id = ANY(:ids) AND status = 'pending' AND next_retry_at > :now
            """)
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  /** In which lanes events are worked off. */
  Set<Lane> lanes(Collection<Long> ids) {
    return new HashSet<>(
        handle
            .createQuery("SELECT DISTINCT lane FROM webhook_events WHERE id = ANY(:ids)")
            .bindArray("ids", Long.class, ids)
            .map((row, context) -> new Lane(row.getString("lane")))
            .list());
  }

  /**
   * What has ended is held by no lease, so no claim can be at it. It goes into the lane that it
   * would be stored in now.
   */
  void reopen(Collection<Long> ids, Lane lane, int maxAttempts, boolean isAsked, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE webhook_events SET status = 'pending', next_retry_at = :now, attempts = 0,
              outages = 0, outage_since = NULL, rescues = 0, finished_at = NULL,
              max_attempts = :maxAttempts, lane = :lane, updated_at = :now%s
            WHERE id = ANY(:ids)
            """
                .formatted(isAsked ? ", retried_at = :now" : ""))
        .bindArray("ids", Long.class, ids)
        .bind("maxAttempts", maxAttempts)
        .bind("lane", lane.code())
        .bind("now", now)
        .execute();
  }
}
