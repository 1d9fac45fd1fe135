package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.acuse.audit.AuditTrail;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.QueryLimit;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What the inbox holds. Each method is told whose events are seen. Thread-safe. Every method throws
 * {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class EventReader {
  private static final int MOST_SCOPES = 100;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final KnownAccounts known;
  private final DeliveryReader deliveries;

  /** Of each scope that was asked about lately. */
  private final Map<Scope, StatusCounts> counts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Scope, StatusCounts> eldest) {
          return size() > MOST_SCOPES;
        }
      };

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed; need not be able to connect yet
   * @param clock the database's time
   * @param known which accounts there are
   */
  public EventReader(Jdbi jdbi, InstantSource clock, KnownAccounts known) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.known = known;
    this.deliveries = new DeliveryReader(jdbi);
  }

  private EventCounts counts(Scope scope) {
    StatusCounts ofScope;
    synchronized (counts) {
      ofScope =
          counts.computeIfAbsent(
              scope, any -> new StatusCounts(() -> count(any), EventReader::inBackground));
    }
    return ofScope.get();
  }

  private static void inBackground(Runnable task) {
    var thread = new Thread(task, "event-count");
    thread.setDaemon(true);
    thread.start();
  }

  /** The event with this id. */
  public Optional<WebhookEvent> find(Scope scope, long id) {
    return jdbi.withHandle(handle -> find(handle, scope, id));
  }

  /** The same of any event, in the transaction of a handle. */
  static Optional<WebhookEvent> find(Handle handle, long id) {
    return find(handle, Scope.everything(), id);
  }

  /** The same in the transaction of a handle. */
  static Optional<WebhookEvent> find(Handle handle, Scope scope, long id) {
    HeldLeases leases = HeldLeases.read(handle);
    return handle
        .createQuery(
            "SELECT "
                + EventRows.COLUMNS
                + " FROM webhook_events WHERE id = :id"
                + EventRows.seenBy(scope))
        .bind("id", id)
        .map(EventRows.MAPPER)
        .findOne()
        .map(leases::seen);
  }

  /** The event with this idempotency key; of several accounts' the newest. */
  public Optional<WebhookEvent> findByWebhookId(Scope scope, String webhookId) {
    return jdbi.withHandle(
        handle -> {
          HeldLeases leases = HeldLeases.read(handle);
          return scope.among(known.ids()).stream()
              .flatMap(account -> ofKey(handle, account, webhookId).stream())
              .max(Comparator.comparing(WebhookEvent::id))
              .map(leases::seen);
        });
  }

  private static Optional<WebhookEvent> ofKey(Handle handle, long account, String webhookId) {
    return handle
        .createQuery(
            "SELECT "
                + EventRows.COLUMNS
                + " FROM webhook_events WHERE account_id = "
                + account
                + " AND webhook_id = :webhookId")
        .bind("webhookId", webhookId)
        .map(EventRows.MAPPER)
        .findOne();
  }

  /**
   * Events that match, newest first; an id decides, because it never changes. For people, so within
   * the {@link QueryLimit}. What works effects off is left out unless the filter {@linkplain
   * EventFilter#takesEffects takes it}.
   *
   * @param before only events that were stored before the one with this id; null for the newest
   */
  public List<WebhookEvent> page(
      Scope scope, EventFilter filter, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(
                handle,
                () -> new EventSelection(handle, filter, scope, known).newest(before, limit)));
  }

  /** The request that brought an event; empty if there is no such event. */
  public Optional<ReceivedRequest> request(Scope scope, long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT raw_payload, query_string, headers FROM webhook_events WHERE id = :id"
                        + EventRows.seenBy(scope))
                .bind("id", id)
                .map(
                    (row, context) ->
                        new ReceivedRequest(
                            row.getBytes("raw_payload"),
                            row.getString("query_string"),
                            headers(row.getString("headers"))))
                .findOne());
  }

  /** The exact bytes received. */
  public Optional<byte[]> payload(Scope scope, long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT raw_payload FROM webhook_events WHERE id = :id"
                        + EventRows.seenBy(scope))
                .bind("id", id)
                .mapTo(byte[].class)
                .findOne());
  }

  /** The history of an event, in order. */
  public List<Attempt> attempts(Scope scope, long eventId) {
    return jdbi.withHandle(handle -> AttemptRows.of(handle, scope, eventId));
  }

  /** How many events are in each status, of whatever origin; those with none included. */
  public Map<EventStatus, Long> countByStatus(Scope scope) {
    return count(scope).all();
  }

  private EventCounts count(Scope scope) {
    return jdbi.withHandle(handle -> new CountStatements(handle, scope, known).exact());
  }

  /**
   * How many events are in each status, but no more than {@code cap} of effects and of others: then
   * there are as many or more. So it costs some thousand index entries at most where it is for a
   * label.
   */
  public EventCounts countByStatusUpTo(Scope scope, int cap) {
    return jdbi.withHandle(handle -> new CountStatements(handle, scope, known).upTo(cap));
  }

  /**
   * A word that is another one after an event arrived or an attempt ended; it may be the same after
   * an attempt began. What operators do is in {@link AuditTrail#version}. Cheap at any size. It
   * tells nothing of what the scope does not see: for that it goes by the newest events of each
   * status.
   */
  public String version(Scope scope) {
    return jdbi.withHandle(handle -> EventVersion.of(handle, scope));
  }

  /**
   * How many events arrived in each stretch of time, by the status that they are in now. Stretches
   * without any are left out, and so is what effects made: it did not arrive.
   *
   * @param from the start of the first stretch
   * @param length of each; whole seconds, because H2 rounds the quotient of numbers with a fraction
   */
  public List<ArrivalCount> arrivals(Scope scope, Instant from, Duration length) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT (CAST(FLOOR(EXTRACT(EPOCH FROM received_at)) AS BIGINT)
                        - CAST(:fromSeconds AS BIGINT)) / CAST(:seconds AS BIGINT) AS stretch,
                      %s AS seen, COUNT(*) AS n
                    FROM webhook_events
                    WHERE received_at >= :from AND received_at <= :to AND origin <> 'effect'%s
                    GROUP BY 1, 2
                    """
                        .formatted(HeldLeases.STATUS, EventRows.seenBy(scope)))
                .bindArray("held", Long.class, HeldLeases.read(handle).ids())
                .bind("from", from)
                .bind("to", clock.instant())
                .bind("fromSeconds", from.getEpochSecond())
                .bind("seconds", length.toSeconds())
                .map(
                    (row, context) ->
                        new ArrivalCount(
                            row.getInt("stretch"),
                            EventStatus.of(row.getString("seen")),
                            row.getLong("n")))
                .list());
  }

  /** How many events have failed for this reason, of whatever origin; at most a thousand. */
  public long countFailed(Scope scope, String errorKind) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COUNT(*) FROM (SELECT id FROM webhook_events
                      WHERE status = 'failed' AND last_error_kind = :errorKind%s LIMIT 1000) capped
                    """
                        .formatted(EventRows.seenBy(scope)))
                .bind("errorKind", errorKind)
                .mapTo(Long.class)
                .one());
  }

  /** How many events are pending, leased ones apart: of whatever origin, due or not. */
  public long countPending(Scope scope) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) FROM webhook_events"
                        + " WHERE status = 'pending' AND id <> ALL(:held)"
                        + EventRows.seenBy(scope))
                .bindArray("held", Long.class, HeldLeases.read(handle).ids())
                .mapTo(Long.class)
                .one());
  }

  /** How many events could be claimed now, if nothing held them back. */
  public long countDue(Scope scope) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COUNT(*) FROM webhook_events
                    WHERE status = 'pending' AND next_retry_at <= :now AND id <> ALL(:held)%s
                    """
                        .formatted(EventRows.seenBy(scope)))
                .bindArray("held", Long.class, HeldLeases.read(handle).ids())
                .bind("now", clock.instant())
                .mapTo(Long.class)
                .one());
  }

  /** Which of these resources a pending or processing event stands for. */
  public Set<String> openResources(
      Scope scope, String source, String eventType, Collection<String> ids) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT resource_id FROM webhook_events
                    WHERE resource_id = ANY(:ids) AND status = 'pending' AND origin <> 'effect'
                      AND source = :source AND event_type = :eventType%s
                    """
                        .formatted(EventRows.seenBy(scope)))
                .bindArray("ids", String.class, ids)
                .bind("source", source)
                .bind("eventType", eventType)
                .mapTo(String.class)
                .set());
  }

  /**
   * By which way payments first came, by the event that succeeded first: how many by each origin,
   * where a webhook that needed more than one attempt is a {@code retry}, and a payment without a
   * successful event is {@code unknown}.
   *
   * @param paymentIds our ids of payments, each once; all of them go in one statement
   */
  public Map<String, Long> firstWays(Scope scope, Collection<Long> paymentIds) {
    return jdbi.withHandle(
        handle -> {
          Map<String, Long> numbers = new TreeMap<>();
          handle
              .createQuery(
                  """
                  SELECT first.way, COUNT(*) AS number FROM (
                    SELECT (SELECT CASE WHEN e.origin <> 'webhook' THEN e.origin
                        WHEN e.claim_no > 1 THEN 'retry' ELSE 'webhook' END
                      FROM webhook_events e
                      WHERE e.payment_id = p.id AND e.status = 'success' AND e.origin <> 'effect'%s
                      ORDER BY e.finished_at, e.id LIMIT 1) AS way
                    FROM UNNEST(CAST(:ids AS BIGINT ARRAY)) AS p (id)) AS first
                  GROUP BY first.way
                  """
                      .formatted(EventRows.seenBy(scope)))
              .bindArray("ids", Long.class, paymentIds)
              .map(
                  (row, context) -> {
                    String way = row.getString("way");
                    return Map.entry(way == null ? "unknown" : way, row.getLong("number"));
                  })
              .forEach(entry -> numbers.put(entry.getKey(), entry.getValue()));
          return numbers;
        });
  }

  /** When webhooks came. */
  public DeliveryReader deliveries() {
    return deliveries;
  }

  /** What the inbox holds now; if it is large, the counts are some seconds old. */
  public Backlog backlog(Scope scope) {
    EventCounts byStatus = counts(scope);
    Instant now = clock.instant();
    return jdbi.withHandle(
        handle -> {
          var statements = new BacklogStatements(handle, scope, known);
          return new Backlog(byStatus, statements.oldestDue(now), statements.countByDownstream());
        });
  }

  /**
   * Since when the event of each of these accounts' lanes that has been due for longest is waiting;
   * lanes in which none of theirs is due are missing.
   */
  public Map<Lane, Instant> oldestDue(Scope scope) {
    Instant now = clock.instant();
    return jdbi.withHandle(handle -> new BacklogStatements(handle, scope, known).oldestDue(now));
  }

  /**
   * How many events of each account are in a status; accounts without any are left out, and cost no
   * statement of their own.
   *
   * @param accounts whose
   * @param status that has ended
   * @param cap no more than that are counted
   */
  public Map<Long, Long> countByAccount(Collection<Long> accounts, EventStatus status, int cap) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(handle, () -> new AccountCounts(handle, status).upTo(cap, accounts)));
  }

  private static Map<String, String> headers(String json) {
    try {
      return EventDao.JSON.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the headers of an event are not readable", e);
    }
  }

  /**
   * The topics with events that no handler took, those of one account after those of another. It
   * reads some hundred entries of an index for each topic, within the {@link QueryLimit}.
   */
  public List<UnhandledTopic> unhandled(Scope scope) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> new UnhandledEvents(handle).topics(scope)));
  }

  /** How many webhooks are verified and no account's; they wait until the account is there. */
  public long unknownAccounts() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COUNT(*) FROM webhook_events
                    WHERE account_id = 0 AND status = 'quarantined' AND origin <> 'effect'
                    """)
                .mapTo(Long.class)
                .one());
  }
}
