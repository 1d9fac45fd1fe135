package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.AttemptStep;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.WebhookEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The statements that read events and attempts, for the length of one handle. */
public final class EventQueries {
  private static final RowMapper<Attempt> ATTEMPT =
      (row, context) -> {
        int httpStatus = row.getInt("http_status");
        boolean answered = !row.wasNull();
        return new Attempt(
            row.getLong("event_id"),
            row.getLong("number"),
            row.getString("worker"),
            instant(row, "started_at", context),
            instant(row, "finished_at", context),
            outcome(row.getString("outcome")),
            row.getString("error_kind"),
            row.getString("error"),
            answered ? httpStatus : null,
            steps(row.getString("steps")));
      };

  /** One by one, each by the index that holds this status alone, and all at one moment. */
  private static final String COUNTS =
      Arrays.stream(EventStatus.values())
          .filter(status -> status != EventStatus.PROCESSING)
          .map(EventStatus::code)
          .map(
              code ->
                  "SELECT '%s' AS status, COUNT(*) AS n FROM webhook_events WHERE status = '%s'"
                      .formatted(code, code))
          .collect(Collectors.joining(" UNION ALL "));

  private final Handle handle;

  public EventQueries(Handle handle) {
    this.handle = handle;
  }

  Optional<WebhookEvent> find(long id) {
    HeldLeases leases = HeldLeases.read(handle);
    return handle
        .createQuery("SELECT " + EventRows.COLUMNS + " FROM webhook_events WHERE id = :id")
        .bind("id", id)
        .map(EventRows.MAPPER)
        .findOne()
        .map(leases::seen);
  }

  /** Those of the resources that an event stands for which has not ended. */
  Set<String> openResources(String source, String eventType, Collection<String> ids) {
    return handle
        .createQuery(
            """
            SELECT resource_id FROM webhook_events
            WHERE resource_id = ANY(:ids) AND status = 'pending'
              AND source = :source AND event_type = :eventType
            """)
        .bindArray("ids", String.class, ids)
        .bind("source", source)
        .bind("eventType", eventType)
        .mapTo(String.class)
        .set();
  }

  /** Worded so that each engine finds the resource by its index. */
  boolean isProven(String source, String eventType, String resourceId) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM webhook_events
            WHERE resource_id = :resourceId
              AND (status = 'pending' OR webhook_id NOT LIKE 'mp:payment:%')
              AND source = :source AND event_type = :eventType AND signature = 'verified'
            LIMIT 1
            """)
        .bind("source", source)
        .bind("eventType", eventType)
        .bind("resourceId", resourceId)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /**
   * The ids of webhooks that nothing proved and that came to nothing, beyond the budget; a thousand
   * at most.
   */
  List<Long> hintsOver(QuarantineBudget budget, Instant cutOff) {
    return handle
        .createQuery(
            """
            SELECT id FROM (
              SELECT id, received_at, ROW_NUMBER() OVER (ORDER BY id DESC) AS place,
                SUM(payload_size) OVER (ORDER BY id DESC) AS bytes
              FROM webhook_events
              WHERE status IN ('ignored', 'failed') AND origin = 'webhook'
                AND signature IN ('unverifiable', 'unchecked') AND payment_id IS NULL) AS hints
            WHERE place > :maxRows OR bytes > :maxBytes OR received_at < :cutOff
            ORDER BY id LIMIT 1000
            """)
        .bind("maxRows", budget.maxRows())
        .bind("maxBytes", budget.maxBytes())
        .bind("cutOff", cutOff)
        .mapTo(Long.class)
        .list();
  }

  List<Instant> latestDeliveries() {
    return handle
        .createQuery(
            """
            SELECT received_at FROM webhook_events
            WHERE origin = 'webhook' AND status <> 'quarantined' ORDER BY id DESC LIMIT 200
            """)
        .mapTo(Instant.class)
        .list();
  }

  Optional<WebhookEvent> findByWebhookId(String webhookId) {
    HeldLeases leases = HeldLeases.read(handle);
    return handle
        .createQuery(
            "SELECT " + EventRows.COLUMNS + " FROM webhook_events WHERE webhook_id = :webhookId")
        .bind("webhookId", webhookId)
        .map(EventRows.MAPPER)
        .findOne()
        .map(leases::seen);
  }

  /**
   * Newest first, older than the one with id {@code before}; an id decides, for it never changes.
   */
  List<WebhookEvent> page(EventFilter filter, @Nullable Long before, int limit) {
    HeldLeases leases = HeldLeases.read(handle);
    var criteria = new EventCriteria(filter, leases);
    var query =
        criteria
            .bind(
                handle.createQuery(
                    "SELECT "
                        + EventRows.COLUMNS
                        + " FROM webhook_events WHERE "
                        + criteria.conditions()
                        + (before == null ? "" : " AND id < :before")
                        + " ORDER BY id DESC LIMIT :limit"))
            .bind("limit", limit);
    if (before != null) {
      query.bind("before", before);
    }
    return query.map(EventRows.MAPPER).stream().map(leases::seen).toList();
  }

  Optional<ReceivedRequest> request(long id) {
    return handle
        .createQuery("SELECT raw_payload, query_string, headers FROM webhook_events WHERE id = :id")
        .bind("id", id)
        .map(
            (row, context) ->
                new ReceivedRequest(
                    row.getBytes("raw_payload"),
                    row.getString("query_string"),
                    headers(row.getString("headers"))))
        .findOne();
  }

  Optional<byte[]> payload(long id) {
    return handle
        .createQuery("SELECT raw_payload FROM webhook_events WHERE id = :id")
        .bind("id", id)
        .mapTo(byte[].class)
        .findOne();
  }

  List<Attempt> attempts(long eventId) {
    return handle
        .createQuery(
            """
            SELECT event_id, number, worker, started_at, finished_at, outcome, error_kind, error,
              http_status, steps
            FROM webhook_attempts WHERE event_id = :eventId ORDER BY number
            """)
        .bind("eventId", eventId)
        .map(ATTEMPT)
        .list();
  }

  public boolean anyDueAlone(Instant now) {
    List<Long> ids =
        handle
            .createQuery("SELECT id " + Dialect.FROM_ALONE)
            .bind("now", now)
            .mapTo(Long.class)
            .list();
    return !ids.isEmpty() && !HeldLeases.read(handle).ids().containsAll(ids);
  }

  Map<EventStatus, Long> countByStatus() {
    long held = HeldLeases.read(handle).ids().size();
    var counts = new EnumMap<EventStatus, Long>(EventStatus.class);
    handle
        .createQuery(COUNTS)
        .map((row, context) -> Map.entry(EventStatus.of(row.getString("status")), row.getLong("n")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return apart(counts, held);
  }

  /** Of what is pending so many events are leased. */
  private static Map<EventStatus, Long> apart(EnumMap<EventStatus, Long> counts, long held) {
    long pending = counts.getOrDefault(EventStatus.PENDING, 0L);
    // Some may have ended since the leases were read, and are counted as that already.
    long processing = Math.min(pending, held);
    counts.put(EventStatus.PENDING, pending - processing);
    counts.put(EventStatus.PROCESSING, processing);
    return counts;
  }

  /**
   * No count is higher than {@code cap}: for a label that costs a thousand index entries at most.
   */
  Map<EventStatus, Long> countByStatusUpTo(int cap) {
    int held = HeldLeases.read(handle).ids().size();
    var counts = new EnumMap<EventStatus, Long>(EventStatus.class);
    for (EventStatus status : EventStatus.values()) {
      if (status != EventStatus.PROCESSING) {
        int atMost = status == EventStatus.PENDING ? cap + held : cap;
        counts.put(status, countUpTo(status, atMost));
      }
    }
    apart(counts, held);
    counts.merge(EventStatus.PROCESSING, (long) cap, Math::min);
    return counts;
  }

  private long countUpTo(EventStatus status, int cap) {
    return handle
        .createQuery(
            "SELECT COUNT(*) FROM (SELECT id FROM webhook_events WHERE status = '"
                + status.code()
                + "' LIMIT :cap) capped")
        .bind("cap", cap)
        .mapTo(Long.class)
        .one();
  }

  /** In whole seconds: of numbers with a fraction H2 rounds the quotient. */
  List<Arrivals> arrivals(Instant from, Instant to, long seconds) {
    return handle
        .createQuery(
            """
            SELECT (CAST(FLOOR(EXTRACT(EPOCH FROM received_at)) AS BIGINT)
                - CAST(:fromSeconds AS BIGINT)) / CAST(:seconds AS BIGINT) AS stretch,
              %s AS seen, COUNT(*) AS n
            FROM webhook_events WHERE received_at >= :from AND received_at <= :to
            GROUP BY 1, 2
            """
                .formatted(HeldLeases.STATUS))
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .bind("from", from)
        .bind("to", to)
        .bind("fromSeconds", from.getEpochSecond())
        .bind("seconds", seconds)
        .map(
            (row, context) ->
                new Arrivals(
                    row.getInt("stretch"), EventStatus.of(row.getString("seen")), row.getLong("n")))
        .list();
  }

  /** By the event that succeeded first, each payment's by an index. */
  Map<String, Long> firstWays(Collection<Long> paymentIds) {
    Map<String, Long> numbers = new TreeMap<>();
    handle
        .createQuery(
            """
            SELECT first.way, COUNT(*) AS number FROM (
              SELECT (SELECT CASE WHEN e.origin <> 'webhook' THEN e.origin
                  WHEN e.claim_no > 1 THEN 'retry' ELSE 'webhook' END
                FROM webhook_events e
                WHERE e.payment_id = p.id AND e.status = 'success'
                ORDER BY e.finished_at, e.id LIMIT 1) AS way
              FROM UNNEST(CAST(:ids AS BIGINT ARRAY)) AS p (id)) AS first
            GROUP BY first.way
            """)
        .bindArray("ids", Long.class, paymentIds)
        .map(
            (row, context) -> {
              String way = row.getString("way");
              return Map.entry(way == null ? "unknown" : way, row.getLong("number"));
            })
        .forEach(entry -> numbers.put(entry.getKey(), entry.getValue()));
    return numbers;
  }

  /** Changes with whatever an attempt or an arrival does; cheap at any size. */
  String version() {
    return handle
        .createQuery(
            """
            SELECT COALESCE((SELECT MAX(id) FROM webhook_events), 0) AS events,
              (%s) AS attempts,
              COALESCE((SELECT MAX(id) FROM webhook_leases), 0) AS claims,
              (SELECT COUNT(*) FROM webhook_leases) AS leases
            """
                .formatted(Dialect.of(handle).latestAttempt()))
        .map(
            (row, context) ->
                row.getLong("events")
                    + "."
                    + row.getLong("attempts")
                    + "."
                    + row.getLong("claims")
                    + "."
                    + row.getLong("leases"))
        .one();
  }

  @Nullable Instant oldestDueAt(Instant now) {
    return handle
        .createQuery(
            """
            SELECT MIN(next_retry_at) FROM webhook_events
            WHERE status = 'pending' AND next_retry_at <= :now AND id <> ALL(:held)
            """)
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .bind("now", now)
        .mapTo(Instant.class)
        .findOne()
        .orElse(null);
  }

  long countDue(Instant now) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM webhook_events
            WHERE status = 'pending' AND next_retry_at <= :now AND id <> ALL(:held)
            """)
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .bind("now", now)
        .mapTo(Long.class)
        .one();
  }

  Map<String, Long> countByDownstream() {
    var counts = new TreeMap<String, Long>();
    handle
        .createQuery(
            """
            SELECT waits_for, COUNT(*) AS n FROM webhook_events
            WHERE status = 'pending' AND waits_for IS NOT NULL AND id <> ALL(:held)
            GROUP BY waits_for
            """)
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .map((row, context) -> Map.entry(row.getString("waits_for"), row.getLong("n")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  private static Instant instant(ResultSet row, String column, StatementContext context)
      throws SQLException {
    return context.findColumnMapperFor(Instant.class).orElseThrow().map(row, column, context);
  }

  private static AttemptOutcome outcome(String code) {
    return AttemptOutcome.valueOf(code.toUpperCase(Locale.ROOT));
  }

  private static List<AttemptStep> steps(String json) {
    try {
      return EventDao.JSON.readValue(json, new TypeReference<List<AttemptStep>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the steps of an attempt are not readable", e);
    }
  }

  private static Map<String, String> headers(String json) {
    try {
      return EventDao.JSON.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the headers of an event are not readable", e);
    }
  }
}
