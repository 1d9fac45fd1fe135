package dev.acuse.inbox;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks that are verified and were no account's when they came in. They wait until the account
 * is there. Owns its transactions. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class UnknownAccounts {
  private static final String WAITS =
      "account_id = 0 AND status = 'quarantined' AND origin <> 'effect'";

  /** Stands in no key of a delivery's own. */
  private static final String SEPARATOR = "@";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final DueSignal due;

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed
   * @param clock the database's time
   * @param due told of what is due after a commit
   */
  public UnknownAccounts(Jdbi jdbi, InstantSource clock, DueSignal due) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.due = due;
  }

  /**
   * The key of a delivery for as long as it is no account's. It names the application that has
   * signed, because what one has signed must not count as a duplicate of what another has.
   *
   * @param key of the delivery, as its account will have it
   */
  public static String key(String key, Lane lane) {
    return key + SEPARATOR + lane.code();
  }

  private static String withoutLane(String key, Lane lane) {
    String end = SEPARATOR + lane.code();
    return key.endsWith(end) ? key.substring(0, key.length() - end.length()) : key;
  }

  /** The lanes in which something waits: each says which application has signed. */
  public List<Lane> lanes() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT DISTINCT lane FROM webhook_events WHERE " + WAITS + " ORDER BY lane")
                .mapTo(String.class)
                .map(Lane::new)
                .list());
  }

  /**
   * One that waits.
   *
   * @param webhookId as its account will have it
   */
  private record Held(long id, String webhookId, @Nullable String sellerId, int deliveries) {
    static Held of(ResultSet row, Lane lane) throws SQLException {
      return new Held(
          row.getLong("id"),
          withoutLane(row.getString("webhook_id"), lane),
          row.getString("seller_id"),
          row.getInt("deliveries"));
    }
  }

  /**
   * Gives events of a lane to accounts; they are due at once. One that its account has already,
   * because it was delivered again since, ends as ignored, and its deliveries are added to that.
   *
   * @param accounts the ids of the application's accounts, by seller
   * @param sole takes what names no seller; null leaves that where it is
   * @param limit at most so many events
   * @return how many left; fewer than the limit if no more wait for these accounts
   */
  public int release(Lane lane, Map<String, Long> accounts, @Nullable Long sole, int limit) {
    int released =
        jdbi.inTransaction(
            handle -> {
              Map<Long, List<Held>> byAccount = new HashMap<>();
              List<Held> held = lock(handle, lane, accounts.keySet(), sole != null, limit);
              for (Held one : held) {
                Long account = one.sellerId() == null ? sole : accounts.get(one.sellerId());
                if (account != null) {
                  byAccount.computeIfAbsent(account, id -> new ArrayList<>()).add(one);
                }
              }
              byAccount.forEach((account, some) -> release(handle, account, some));
              return held.size();
            });
    if (released > 0) {
      due.due();
    }
    return released;
  }

  private static List<Held> lock(
      Handle handle, Lane lane, Set<String> sellers, boolean withNone, int limit) {
    return handle
        .createQuery(
            "SELECT id, webhook_id, seller_id, deliveries FROM webhook_events WHERE "
                + WAITS
                + """
                  AND lane = :lane
                  AND (seller_id = ANY(:sellers) OR (:withNone AND seller_id IS NULL))
                ORDER BY id LIMIT :limit FOR UPDATE
                """)
        .bind("lane", lane.code())
        .bindArray("sellers", String.class, sellers)
        .bind("withNone", withNone)
        .bind("limit", limit)
        .map((row, context) -> Held.of(row, lane))
        .list();
  }

  private void release(Handle handle, long accountId, List<Held> events) {
    Instant now = clock.instant();
    Map<String, Long> known = known(handle, accountId, events);
    PreparedBatch fresh =
        handle.prepareBatch(
            """
            UPDATE webhook_events SET account_id = :accountId, lane = :lane,
              webhook_id = :webhookId, status = 'pending', next_retry_at = :now,
              last_error = NULL, last_error_kind = NULL, updated_at = :now
            WHERE id = :id
            """);
    for (Held one : events) {
      Long same = known.get(one.webhookId());
      if (same == null) {
        fresh
            .bind("accountId", accountId)
            .bind("lane", Place.mercadoPago(accountId).lane().code())
            .bind("webhookId", one.webhookId())
            .bind("now", now)
            .bind("id", one.id())
            .add();
      } else {
        merge(handle, accountId, one, same, now);
      }
    }
    if (fresh.size() > 0) {
      fresh.execute();
    }
  }

  private static Map<String, Long> known(Handle handle, long accountId, List<Held> events) {
    Set<EventKey> keys =
        events.stream()
            .map(one -> new EventKey(accountId, one.webhookId()))
            .collect(Collectors.toCollection(HashSet::new));
    return EventKey.bind(
            handle.createQuery(
                "SELECT e.id, e.webhook_id FROM "
                    + EventKey.GIVEN
                    + """
                    JOIN webhook_events e
                      ON e.account_id = given.account_id AND e.webhook_id = given.webhook_id
                    """),
            keys)
        .map((row, context) -> Map.entry(row.getString("webhook_id"), row.getLong("id")))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * The row stays until it is purged, because the books count it: as one of the account's, by which
   * it may be retried, and under a key that no other has.
   */
  private static void merge(Handle handle, long accountId, Held one, long same, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE webhook_events SET deliveries = deliveries + :more WHERE id = :id
            """)
        .bind("more", one.deliveries())
        .bind("id", same)
        .execute();
    handle
        .createUpdate(
            """
            UPDATE webhook_events SET account_id = :accountId, lane = :lane,
              webhook_id = :webhookId, status = 'ignored', finished_at = :now, updated_at = :now,
              last_error = :reason, last_error_kind = NULL
            WHERE id = :id
            """)
        .bind("accountId", accountId)
        .bind("lane", Place.mercadoPago(accountId).lane().code())
        .bind("webhookId", one.webhookId() + SEPARATOR + one.id())
        .bind("now", now)
        .bind("reason", "event " + same + " is the same delivery")
        .bind("id", one.id())
        .execute();
  }
}
