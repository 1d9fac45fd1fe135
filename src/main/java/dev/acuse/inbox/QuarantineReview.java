package dev.acuse.inbox;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * How events leave quarantine: the provider is asked whether what they name exists. Owns its
 * transactions. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the
 * database is out of reach.
 */
public final class QuarantineReview {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final DueSignal due;

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed
   * @param clock the database's time
   * @param due told of what is due after a commit
   */
  public QuarantineReview(Jdbi jdbi, InstantSource clock, DueSignal due) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.due = due;
  }

  /**
   * The quarantined event of an account to ask about next: one that was never asked about first.
   *
   * @param eventTypes those that can be asked about
   * @param again how long after a look it may be asked about again
   * @param maxAge older ones are left to expire
   */
  public Optional<WebhookEvent> next(
      long accountId, String source, List<String> eventTypes, Duration again, Duration maxAge) {
    Instant now = clock.instant();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + EventRows.COLUMNS
                        + """
                         FROM webhook_events
                        WHERE account_id = :accountId AND status = 'quarantined' AND origin <> 'effect'
                          AND source = :source AND resource_id IS NOT NULL AND LOWER(event_type) = ANY(:types)
                          AND received_at > :oldest
                          AND (examined_at IS NULL OR examined_at < :again)
                        ORDER BY CASE WHEN examined_at IS NULL THEN 0 ELSE 1 END, examined_at, id
                        LIMIT 1
                        """)
                .bind("accountId", accountId)
                .bind("source", source)
                .bindArray("types", String.class, eventTypes)
                .bind("oldest", now.minus(maxAge))
                .bind("again", now.minus(again))
                .map(EventRows.MAPPER)
                .findOne());
  }

  /**
   * Those of these accounts that have an event to ask about, by id.
   *
   * @param eventTypes those that can be asked about
   * @param again how long after a look it may be asked about again
   * @param maxAge older ones are left to expire
   */
  public List<Long> waiting(
      Collection<Long> accountIds,
      String source,
      List<String> eventTypes,
      Duration again,
      Duration maxAge) {
    Instant now = clock.instant();
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT DISTINCT e.account_id
                    FROM UNNEST(CAST(:accountIds AS BIGINT ARRAY)) AS given (account_id)
                    JOIN webhook_events e
                      ON e.account_id = given.account_id AND e.status = 'quarantined'
                    WHERE e.origin <> 'effect' AND e.source = :source
                      AND e.resource_id IS NOT NULL AND LOWER(e.event_type) = ANY(:types)
                      AND e.received_at > :oldest
                      AND (e.examined_at IS NULL OR e.examined_at < :again)
                    ORDER BY e.account_id
                    """)
                .bindArray("accountIds", Long.class, accountIds)
                .bind("source", source)
                .bindArray("types", String.class, eventTypes)
                .bind("oldest", now.minus(maxAge))
                .bind("again", now.minus(again))
                .mapTo(Long.class)
                .list());
  }

  /** The provider does not know what this event and its like name; they stay. */
  public void leave(WebhookEvent event) {
    jdbi.useTransaction(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE webhook_events SET examined_at = :now
                    WHERE account_id = :accountId AND status = 'quarantined' AND source = :source
                      AND resource_id = :resourceId AND event_type = :eventType
                    """)
                .bind("accountId", event.accountId())
                .bind("now", clock.instant())
                .bind("source", event.source())
                .bind("resourceId", event.resourceId())
                .bind("eventType", event.eventType())
                .execute());
  }

  /**
   * The provider knows what this event names. quarantined → pending; others that name the same →
   * ignored, for one look-up says all that they could.
   *
   * @return false if it is not quarantined any more
   */
  public boolean confirm(WebhookEvent event) {
    boolean released = release(event);
    if (released) {
      due.due();
    }
    return released;
  }

  private boolean release(WebhookEvent event) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          int released =
              handle
                  .createUpdate(
                      """
                      UPDATE webhook_events SET status = 'pending', next_retry_at = :now,
                        examined_at = :now, confirmed_at = :now, last_error = NULL,
                        updated_at = :now
                      WHERE id = :id AND status = 'quarantined'
                      """)
                  .bind("now", now)
                  .bind("id", event.id())
                  .execute();
          if (released == 1) {
            handle
                .createUpdate(
                    """
                    UPDATE webhook_events SET status = 'ignored', examined_at = :now,
                      confirmed_at = :now, finished_at = :now, updated_at = :now,
                      last_error = :reason
                    WHERE account_id = :accountId AND status = 'quarantined' AND source = :source
                      AND resource_id = :resourceId AND event_type = :eventType
                    """)
                .bind("accountId", event.accountId())
                .bind("now", now)
                .bind("reason", "event " + event.id() + " looks the same up")
                .bind("source", event.source())
                .bind("resourceId", event.resourceId())
                .bind("eventType", event.eventType())
                .execute();
          }
          return released == 1;
        });
  }
}
