package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Scope;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader.Latest;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader.State;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.DefinedAttributeTemplateEngine;
import org.jdbi.v3.sqlobject.CreateSqlObject;
import org.jdbi.v3.sqlobject.config.KeyColumn;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.UseTemplateEngine;
import org.jdbi.v3.sqlobject.customizer.AllowUnusedBindings;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.customizer.Define;
import org.jdbi.v3.sqlobject.statement.GetGeneratedKeys;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** The statements of {@link ReconciliationStore} and {@link ReconciliationReader}. */
@RegisterConstructorMapper(State.class)
@RegisterConstructorMapper(ReconciliationRun.class)
@RegisterConstructorMapper(ReconciliationDao.Version.class)
interface ReconciliationDao extends Transactional<ReconciliationDao> {
  String SELECT =
      """
      SELECT r.id, r.account_id, r.cause, r.requested_by, r.dry_run, r.window_from, r.window_to, r.reached,
        r.newest,
        CASE WHEN r.gap_from IS NOT NULL AND r.status = 'failed' THEN 'set_aside'
          ELSE r.status END AS status,
        r.tries, r.gap_from, r.gap_to, r.worker, r.resumed, r.remote, r.known, r.missing, r.stale, r.untagged,
        r.queued, r.orders AS orders_remote, r.orders_behind,
        COALESCE(r.orders_reached, r.window_from) AS orders_reached,
        r.online_orders AS online_remote, r.online_behind,
        COALESCE(r.online_reached, r.window_from) AS online_reached,
        r.busy_millis, r.error, r.created_at, r.finished_at,
        (SELECT COUNT(*) FROM reconciliation_findings f
          WHERE f.run_id = r.id AND f.healed_at IS NOT NULL) AS healed
      FROM reconciliation_runs r
      """;

  /** The statements about findings, in the same transaction. */
  @CreateSqlObject
  FindingDao findings();

  @SqlUpdate(
      """
      INSERT INTO reconciliation_state (account_id, source, watermark)
      VALUES (:accountId, :source, :watermark) ON CONFLICT DO NOTHING
      """)
  void insertState(long accountId, String source, Instant watermark);

  /** Nothing is to be done, now or later. */
  @SqlUpdate(
      """
      INSERT INTO reconciliation_state (account_id, source, watermark, done_at)
      VALUES (:accountId, :source, :now, :now) ON CONFLICT DO NOTHING
      """)
  void insertDone(long accountId, String source, Instant now);

  @SqlQuery(
      """
      SELECT watermark, done_at FROM reconciliation_state
      WHERE account_id = :accountId AND source = :source
      """)
  Optional<State> state(long accountId, String source);

  /** That of each account. */
  @SqlQuery(
      """
      SELECT account_id, watermark, done_at FROM reconciliation_state WHERE source = :source
      """)
  @KeyColumn("account_id")
  Map<Long, State> states(String source);

  /** That of the account whose last comparison is the oldest. */
  @SqlQuery(
      """
      SELECT watermark, done_at FROM reconciliation_state WHERE source = :source <andSeen>
      ORDER BY done_at NULLS FIRST, watermark LIMIT 1
      """)
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  Optional<State> oldestState(
      String source, @Define("andSeen") String andSeen, List<Long> accounts);

  @SqlUpdate(
      """
      UPDATE reconciliation_state
      SET lease_owner = :owner, lease_expires_at = :until, claim_no = claim_no + 1
      WHERE account_id = :accountId AND source = :source
        AND (lease_owner IS NULL OR lease_expires_at < :now)
      """)
  boolean takeLease(long accountId, String source, String owner, Instant now, Instant until);

  @SqlQuery(
      """
      SELECT claim_no FROM reconciliation_state
      WHERE account_id = :accountId AND source = :source
      """)
  long claimNo(long accountId, String source);

  @SqlUpdate(
      """
      UPDATE reconciliation_state SET lease_expires_at = :until
      WHERE account_id = :accountId AND source = :source AND lease_owner = :owner
        AND claim_no = :claimNo
      """)
  boolean renew(long accountId, String source, String owner, long claimNo, Instant until);

  /** How far a holder of the lease has come. */
  @SqlUpdate(
      """
      UPDATE reconciliation_state SET watermark = :watermark
      WHERE account_id = :accountId AND source = :source AND lease_owner = :owner
        AND claim_no = :claimNo
      """)
  boolean advance(long accountId, String source, String owner, long claimNo, Instant watermark);

  /** A holder of the lease has come to the end. */
  @SqlUpdate(
      """
      UPDATE reconciliation_state SET done_at = :now
      WHERE account_id = :accountId AND source = :source AND lease_owner = :owner
        AND claim_no = :claimNo
      """)
  boolean done(long accountId, String source, String owner, long claimNo, Instant now);

  @SqlUpdate(
      """
      UPDATE reconciliation_state SET lease_owner = NULL, lease_expires_at = NULL
      WHERE account_id = :accountId AND source = :source AND lease_owner = :owner
        AND claim_no = :claimNo
      """)
  void release(long accountId, String source, String owner, long claimNo);

  @SqlUpdate(
      """
      INSERT INTO reconciliation_runs (account_id, source, cause, requested_by, dry_run, window_from,
        window_to, reached, status, created_at, updated_at)
      VALUES (:accountId, :source, :cause, :requestedBy, :dryRun, :from, :to, :from, 'waiting', :now, :now)
      """)
  @GetGeneratedKeys("id")
  long insertRun(
      long accountId,
      String source,
      String cause,
      Instant from,
      Instant to,
      boolean dryRun,
      @Nullable String requestedBy,
      Instant now);

  @SqlQuery(
      SELECT
          + """
          WHERE r.account_id = :accountId AND r.status IN ('waiting', 'running')
            AND r.source = :source
          ORDER BY r.id LIMIT 1
          """)
  Optional<ReconciliationRun> unfinished(long accountId, String source);

  @SqlQuery(
      SELECT
          + """
          WHERE r.status = 'done' AND r.source = :source AND r.cause = 'schedule' <andSeen>
          ORDER BY r.id DESC LIMIT 1
          """)
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  Optional<ReconciliationRun> latestDone(
      String source, @Define("andSeen") String andSeen, List<Long> accounts);

  default Optional<Latest> latest(String source, Seen seen) {
    return latestDone(source, seen.and("r.account_id"), seen.accounts())
        .map(run -> new Latest(run, findings().stillMissing(run.accountId(), run.id())));
  }

  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET status = 'running', worker = :worker, error = NULL,
        tries = tries + 1,
        resumed = resumed + CASE WHEN worker IS NULL THEN 0 ELSE 1 END, updated_at = :now
      WHERE id = :id AND account_id = :accountId AND status IN ('waiting', 'running')
      """)
  void begin(long accountId, long id, String worker, Instant now);

  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET reached = :reached, remote = remote + :remote,
        newest = CASE WHEN newest IS NULL OR newest < CAST(:newest AS TIMESTAMP WITH TIME ZONE)
          THEN CAST(:newest AS TIMESTAMP WITH TIME ZONE) ELSE newest END,
        known = known + :known, missing = missing + :missing, stale = stale + :stale,
        untagged = untagged + :untagged, queued = queued + :queued,
        tries = CASE WHEN reached < :reached THEN 0 ELSE tries END,
        busy_millis = busy_millis + :busyMillis, updated_at = :now
      WHERE id = :id AND account_id = :accountId
      """)
  void progress(
      long accountId,
      long id,
      Instant reached,
      @Nullable Instant newest,
      @BindMethods Tally tally,
      long busyMillis,
      Instant now);

  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET orders_reached = :reached, orders = orders + :orders,
        orders_behind = orders_behind + :behind, queued = queued + :queued,
        tries = CASE WHEN orders_reached IS NULL OR orders_reached < :reached THEN 0
          ELSE tries END,
        busy_millis = busy_millis + :busyMillis, updated_at = :now
      WHERE id = :id AND account_id = :accountId
      """)
  void ordersProgress(
      long accountId,
      long id,
      Instant reached,
      long orders,
      long behind,
      long queued,
      long busyMillis,
      Instant now);

  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET online_reached = :reached,
        online_orders = online_orders + :orders, online_behind = online_behind + :behind,
        queued = queued + :queued,
        tries = CASE WHEN online_reached IS NULL OR online_reached < :reached THEN 0
          ELSE tries END,
        busy_millis = busy_millis + :busyMillis, updated_at = :now
      WHERE id = :id AND account_id = :accountId
      """)
  void onlineProgress(
      long accountId,
      long id,
      Instant reached,
      long orders,
      long behind,
      long queued,
      long busyMillis,
      Instant now);

  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET status = :status, error = :error, finished_at = :now,
        updated_at = :now
      WHERE id = :id AND account_id = :accountId AND status = 'running'
      """)
  void end(long accountId, long id, String status, @Nullable String error, Instant now);

  /**
   * running → waiting.
   *
   * @param tries what the run's tries become
   */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET status = 'waiting', error = :error, tries = :tries,
        updated_at = :now
      WHERE id = :id AND account_id = :accountId AND status = 'running'
      """)
  void suspend(long accountId, long id, @Nullable String error, int tries, Instant now);

  /**
   * running → waiting, because other accounts wait for a place. Who goes on with it does not take
   * up what a death cut off, so it has no worker meanwhile.
   */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET status = 'waiting', worker = NULL, tries = :tries,
        updated_at = :now
      WHERE id = :id AND account_id = :accountId AND status = 'running'
      """)
  void giveWay(long accountId, long id, int tries, Instant now);

  /** A gap reaches to the time at which its window was opened: from there the next one begins. */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET gap_from = reached,
        gap_to = GREATEST(reached, LEAST(window_to, created_at))
      WHERE id = :id AND account_id = :accountId
      """)
  void openGap(long accountId, long id);

  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET gap_from = NULL, gap_to = NULL
      WHERE id = :id AND account_id = :accountId
      """)
  void closeGap(long accountId, long id);

  /** Closes the gaps that a window holds. */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET gap_from = NULL, gap_to = NULL
      WHERE account_id = :accountId AND source = :source AND gap_from >= :from AND gap_to <= :to
      """)
  void closeGaps(long accountId, String source, Instant from, Instant to);

  /** Shortens the gaps of which a window holds the beginning. */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET gap_from = :to
      WHERE account_id = :accountId AND source = :source AND gap_from >= :from AND gap_from < :to AND gap_to > :to
      """)
  void shortenGapsFromBelow(long accountId, String source, Instant from, Instant to);

  /** Shortens the gaps of which a window holds the end. */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET gap_to = :from
      WHERE account_id = :accountId AND source = :source AND gap_to <= :to AND gap_to > :from AND gap_from < :from
      """)
  void shortenGapsFromAbove(long accountId, String source, Instant from, Instant to);

  /** By their status, because an index finds the few that are not done. */
  @SqlQuery(
      SELECT
          + """
          WHERE r.status IN ('failed', 'waiting', 'running') AND r.gap_from IS NOT NULL
            AND r.source = :source <andSeen>
          ORDER BY r.id
          """)
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  List<ReconciliationRun> gaps(
      String source, @Define("andSeen") String andSeen, List<Long> accounts);

  @SqlQuery(
      """
      SELECT MAX(gap_to) FROM reconciliation_runs
      WHERE account_id = :accountId AND source = :source
      """)
  @Nullable Instant lastGapEnds(long accountId, String source);

  /** failed with a gap → waiting: the one that was left alone for longest. */
  @SqlUpdate(
      """
      UPDATE reconciliation_runs SET status = 'waiting', tries = :tries, finished_at = NULL,
        updated_at = :now
      WHERE id = (SELECT MIN(r.id) FROM reconciliation_runs r WHERE r.account_id = :accountId
        AND r.source = :source AND r.status = 'failed' AND r.gap_from IS NOT NULL AND r.updated_at < :before)
      """)
  int takeUpSetAside(long accountId, String source, Instant before, int tries, Instant now);

  /**
   * Only by a window that was scheduled: one that was asked for may leave a gap before it. A date
   * that is ahead of the time at which the window was opened must not hide what comes before it.
   */
  @SqlUpdate(
      """
      UPDATE reconciliation_state SET done_at = :now,
        watermark = GREATEST(watermark, COALESCE((SELECT LEAST(newest, created_at)
          FROM reconciliation_runs WHERE id = :runId AND account_id = :accountId
            AND newest IS NOT NULL), watermark))
      WHERE account_id = :accountId AND source = :source
        AND EXISTS (SELECT 1 FROM reconciliation_runs
          WHERE id = :runId AND account_id = :accountId AND cause = 'schedule')
      """)
  void moveWatermark(long accountId, String source, long runId, Instant now);

  @SqlQuery(SELECT + "WHERE r.id < :before <andSeen> ORDER BY r.id DESC LIMIT :limit")
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  List<ReconciliationRun> page(
      long before, int limit, @Define("andSeen") String andSeen, List<Long> accounts);

  /** Numbers of which one is another after a run began or ended, or a finding was healed. */
  record Version(long latest, long waiting, long running, long unhealed) {}

  @SqlQuery(
      """
      SELECT COALESCE(MAX(id), 0) AS latest,
        (SELECT COUNT(*) FROM reconciliation_runs WHERE status = 'waiting' <andSeen>) AS waiting,
        (SELECT COUNT(*) FROM reconciliation_runs WHERE status = 'running' <andSeen>) AS running,
        (SELECT COUNT(*) FROM reconciliation_findings WHERE healed_at IS NULL <andSeen>)
          AS unhealed
      FROM reconciliation_runs <whereSeen>
      """)
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  Version version(
      @Define("andSeen") String andSeen,
      @Define("whereSeen") String whereSeen,
      List<Long> accounts);

  @SqlUpdate(
      """
      DELETE FROM reconciliation_runs WHERE finished_at < :cutOff
        AND id NOT IN (SELECT MAX(id) FROM reconciliation_runs GROUP BY account_id)
        AND gap_from IS NULL
        AND NOT EXISTS (SELECT 1 FROM reconciliation_findings f
          WHERE f.run_id = reconciliation_runs.id AND f.healed_at IS NULL)
      """)
  int purge(Instant cutOff);

  @SqlQuery(SELECT + "WHERE r.id = :id <andSeen>")
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  Optional<ReconciliationRun> find(long id, @Define("andSeen") String andSeen, List<Long> accounts);

  /** The run of an account with this id. */
  default Optional<ReconciliationRun> find(long accountId, long id) {
    Seen seen = Seen.by(Scope.of(accountId));
    return find(id, seen.and("r.account_id"), seen.accounts());
  }
}
