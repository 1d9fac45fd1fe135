package dev.acuse.audit;

import dev.acuse.database.SqlTypesPlugin;
import dev.acuse.text.Text;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, and why; the only door to {@code operator_actions}. Thread-safe. Every method
 * throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class AuditTrail {
  private static final int MAX_ACTOR = 64;
  private static final int MAX_TARGET = 1024;
  private static final int MAX_REASON = 512;
  private static final String SELECT =
      """
      SELECT id, at, actor, action, event_id, target, matched, changed, reason, finished_at
      FROM operator_actions
      """;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param jdbi with {@link SqlTypesPlugin} installed
   * @param clock the database's time
   */
  public AuditTrail(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * What is about to be done, by whom and why.
   *
   * @param reason in the person's words; null or blank if none was given
   */
  public record Deed(String actor, String action, @Nullable String reason) {}

  /** Writes down what was done to one event, or to one thing that has none. */
  public long record(Deed deed, @Nullable Long eventId, String target) {
    Instant now = clock.instant();
    return jdbi.withHandle(handle -> insert(handle, deed, new Scope(eventId, target, 1, 1), now));
  }

  /** Writes down what begins to be done to many; {@link #progress} and {@link #finish} follow. */
  public long begin(Deed deed, String target, long matched) {
    return jdbi.withHandle(
        handle -> insert(handle, deed, new Scope(null, target, matched, 0), null, clock.instant()));
  }

  /** How many events were changed so far. */
  public void progress(long id, long changed) {
    update(id, changed, null);
  }

  /** Everything is done that will be. */
  public void finish(long id, long changed) {
    update(id, changed, clock.instant());
  }

  private void update(long id, long changed, @Nullable Instant finishedAt) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "UPDATE operator_actions SET changed = :changed, finished_at = :finishedAt"
                        + " WHERE id = :id")
                .bind("id", id)
                .bind("changed", changed)
                .bindByType("finishedAt", finishedAt, Instant.class)
                .execute());
  }

  /** One action. */
  public Optional<OperatorAction> find(long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "WHERE id = :id")
                .bind("id", id)
                .map(ConstructorMapper.of(OperatorAction.class))
                .findOne());
  }

  /**
   * All actions, newest first.
   *
   * @param before only those before the one with this id; null for the newest
   */
  public List<OperatorAction> page(@Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "WHERE id < :before ORDER BY id DESC LIMIT :limit")
                .bind("before", before == null ? Long.MAX_VALUE : before)
                .bind("limit", limit)
                .map(ConstructorMapper.of(OperatorAction.class))
                .list());
  }

  /**
   * A word that is another one after an action was written down, went on or ended; cheap at any
   * size, because it looks at the newest ten alone.
   */
  public String version() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COALESCE((SELECT MAX(id) FROM operator_actions), 0) AS actions,
                      (SELECT COALESCE(SUM(changed), 0) + COUNT(finished_at) FROM
                        (SELECT changed, finished_at FROM operator_actions
                          ORDER BY id DESC LIMIT 10) latest) AS progress
                    """)
                .map((row, context) -> row.getLong("actions") + "." + row.getLong("progress"))
                .one());
  }

  /** What was done to one event alone, in order. */
  public List<OperatorAction> ofEvent(long eventId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + "WHERE event_id = :eventId ORDER BY id LIMIT 200")
                .bind("eventId", eventId)
                .map(ConstructorMapper.of(OperatorAction.class))
                .list());
  }

  private record Scope(@Nullable Long eventId, String target, long matched, long changed) {}

  /** In the transaction of what is done, so that neither is there without the other. */
  public static long insertDone(
      Handle handle, Deed deed, long eventId, String target, Instant now) {
    return insert(handle, deed, new Scope(eventId, target, 1, 1), now);
  }

  private static long insert(Handle handle, Deed deed, Scope scope, Instant now) {
    return insert(handle, deed, scope, now, now);
  }

  private static long insert(
      Handle handle, Deed deed, Scope scope, @Nullable Instant finishedAt, Instant now) {
    String reason = deed.reason();
    return handle
        .createUpdate(
            """
            INSERT INTO operator_actions (at, actor, action, event_id, target, matched, changed,
              reason, finished_at)
            VALUES (:now, :actor, :action, :eventId, :target, :matched, :changed, :reason,
              :finishedAt)
            """)
        .bind("now", now)
        .bind("actor", Text.cut(deed.actor(), MAX_ACTOR))
        .bind("action", deed.action())
        .bind("eventId", scope.eventId())
        .bind("target", Text.cut(scope.target(), MAX_TARGET))
        .bind("matched", scope.matched())
        .bind("changed", scope.changed())
        .bind(
            "reason",
            reason == null || reason.isBlank() ? null : Text.cut(reason.strip(), MAX_REASON))
        .bindByType("finishedAt", finishedAt, Instant.class)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }
}
