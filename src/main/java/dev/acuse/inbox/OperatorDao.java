package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.EffectKey;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.Ticket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The statements of {@link EventOperations}, one a method, for the length of one handle. */
final class OperatorDao {
  private static final String MAY_BE_RETRIED = statusIn(EventStatus::mayBeRetried);
  private static final String MAY_BE_IGNORED = statusIn(EventStatus::mayBeIgnored);
  private static final String MAY_BE_RELEASED = statusIn(EventStatus::mayBeReleased);

  private final Handle handle;
  private final String seen;

  /** Changes whatever is named. */
  OperatorDao(Handle handle) {
    this(handle, Scope.everything());
  }

  /** Changes what the scope sees, and nothing else. */
  OperatorDao(Handle handle, Scope scope) {
    this.handle = handle;
    this.seen = EventRows.seenBy(scope);
  }

  /**
   * A condition with the statuses in its text, because the planner knows how many rows have each.
   */
  private static String statusIn(Predicate<EventStatus> which) {
    return EventStatus.KNOWN.stream()
        .filter(which)
        .map(status -> "'" + status.code() + "'")
        .collect(Collectors.joining(", ", "status IN (", ")"));
  }

  /**
   * What is leased, and until the transaction's end nothing more will be: a claim that has begun
   * finds that it has lost its turn, and one that has ended is among these.
   */
  private List<Long> heldWhileNobodyClaims() {
    handle.execute("UPDATE claim_turn SET turn = turn + 1");
    return HeldLeases.read(handle).ids();
  }

  /**
   * What {@linkplain EventStatus#mayBeRetried may be retried} → pending. Answers how many.
   *
   * @param only leaves alone what is in another status by now; null takes all that may be retried
   */
  int retry(List<Long> ids, @Nullable EventStatus only, AttemptsAllowed allowed, Instant now) {
    List<Long> held = heldWhileNobodyClaims();
    int retried = 0;
    for (Map.Entry<Integer, List<Long>> some : byAttempts(ids, allowed).entrySet()) {
      retried += retry(some.getValue(), only, held, some.getKey(), now);
    }
    if (retried > 0) {
      new UnhandledEvents(handle).retried(ids);
    }
    return retried;
  }

  /** These events by how often each may be tried. */
  private Map<Integer, List<Long>> byAttempts(List<Long> ids, AttemptsAllowed allowed) {
    Map<Integer, List<Long>> some = new TreeMap<>();
    handle
        .createQuery("SELECT id, origin, event_type FROM webhook_events WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .map(
            (row, context) ->
                Map.entry(
                    allowed.of(
                        EventOrigin.of(row.getString("origin")), row.getString("event_type")),
                    row.getLong("id")))
        .forEach(
            event ->
                some.computeIfAbsent(event.getKey(), attempts -> new ArrayList<>())
                    .add(event.getValue()));
    return some;
  }

  private int retry(
      List<Long> ids, @Nullable EventStatus only, List<Long> held, int maxAttempts, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET status = 'pending', next_retry_at = :now, attempts = 0,
              outages = 0, outage_since = NULL, rescues = 0, finished_at = NULL,
              max_attempts = :maxAttempts, retried_at = :now, updated_at = :now
            WHERE id = ANY(:ids) AND %s AND id <> ALL(:held)%s
            """
                .formatted(only == null ? MAY_BE_RETRIED : statusIn(only::equals), seen))
        .bindArray("held", Long.class, held)
        .bindArray("ids", Long.class, ids)
        .bind("maxAttempts", maxAttempts)
        .bind("now", now)
        .execute();
  }

  /**
   * Those of these events that work effects off and are in this status now. What is pending counts
   * only if no lease holds it, because nothing else was retried.
   *
   * @return each as {@link EffectChange.Kind#FAILED} with its error, or as {@link
   *     EffectChange.Kind#RETRIED} if the status is pending
   */
  List<EffectChange> effectsAmong(List<Long> ids, EventStatus status) {
    EffectChange.Kind kind =
        status == EventStatus.FAILED ? EffectChange.Kind.FAILED : EffectChange.Kind.RETRIED;
    List<Long> held = status == EventStatus.PENDING ? HeldLeases.read(handle).ids() : List.of();
    return handle
        .createQuery(
            """
            SELECT id, webhook_id, last_error FROM webhook_events
            WHERE id = ANY(:ids) AND effect_id IS NOT NULL AND status = :status
              AND id <> ALL(:held)%s
            ORDER BY id
            """
                .formatted(seen))
        .bindArray("held", Long.class, held)
        .bindArray("ids", Long.class, ids)
        .bind("status", status.code())
        .map((row, context) -> change(row, kind))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<EffectChange> change(ResultSet row, EffectChange.Kind kind)
      throws SQLException {
    long id = row.getLong("id");
    String error = kind == EffectChange.Kind.FAILED ? row.getString("last_error") : null;
    return EffectKey.of(row.getString("webhook_id"))
        .map(key -> new EffectChange(key, id, kind, error));
  }

  /**
   * What {@linkplain EventStatus#mayBeIgnored may be ignored} → ignored. Answers how many. One that
   * no handler took before is then no more one that waits for a handler.
   */
  int ignore(long id, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE webhook_events SET status = 'ignored', next_retry_at = NULL,
              outage_since = NULL, finished_at = :now, updated_at = :now,
              last_error_kind = NULLIF(last_error_kind, 'unhandled_topic')
            WHERE id = :id AND %s AND id <> ALL(:held)%s
            """
                .formatted(MAY_BE_IGNORED, seen))
        .bindArray("held", Long.class, heldWhileNobodyClaims())
        .bind("id", id)
        .bind("now", now)
        .execute();
  }

  /** quarantined → ignored, and the genuine event beside it, in the same account. */
  boolean release(long id, String note, Instant now, NewEvent genuine, AttemptsAllowed allowed) {
    if (genuine.hasUnknownAccount()) {
      // It is genuine already, and the one beside it would be taken for a duplicate of itself.
      return false;
    }
    int released =
        handle
            .createUpdate(
                """
                UPDATE webhook_events SET status = 'ignored', last_error = :note,
                  finished_at = :now, updated_at = :now
                WHERE id = :id AND %s AND account_id = :accountId%s
                """
                    .formatted(MAY_BE_RELEASED, seen))
            .bind("accountId", genuine.place().accountId())
            .bind("id", id)
            .bind("note", note)
            .bind("now", now)
            .execute();
    if (released == 1) {
      new EventDao(handle).insert(List.of(new Arrival(genuine, now, now)), allowed);
    }
    return released == 1;
  }

  Map<EventStatus, Long> statusesOf(List<Long> ids) {
    var counts = new EnumMap<EventStatus, Long>(EventStatus.class);
    handle
        .createQuery(
            """
            SELECT %s AS seen, COUNT(*) AS n FROM webhook_events WHERE id = ANY(:ids)%s GROUP BY 1
            """
                .formatted(HeldLeases.STATUS, seen))
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> Map.entry(EventStatus.of(row.getString("seen")), row.getLong("n")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /**
   * One row of the purge's scan.
   *
   * @param cameBefore received before the cut-off, or after <em>now</em> (the clock was set back)
   * @param endedBefore whether it may be deleted
   */
  record PurgeCandidate(long id, boolean cameBefore, boolean endedBefore) {}

  /**
   * The next rows in order of id, of any status, so that the scan reads no more than {@code limit}
   * rows even if the planner's statistics still count deleted ones. (A BRIN index does not help: it
   * never forgets what a page held, and the pages of deleted rows are used again.) None that has
   * carried an effect out may be deleted, because these have an age of their own; and no genuine
   * one that no handler took, because a later version may have a handler.
   */
  List<PurgeCandidate> scan(
      Instant cutOff, Instant now, List<String> statuses, long after, int limit) {
    return candidates(
        handle
            .createQuery(
                """
                SELECT id, received_at < :cutOff OR received_at > :now AS came_before,
                  COALESCE(status = ANY(:statuses) AND finished_at < :cutOff
                    AND (effect_id IS NULL OR status = 'failed') AND %s, FALSE) AS ended_before
                FROM webhook_events WHERE id > :after ORDER BY id LIMIT :limit
                """
                    .formatted(UnhandledEvents.MAY_GO))
            .bindArray("statuses", String.class, statuses),
        cutOff,
        now,
        after,
        limit);
  }

  /**
   * An account's next rows in order of id that have worked effects off and ended so. They have an
   * index, because where webhooks are kept for good, the whole table would be read for them.
   */
  List<PurgeCandidate> scanEffects(
      long accountId, Instant cutOff, Instant now, EventStatus status, long after, int limit) {
    return candidates(
        handle.createQuery(
            """
            SELECT id, received_at < :cutOff OR received_at > :now AS came_before,
              COALESCE(finished_at < :cutOff, FALSE) AS ended_before
            FROM webhook_events
            WHERE account_id = %d AND status = '%s' AND origin = 'effect' AND id > :after
            ORDER BY account_id, status, id LIMIT :limit
            """
                .formatted(accountId, status.code())),
        cutOff,
        now,
        after,
        limit);
  }

  private static List<PurgeCandidate> candidates(
      Query query, Instant cutOff, Instant now, long after, int limit) {
    return query
        .bind("cutOff", cutOff)
        .bind("now", now)
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new PurgeCandidate(
                    row.getLong("id"),
                    row.getBoolean("came_before"),
                    row.getBoolean("ended_before")))
        .list();
  }

  /**
   * One that was deleted.
   *
   * @param ticket null if it came in without one
   * @param effect what it worked off; null for any other event
   */
  record Deleted(long id, @Nullable Ticket ticket, @Nullable EffectKey effect) {}

  /** An event that was retried in the meantime stays. The books say where the others went. */
  List<Deleted> purge(List<Long> ids, Instant cutOff, List<String> statuses) {
    List<Deleted> deleted =
        handle
            .createQuery(
                """
                SELECT id, intake_run, intake_no, effect_id, webhook_id FROM webhook_events
                WHERE id = ANY(:ids) AND status = ANY(:statuses) AND finished_at < :cutOff
                ORDER BY id FOR UPDATE
                """)
            .bindArray("ids", Long.class, ids)
            .bindArray("statuses", String.class, statuses)
            .bind("cutOff", cutOff)
            .map((row, context) -> new Deleted(row.getLong("id"), ticket(row), effect(row)))
            .list();
    delete(deleted);
    return deleted;
  }

  /** An event that has left quarantine in the meantime stays. Answers how many are gone. */
  int deleteQuarantined(List<Long> ids) {
    List<Deleted> deleted =
        handle
            .createQuery(
                """
                SELECT id, intake_run, intake_no, effect_id, webhook_id FROM webhook_events
                WHERE id = ANY(:ids) AND status = 'quarantined' ORDER BY id FOR UPDATE
                """)
            .bindArray("ids", Long.class, ids)
            .map((row, context) -> new Deleted(row.getLong("id"), ticket(row), effect(row)))
            .list();
    delete(deleted);
    return deleted.size();
  }

  private void delete(List<Deleted> events) {
    Map<String, Long> purged = new TreeMap<>();
    for (Deleted event : events) {
      if (event.ticket() != null) {
        purged.merge(event.ticket().run(), 1L, Long::sum);
      }
    }
    purged.forEach(handle.attach(LedgerDao.class)::addPurged);
    List<Long> ids = events.stream().map(Deleted::id).toList();
    new UnhandledEvents(handle).deleted(ids);
    handle
        .createUpdate("DELETE FROM webhook_events WHERE id = ANY(:ids)")
        .bindArray("ids", Long.class, ids)
        .execute();
  }

  private static @Nullable EffectKey effect(ResultSet row) throws SQLException {
    return row.getObject("effect_id", Long.class) == null
        ? null
        : EffectKey.of(row.getString("webhook_id")).orElse(null);
  }

  private static @Nullable Ticket ticket(ResultSet row) throws SQLException {
    String run = row.getString("intake_run");
    return run == null ? null : new Ticket(run, row.getLong("intake_no"));
  }

  boolean pause(String by, Instant now) {
    return handle
            .createUpdate(
                """
                INSERT INTO inbox_hold (id, paused_at, paused_by) VALUES (1, :now, :by)
                ON CONFLICT DO NOTHING
                """)
            .bind("now", now)
            .bind("by", by)
            .execute()
        == 1;
  }

  boolean resume() {
    return handle.createUpdate("DELETE FROM inbox_hold").execute() == 1;
  }

  Optional<Pause> paused() {
    return handle
        .createQuery("SELECT paused_at, paused_by FROM inbox_hold")
        .map(ConstructorMapper.of(Pause.class))
        .findOne();
  }
}
