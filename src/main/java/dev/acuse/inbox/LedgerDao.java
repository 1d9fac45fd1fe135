package dev.acuse.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.sqlobject.config.RegisterColumnMapper;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** The statements of {@link Ledger}; runs are read with the balance that was last published. */
@RegisterConstructorMapper(IntakeBalance.class)
@RegisterConstructorMapper(LiveInstance.class)
@RegisterColumnMapper(LedgerDao.Counts.class)
interface LedgerDao extends Transactional<LedgerDao> {
  String SELECT =
      """
      SELECT run, instance, started_at, seen_at, closed_at, closed, received, stored, spooled,
        duplicates, quarantined, refused, rejected, drained_duplicates, drained_rejects, purged,
        balance_rows, balance_in_spool, balance_unpromised, balance_unaccounted
      FROM intake_runs
      """;

  @SqlUpdate(
      """
      INSERT INTO intake_runs (run, instance, started_at, seen_at, version, settings_fingerprint)
      VALUES (:run, :instance, :startedAt, :seenAt, :version, :settings) ON CONFLICT DO NOTHING
      """)
  void insert(
      String run,
      String instance,
      Instant startedAt,
      Instant seenAt,
      @Nullable String version,
      @Nullable String settings);

  /** Of an instance that was started again the last run counts. */
  @SqlQuery(
      """
      SELECT instance, version, settings, accounts_version FROM (
        SELECT instance, version, settings, accounts_version,
          ROW_NUMBER() OVER (PARTITION BY instance ORDER BY started_at DESC, run) AS place
        FROM (
          SELECT CASE WHEN instance = :spoolless THEN run ELSE instance END AS instance, run,
            started_at, version, settings_fingerprint AS settings, accounts_version
          FROM intake_runs WHERE closed_at IS NULL AND seen_at >= :since) AS open_runs) AS ranked
      WHERE place = 1 ORDER BY instance
      """)
  List<LiveInstance> live(String spoolless, Instant since);

  @SqlUpdate(
      """
      UPDATE intake_runs SET received = :received, stored = :stored, spooled = :spooled,
        duplicates = :duplicates, quarantined = :quarantined, refused = :refused,
        rejected = :rejected, seen_at = :now,
        accounts_version = CAST(:accountsVersion AS BIGINT)
      WHERE run = :run AND closed_at IS NULL
      """)
  void write(
      String run,
      @BindMethods IntakeTally tally,
      String rejected,
      @Nullable Long accountsVersion,
      Instant now);

  @SqlQuery(
      SELECT
          + """
          WHERE instance = :instance AND run <> :current AND closed_at IS NULL
            AND seen_at <= :cutOff FOR UPDATE
          """)
  List<IntakeBalance> lockUnseen(String instance, String current, Instant cutOff);

  @SqlUpdate(
      """
      UPDATE intake_runs SET stored = stored + :more, received = received + :more WHERE run = :run
      """)
  void addStored(String run, long more);

  @SqlUpdate(
      """
      UPDATE intake_runs SET closed_at = :now, closed = :how WHERE run = :run AND closed_at IS NULL
      """)
  void close(String run, String how, Instant now);

  @SqlUpdate(
      """
      UPDATE intake_runs SET drained_duplicates = drained_duplicates + :more WHERE run = :run
      """)
  void addDrainedDuplicates(String run, long more);

  @SqlUpdate(
      """
      UPDATE intake_runs SET drained_rejects = drained_rejects + :more WHERE run = :run
      """)
  void addDrainedRejects(String run, long more);

  @SqlUpdate("UPDATE intake_runs SET purged = purged + :more WHERE run = :run")
  void addPurged(String run, long more);

  @SqlQuery(SELECT + "WHERE instance = :instance ORDER BY started_at DESC, run LIMIT :limit")
  List<IntakeBalance> ofInstance(String instance, int limit);

  @SqlQuery(SELECT + "ORDER BY started_at, run")
  List<IntakeBalance> runs();

  /** Numbers that stand apart are taken instead of those of the run's own tally. */
  @SqlUpdate(
      """
      UPDATE intake_runs SET
        rejected = CASE WHEN :received > received THEN :rejected ELSE rejected END,
        received = GREATEST(received, :received), stored = GREATEST(stored, :stored),
        spooled = GREATEST(spooled, :spooled), duplicates = GREATEST(duplicates, :duplicates),
        quarantined = GREATEST(quarantined, :quarantined), refused = GREATEST(refused, :refused),
        drained_duplicates = GREATEST(drained_duplicates, :drainedDuplicates),
        drained_rejects = GREATEST(drained_rejects, :drainedRejects),
        purged = GREATEST(purged, :purged), seen_at = GREATEST(seen_at, :seenAt),
        closed_at = COALESCE(closed_at, CAST(:closedAt AS TIMESTAMP WITH TIME ZONE)),
        closed = COALESCE(closed, CAST(:closed AS VARCHAR))
      WHERE run = :run
      """)
  void raise(
      @BindMethods IntakeBalance kept,
      @BindMethods IntakeTally tally,
      long received,
      long stored,
      String rejected);

  @SqlBatch(
      """
      UPDATE intake_runs SET balance_rows = :rows, balance_in_spool = :inSpool,
        balance_unpromised = :unpromised, balance_unaccounted = :unaccounted
      WHERE run = :run AND (balance_rows IS NULL OR balance_rows <> :rows
        OR balance_in_spool <> :inSpool OR balance_unpromised <> :unpromised
        OR balance_unaccounted <> :unaccounted)
      """)
  void publish(@BindMethods List<IntakeBalance> balances);

  @SqlQuery(
      SELECT
          + """
          WHERE instance <> :except AND balance_rows IS NOT NULL
          ORDER BY started_at DESC, run LIMIT :limit
          """)
  List<IntakeBalance> published(String except, int limit);

  @SqlQuery("SELECT COUNT(*) FROM webhook_events WHERE intake_run = :run")
  long rows(String run);

  @SqlQuery(
      """
      SELECT COUNT(*) FROM webhook_events WHERE intake_run = :run AND intake_no = ANY(:numbers)
      """)
  long rowsOf(String run, List<Long> numbers);

  @SqlQuery(
      """
      SELECT COUNT(*) FROM webhook_events WHERE intake_run = :run AND intake_no = :number
      """)
  long rowsOf(String run, long number);

  /** Reads how many answers had which code. */
  final class Counts implements ColumnMapper<Map<String, Long>> {
    @Override
    public Map<String, Long> map(ResultSet row, int column, StatementContext context)
        throws SQLException {
      @Nullable String json = row.getString(column);
      try {
        return EventDao.JSON.readValue(
            json == null ? "{}" : json, new TypeReference<Map<String, Long>>() {});
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("we wrote it ourselves", e);
      }
    }
  }
}
