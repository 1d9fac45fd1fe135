package dev.acuse.mercadopago.reconciliation;

import dev.acuse.database.RowTime;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Cause;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Orders;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Lease;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Progress;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.State;
import dev.acuse.text.Text;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** The statements of {@link ReconciliationStore}, one a method, for the length of one handle. */
final class ReconciliationDao {
  private static final int MAX_ERROR = 2048;

  private static final String SELECT =
      """
      SELECT r.id, r.cause, r.requested_by, r.dry_run, r.window_from, r.window_to, r.reached,
        r.newest, r.status, r.worker, r.resumed, r.remote, r.known, r.missing, r.stale, r.untagged,
        r.queued, r.orders, r.orders_behind, COALESCE(r.orders_reached, r.window_from) AS orders_reached,
        r.busy_millis, r.error, r.created_at, r.finished_at,
        (SELECT COUNT(*) FROM reconciliation_findings f WHERE f.run_id = r.id AND f.healed_at IS NOT NULL) AS healed
      FROM reconciliation_runs r\s""";

  private static final RowMapper<ReconciliationRun> RUN =
      (row, context) ->
          new ReconciliationRun(
              row.getLong("id"),
              Cause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
              row.getString("requested_by"),
              row.getBoolean("dry_run"),
              RowTime.of(row, "window_from"),
              RowTime.of(row, "window_to"),
              RowTime.of(row, "reached"),
              RowTime.orNull(row, "newest"),
              Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
              row.getString("worker"),
              row.getInt("resumed"),
              new Tally(
                  row.getLong("remote"),
                  row.getLong("known"),
                  row.getLong("missing"),
                  row.getLong("stale"),
                  row.getLong("untagged"),
                  row.getLong("queued")),
              new Orders(
                  row.getLong("orders"),
                  row.getLong("orders_behind"),
                  RowTime.of(row, "orders_reached")),
              row.getLong("healed"),
              row.getLong("busy_millis"),
              row.getString("error"),
              RowTime.of(row, "created_at"),
              RowTime.orNull(row, "finished_at"));

  private final Handle handle;

  ReconciliationDao(Handle handle) {
    this.handle = handle;
  }

  FindingDao findings() {
    return new FindingDao(handle);
  }

  void insertState(String source, Instant watermark) {
    handle
        .createUpdate(
            """
            INSERT INTO reconciliation_state (source, watermark) VALUES (:source, :watermark)
            ON CONFLICT DO NOTHING
            """)
        .bind("source", source)
        .bind("watermark", watermark)
        .execute();
  }

  Optional<State> state(String source) {
    return handle
        .createQuery("SELECT watermark, done_at FROM reconciliation_state WHERE source = :source")
        .bind("source", source)
        .map(ConstructorMapper.of(State.class))
        .findOne();
  }

  boolean takeLease(String source, String owner, Instant now, Instant until) {
    return handle
            .createUpdate(
                """
                UPDATE reconciliation_state
                SET lease_owner = :owner, lease_expires_at = :until, claim_no = claim_no + 1
                WHERE source = :source AND (lease_owner IS NULL OR lease_expires_at < :now)
                """)
            .bind("source", source)
            .bind("owner", owner)
            .bind("now", now)
            .bind("until", until)
            .execute()
        == 1;
  }

  long claimNo(String source) {
    return handle
        .createQuery("SELECT claim_no FROM reconciliation_state WHERE source = :source")
        .bind("source", source)
        .mapTo(Long.class)
        .one();
  }

  boolean renew(String source, Lease lease, Instant until) {
    return handle
            .createUpdate(
                """
                UPDATE reconciliation_state SET lease_expires_at = :until
                WHERE source = :source AND lease_owner = :owner AND claim_no = :claimNo
                """)
            .bind("source", source)
            .bind("owner", lease.owner())
            .bind("claimNo", lease.claimNo())
            .bind("until", until)
            .execute()
        == 1;
  }

  void release(String source, Lease lease) {
    handle
        .createUpdate(
            """
            UPDATE reconciliation_state SET lease_owner = NULL, lease_expires_at = NULL
            WHERE source = :source AND lease_owner = :owner AND claim_no = :claimNo
            """)
        .bind("source", source)
        .bind("owner", lease.owner())
        .bind("claimNo", lease.claimNo())
        .execute();
  }

  long insertRun(
      String source,
      Cause cause,
      Instant from,
      Instant to,
      boolean dryRun,
      @Nullable String requestedBy,
      Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO reconciliation_runs (source, cause, requested_by, dry_run, window_from,
              window_to, reached, status, created_at, updated_at)
            VALUES (:source, :cause, :requestedBy, :dryRun, :from, :to, :from, 'waiting', :now,
              :now)
            """)
        .bind("source", source)
        .bind("cause", cause.code())
        .bind("requestedBy", requestedBy)
        .bind("dryRun", dryRun)
        .bind("from", from)
        .bind("to", to)
        .bind("now", now)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  Optional<ReconciliationRun> unfinished(String source) {
    return handle
        .createQuery(
            SELECT
                + "WHERE r.status IN ('waiting', 'running') AND r.source = :source"
                + " ORDER BY r.id LIMIT 1")
        .bind("source", source)
        .map(RUN)
        .findOne();
  }

  Optional<ReconciliationRun> latestDone(String source) {
    return handle
        .createQuery(
            SELECT
                + "WHERE r.status = 'done' AND r.source = :source AND r.cause = 'schedule'"
                + " ORDER BY r.id DESC LIMIT 1")
        .bind("source", source)
        .map(RUN)
        .findOne();
  }

  void begin(long id, String worker, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE reconciliation_runs SET status = 'running', worker = :worker, error = NULL,
              resumed = resumed + CASE WHEN worker IS NULL THEN 0 ELSE 1 END, updated_at = :now
            WHERE id = :id AND status IN ('waiting', 'running')
            """)
        .bind("id", id)
        .bind("worker", worker)
        .bind("now", now)
        .execute();
  }

  void progress(long id, Progress progress, long busyMillis, Instant now) {
    Tally tally = progress.tally();
    handle
        .createUpdate(
            """
            UPDATE reconciliation_runs SET reached = :reached, remote = remote + :remote,
              newest = CASE WHEN newest IS NULL OR newest < CAST(:newest AS TIMESTAMP WITH TIME ZONE)
                THEN CAST(:newest AS TIMESTAMP WITH TIME ZONE) ELSE newest END,
              known = known + :known, missing = missing + :missing, stale = stale + :stale,
              untagged = untagged + :untagged, queued = queued + :queued,
              busy_millis = busy_millis + :busyMillis, updated_at = :now
            WHERE id = :id
            """)
        .bind("id", id)
        .bind("reached", progress.reached())
        .bind("newest", progress.newest())
        .bind("remote", tally.remote())
        .bind("known", tally.known())
        .bind("missing", tally.missing())
        .bind("stale", tally.stale())
        .bind("untagged", tally.untagged())
        .bind("queued", tally.queued())
        .bind("busyMillis", busyMillis)
        .bind("now", now)
        .execute();
  }

  void ordersProgress(long id, OrderComparison.Result result, long busyMillis, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE reconciliation_runs SET orders_reached = :reached, orders = orders + :orders,
              orders_behind = orders_behind + :behind, queued = queued + :queued,
              busy_millis = busy_millis + :busyMillis, updated_at = :now
            WHERE id = :id
            """)
        .bind("id", id)
        .bind("reached", result.reached())
        .bind("orders", result.orders())
        .bind("behind", result.behind())
        .bind("queued", result.queued())
        .bind("busyMillis", busyMillis)
        .bind("now", now)
        .execute();
  }

  void end(long id, Status status, @Nullable String error, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE reconciliation_runs SET status = :status, error = :error, finished_at = :now,
              updated_at = :now
            WHERE id = :id AND status = 'running'
            """)
        .bind("id", id)
        .bind("status", status.code())
        .bind("error", cut(error))
        .bind("now", now)
        .execute();
  }

  void suspend(long id, @Nullable String error, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE reconciliation_runs SET status = 'waiting', error = :error, updated_at = :now
            WHERE id = :id AND status = 'running'
            """)
        .bind("id", id)
        .bind("error", cut(error))
        .bind("now", now)
        .execute();
  }

  /**
   * Only by a window that was scheduled: one that was asked for may leave a gap before it. A date
   * that is ahead of the time at which the window was opened must not hide what comes before it.
   */
  void moveWatermark(String source, long runId, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE reconciliation_state SET done_at = :now,
              watermark = GREATEST(watermark, COALESCE((SELECT LEAST(newest, created_at)
                FROM reconciliation_runs WHERE id = :runId AND newest IS NOT NULL), watermark))
            WHERE source = :source AND EXISTS (SELECT 1 FROM reconciliation_runs
              WHERE id = :runId AND cause = 'schedule')
            """)
        .bind("source", source)
        .bind("runId", runId)
        .bind("now", now)
        .execute();
  }

  List<ReconciliationRun> page(@Nullable Long before, int limit) {
    return handle
        .createQuery(
            SELECT
                + (before == null ? "" : "WHERE r.id < :before ")
                + "ORDER BY r.id DESC LIMIT :limit")
        .bindMap(before == null ? Map.of() : Map.of("before", before))
        .bind("limit", limit)
        .map(RUN)
        .list();
  }

  String version() {
    return handle
        .createQuery(
            """
            SELECT COALESCE(MAX(id), 0) AS latest,
              (SELECT COUNT(*) FROM reconciliation_runs WHERE status = 'waiting') AS waiting,
              (SELECT COUNT(*) FROM reconciliation_runs WHERE status = 'running') AS running,
              (SELECT COUNT(*) FROM reconciliation_findings WHERE healed_at IS NULL) AS unhealed
            FROM reconciliation_runs
            """)
        .map(
            (row, context) ->
                "%d.%d.%d.%d"
                    .formatted(
                        row.getLong("latest"),
                        row.getLong("waiting"),
                        row.getLong("running"),
                        row.getLong("unhealed")))
        .one();
  }

  int purge(Instant cutOff) {
    return handle
        .createUpdate(
            """
            DELETE FROM reconciliation_runs WHERE finished_at < :cutOff
              AND id < (SELECT MAX(id) FROM reconciliation_runs)
              AND NOT EXISTS (SELECT 1 FROM reconciliation_findings f
                WHERE f.run_id = reconciliation_runs.id AND f.healed_at IS NULL)
            """)
        .bind("cutOff", cutOff)
        .execute();
  }

  Optional<ReconciliationRun> find(long id) {
    return handle.createQuery(SELECT + "WHERE r.id = :id").bind("id", id).map(RUN).findOne();
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null ? null : Text.cut(text, MAX_ERROR);
  }
}
