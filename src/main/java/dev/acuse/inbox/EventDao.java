package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.event.Arrival;
import dev.acuse.event.Attempt;
import dev.acuse.event.Lane;
import dev.acuse.event.Lease;
import dev.acuse.text.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The statements that write events and leases, one a method, for the length of one handle; those
 * that write many rows are the {@link Dialect}'s.
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
  List<Boolean> insert(List<Arrival> arrivals, AttemptsAllowed allowed) {
    List<Boolean> stored = Dialect.of(handle).insert(handle, arrivals, allowed);
    insistOnDuplicates(arrivals, stored);
    return stored;
  }

  /**
   * What was not inserted must be there already. Without a target, which H2 does not take, {@code
   * ON CONFLICT} swallows a clash of ids as well, from a generator that fell behind: the webhook
   * would be taken for a duplicate and be nowhere. It is no fault of the row's, but the database's.
   */
  private void insistOnDuplicates(List<Arrival> arrivals, List<Boolean> stored) {
    Set<EventKey> keys = new TreeSet<>();
    for (int i = 0; i < arrivals.size(); i++) {
      if (!stored.get(i)) {
        keys.add(EventKey.of(arrivals.get(i).event()));
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    int found =
        EventKey.bind(
                handle.createQuery(
                    "SELECT COUNT(*) FROM "
                        + EventKey.GIVEN
                        + """
                        JOIN webhook_events e
                          ON e.account_id = given.account_id AND e.webhook_id = given.webhook_id
                        """),
                keys)
            .mapTo(Integer.class)
            .one();
    if (found < keys.size()) {
      throw new ConnectionException(
          new SQLException("ids of webhook_events clash: their generator is behind; start again"));
    }
  }

  /** Counts further deliveries of events that are there already. */
  void countDeliveries(SortedMap<EventKey, Integer> more, Instant now) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE webhook_events SET deliveries = deliveries + :more, last_delivered_at = :now
            WHERE account_id = :account AND webhook_id = :webhookId
            """);
    more.forEach(
        (key, count) ->
            batch
                .bind("account", key.accountId())
                .bind("webhookId", key.webhookId())
                .bind("more", count)
                .bind("now", now)
                .add());
    batch.execute();
  }

  /** Answers how many of the leases are still the owner's. */
  int renew(String owner, Collection<Long> leaseIds, Instant until) {
    return handle
        .createUpdate(
            "UPDATE webhook_leases SET expires_at = :until WHERE id = ANY(:ids) AND owner = :owner")
        .bindArray("ids", Long.class, leaseIds)
        .bind("owner", owner)
        .bind("until", until)
        .execute();
  }

  /** Who holds these leases; those that nobody holds any more are missing. */
  Map<Long, String> owners(Collection<Long> leaseIds) {
    var owners = new HashMap<Long, String>();
    handle
        .createQuery("SELECT id, owner FROM webhook_leases WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, leaseIds)
        .map((row, context) -> owners.put(row.getLong("id"), row.getString("owner")))
        .list();
    return owners;
  }

  /**
   * Deletes leases of which every event has ended; those of these owners, for a database that lost
   * its last commits may have given the same id to somebody else.
   */
  void deleteLeases(Collection<Long> leaseIds, Collection<String> owners) {
    handle
        .createUpdate("DELETE FROM webhook_leases WHERE id = ANY(:ids) AND owner = ANY(:owners)")
        .bindArray("ids", Long.class, leaseIds)
        .bindArray("owners", String.class, owners)
        .execute();
  }

  /** Deletes the owner's leases but for these. */
  int deleteStray(String owner, Collection<Long> known) {
    return handle
        .createUpdate("DELETE FROM webhook_leases WHERE owner = :owner AND id <> ALL(:known)")
        .bind("owner", owner)
        .bindArray("known", Long.class, known)
        .execute();
  }

  /** Those of these ends whose attempts stand in the history as they are. */
  Set<AttemptEnd> recorded(List<AttemptEnd> endings) {
    Set<RecordedAttempt> there = new HashSet<>();
    handle
        .createQuery(
            "SELECT event_id, number, worker FROM webhook_attempts"
                + " WHERE event_id = ANY(:ids) AND number = ANY(:numbers)")
        .bindArray("ids", Long.class, endings.stream().map(end -> end.attempt().eventId()).toList())
        .bindArray(
            "numbers", Long.class, endings.stream().map(end -> end.attempt().number()).toList())
        .map((row, context) -> there.add(RecordedAttempt.of(row)))
        .list();
    Set<AttemptEnd> recorded = Collections.newSetFromMap(new IdentityHashMap<>());
    endings.stream()
        .filter(end -> there.contains(RecordedAttempt.of(end.attempt())))
        .forEach(recorded::add);
    return recorded;
  }

  /** An attempt of another process, or the one that a rescue writes, has another worker. */
  private record RecordedAttempt(long eventId, long number, String worker) {
    static RecordedAttempt of(ResultSet row) throws SQLException {
      return new RecordedAttempt(
          row.getLong("event_id"), row.getLong("number"), row.getString("worker"));
    }

    static RecordedAttempt of(Attempt attempt) {
      return new RecordedAttempt(attempt.eventId(), attempt.number(), attempt.worker());
    }
  }

  /** Deletes leases that have run out. */
  void deleteExpired(Collection<Long> leaseIds) {
    handle
        .createUpdate("DELETE FROM webhook_leases WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, leaseIds)
        .execute();
  }

  /**
   * What was written after {@code limit}, which is later than now: the clock has been set back
   * since. What is pending is due now, and a lease ends at {@code until}.
   */
  int mendFuture(Instant limit, Instant now, Instant until) {
    // Leases before events, as everybody locks them.
    int leases =
        handle
            .createUpdate("UPDATE webhook_leases SET expires_at = :until WHERE claimed_at > :limit")
            .bind("limit", limit)
            .bind("until", until)
            .execute();
    return leases
        + handle
            .createUpdate(
                """
                UPDATE webhook_events SET updated_at = :now, next_retry_at = :now
                WHERE updated_at > :limit AND status = 'pending' AND next_retry_at > :now
                """)
            .bind("limit", limit)
            .bind("now", now)
            .execute();
  }

  /** Those of an expired lease that have not ended. */
  List<Long> lost(ExpiredLease lease) {
    return lost(lease, lease.claimNos().keySet(), "");
  }

  /**
   * Locks some of an expired lease that have not ended; but waits for nobody who holds one, for
   * claims wait for this. Answers their ids.
   */
  List<Long> lockLost(ExpiredLease lease, List<Long> ids) {
    return lost(lease, ids, " ORDER BY id FOR UPDATE SKIP LOCKED");
  }

  private List<Long> lost(ExpiredLease lease, Collection<Long> ids, String lock) {
    List<Long> lost = new ArrayList<>();
    handle
        .createQuery(
            "SELECT id, claim_no FROM webhook_events WHERE id = ANY(:ids) AND status = 'pending'"
                + lock)
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> new Lease(row.getLong("id"), lease.owner(), row.getLong("claim_no")))
        .forEach(
            before -> {
              if (Objects.equals(lease.claimNos().get(before.eventId()), before.claimNo() + 1)) {
                lost.add(before.eventId());
              }
            });
    return lost;
  }

  /** Writes into the history that the process which held the lease is gone. */
  void insertLeaseExpired(ExpiredLease lease, List<Long> ids, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
              error_kind, error, steps, reason, reason_args)
            SELECT id, claim_no + 1, :owner, :claimedAt, :now, 'lease_expired', 'lease_expired',
              'lease expired (process gone)', '[]', 'lease_expired', '[]'
            FROM webhook_events WHERE id = ANY(:ids)
            ON CONFLICT DO NOTHING
            """)
        .bindArray("ids", Long.class, ids)
        .bind("owner", lease.owner())
        .bind("claimedAt", lease.claimedAt())
        .bind("now", now)
        .execute();
  }

  /** Gives lost events back, or ends those that are out of attempts. Answers how many ended. */
  int rescue(List<Long> ids, Instant now) {
    int ended =
        rescue(
            ids,
            now,
            "status = 'failed', next_retry_at = NULL, finished_at = :now",
            "attempts + 1 >= max_attempts");
    // Those that ended are not pending any more.
    rescue(ids, now, "next_retry_at = :now", "status = 'pending'");
    return ended;
  }

  private int rescue(List<Long> ids, Instant now, String set, String which) {
    return handle
        .createUpdate(
            "UPDATE webhook_events SET "
                + set
                + """
                , attempts = attempts + 1, claim_no = claim_no + 1,
                  rescues = rescues + 1, last_error = 'lease expired (process gone)',
                  last_error_kind = 'lease_expired', updated_at = :now
                WHERE id = ANY(:ids) AND\s"""
                + which)
        .bindArray("ids", Long.class, ids)
        .bind("now", now)
        .execute();
  }

  /**
   * What of these lanes waited for an outage to end is due now. Answers how many events that are.
   *
   * @param first no code of a lane is before this
   * @param end each is before this
   */
  int release(String first, String end, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET next_retry_at = :now
            WHERE status = 'pending' AND lane >= :first AND lane < :end
              AND outage_since IS NOT NULL AND next_retry_at > :now
            """)
        .bind("first", first)
        .bind("end", end)
        .bind("now", now)
        .execute();
  }

  /** Puts what is pending in an account's lanes of the same kind into this lane. */
  int move(long accountId, Lane to) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET lane = :lane
            WHERE status = 'pending' AND lane >= :first AND lane < :end AND lane <> :lane
              AND account_id = :accountId
            """)
        .bind("lane", to.code())
        .bind("first", to.kind().first())
        .bind("end", to.kind().end())
        .bind("accountId", accountId)
        .execute();
  }

  /** Puts what is pending of an account in one lane into another; answers how many that are. */
  int move(long accountId, Lane from, Lane to) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET lane = :to
            WHERE status = 'pending' AND lane = :from AND account_id + 0 = :accountId
            """)
        .bind("to", to.code())
        .bind("from", from.code())
        .bind("accountId", accountId)
        .execute();
  }

  /**
   * Deletes what an account has over the budget, the oldest first. Answers how many events that
   * were. The books say where those went that were answered for.
   */
  int trimQuarantine(long accountId, QuarantineBudget budget, Instant cutOff) {
    List<Long> ids =
        handle
            .createQuery(
                """
                SELECT id FROM (
                  SELECT id, received_at, ROW_NUMBER() OVER (ORDER BY id DESC) AS place,
                    SUM(payload_size) OVER (ORDER BY id DESC) AS bytes
                  FROM webhook_events
                  WHERE account_id = :account AND status = 'quarantined' AND origin <> 'effect'
                ) AS kept
                WHERE place > :maxRows OR bytes > :maxBytes OR received_at < :cutOff
                ORDER BY id LIMIT 1000
                """)
            .bind("account", accountId)
            .bind("cutOff", cutOff)
            .bind("maxRows", budget.maxRows())
            .bind("maxBytes", budget.maxBytes())
            .mapTo(Long.class)
            .list();
    return ids.isEmpty() ? 0 : new OperatorDao(handle).deleteQuarantined(ids);
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }

  static @Nullable String cut(@Nullable String text) {
    return text == null ? null : Text.cut(text, MAX_ERROR);
  }
}
