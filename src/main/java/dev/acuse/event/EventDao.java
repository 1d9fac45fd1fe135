package dev.acuse.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The statements that write events, one a method, for the length of one handle; those that end
 * attempts are in {@link EndingDao}.
 */
final class EventDao {
  static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private static final int MAX_ERROR = 2048;

  private final Handle handle;

  EventDao(Handle handle) {
    this.handle = handle;
  }

  /** Answers for each whether it is new; the others have a key that is there already. */
  List<Boolean> insert(List<Arrival> arrivals, int maxAttempts) {
    List<Boolean> stored = Dialect.of(handle).insert(handle, arrivals, maxAttempts);
    insistOnDuplicates(arrivals, stored);
    return stored;
  }

  /**
   * What was not inserted must be there already. Without a target, which H2 does not take, {@code
   * ON CONFLICT} swallows a clash of ids as well, from a generator that fell behind: the webhook
   * would be taken for a duplicate and be nowhere. It is no fault of the row's, but the database's.
   */
  private void insistOnDuplicates(List<Arrival> arrivals, List<Boolean> stored) {
    Set<String> keys = new TreeSet<>();
    for (int i = 0; i < arrivals.size(); i++) {
      if (!stored.get(i)) {
        keys.add(arrivals.get(i).event().webhookId());
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    int found =
        handle
            .createQuery("SELECT COUNT(*) FROM webhook_events WHERE webhook_id = ANY(:keys)")
            .bindArray("keys", String.class, keys)
            .mapTo(Integer.class)
            .one();
    if (found < keys.size()) {
      throw new ConnectionException(
          new SQLException("ids of webhook_events clash: their generator is behind; start again"));
    }
  }

  /** Counts further deliveries of events that are there already, by webhook id. */
  void countDeliveries(SortedMap<String, Integer> more, Instant now) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE webhook_events SET deliveries = deliveries + :more, last_delivered_at = :now
            WHERE webhook_id = :webhookId
            """);
    more.forEach(
        (webhookId, count) ->
            batch.bind("webhookId", webhookId).bind("more", count).bind("now", now).add());
    batch.execute();
  }

  /** Answers how many of the events are still held by the owner. */
  int renew(String owner, List<Long> ids, Instant until) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET lease_expires_at = :until
            WHERE id = ANY(:ids) AND lease_owner = :owner AND status = 'processing'
            """)
        .bindArray("ids", Long.class, ids)
        .bind("owner", owner)
        .bind("until", until)
        .execute();
  }

  /**
   * Rows that were written after {@code limit}, which is later than now: the clock has been set
   * back since. What is pending is due now, and a lease ends at {@code until}.
   */
  int mendFuture(Instant limit, Instant now, Instant until) {
    return mendFuture("next_retry_at = :now", "status = 'pending' AND next_retry_at > :now", limit)
            .bind("now", now)
            .execute()
        + mendFuture("lease_expires_at = :until", "status = 'processing'", limit)
            .bind("now", now)
            .bind("until", until)
            .execute();
  }

  private Update mendFuture(String set, String which, Instant limit) {
    return handle
        .createUpdate(
            "UPDATE webhook_events SET updated_at = :now, "
                + set
                + " WHERE updated_at > :limit AND "
                + which)
        .bind("limit", limit);
  }

  /** Writes into the history that the process which held the lease is gone. */
  void insertLeaseExpired(List<Long> ids, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
              error_kind, error, steps)
            SELECT id, claim_no, lease_owner, claimed_at, :now, 'lease_expired', 'lease_expired',
              'lease expired (process gone)', '[]'
            FROM webhook_events WHERE id = ANY(:ids)
            """)
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  /** Gives expired events back, or ends those that are out of attempts. Answers how many ended. */
  int rescue(List<Long> ids, Instant now) {
    int ended =
        rescue(ids, now, "status = 'failed', finished_at = :now", "attempts >= max_attempts");
    rescue(ids, now, "status = 'pending', next_retry_at = :now", "attempts < max_attempts");
    return ended;
  }

  private int rescue(List<Long> ids, Instant now, String set, String which) {
    return handle
        .createUpdate(
            "UPDATE webhook_events SET "
                + set
                + """
                , rescues = rescues + 1, lease_owner = NULL, lease_expires_at = NULL,
                  last_error = 'lease expired (process gone)', last_error_kind = 'lease_expired',
                  updated_at = :now
                WHERE id = ANY(:ids) AND status = 'processing' AND\s"""
                + which)
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  /** What waited for a downstream is due now. Answers how many events that are. */
  int release(String downstream, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET next_retry_at = :now
            WHERE status = 'pending' AND waits_for = :waitsFor AND next_retry_at > :now
            """)
        .bind("waitsFor", downstream)
        .bind("now", now)
        .execute();
  }

  /** Deletes what is over the budget, the oldest first. Answers how many events that were. */
  int trimQuarantine(QuarantineBudget budget, Instant cutOff) {
    return handle
        .createUpdate(
            """
            DELETE FROM webhook_events WHERE status = 'quarantined' AND (received_at < :cutOff
              OR id IN (SELECT id FROM (
                SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS place,
                  SUM(payload_size) OVER (ORDER BY id DESC) AS bytes
                FROM webhook_events WHERE status = 'quarantined') AS kept
              WHERE place > :maxRows OR bytes > :maxBytes))
            """)
        .bind("cutOff", cutOff)
        .bind("maxRows", budget.maxRows())
        .bind("maxBytes", budget.maxBytes())
        .execute();
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }

  static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR);
  }
}
