package dev.acuse.mercadopago.reconciliation;

import dev.acuse.payment.state.MomentOrder;
import dev.acuse.payment.state.Payment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.DefinedAttributeTemplateEngine;
import org.jdbi.v3.sqlobject.config.KeyColumn;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.UseTemplateEngine;
import org.jdbi.v3.sqlobject.config.ValueColumn;
import org.jdbi.v3.sqlobject.customizer.AllowUnusedBindings;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.customizer.Define;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The statements about findings of {@link ReconciliationStore}. */
@RegisterConstructorMapper(FindingDao.Open.class)
@RegisterConstructorMapper(FindingDao.LeftBehind.class)
interface FindingDao {

  @SqlBatch(
      """
      INSERT INTO reconciliation_findings (account_id, run_id, mp_payment_id, mp_status,
        mp_updated_at, kind, found_at)
      VALUES (:accountId, :runId, :mpPaymentId, :mpStatus, :mpUpdatedAt, :kind, :now)
      """)
  void insert(long accountId, long runId, @BindMethods List<Finding> findings, Instant now);

  /** A finding that is not healed. */
  record Open(long id, long accountId, String mpPaymentId, @Nullable Instant mpUpdatedAt) {
    /** Whether a payment is here as it was found, or newer. */
    boolean isMetBy(@Nullable Payment payment) {
      if (payment == null || mpUpdatedAt == null) {
        return payment != null;
      }
      Instant ours = payment.mpUpdatedAt();
      return ours != null && MomentOrder.compareOfTwo(ours, mpUpdatedAt) >= 0;
    }
  }

  /** The first of those that are not healed, by their ids. */
  @SqlQuery(
      """
      SELECT id, account_id, mp_payment_id, mp_updated_at FROM reconciliation_findings
      WHERE healed_at IS NULL AND id > :afterId ORDER BY id LIMIT :limit
      """)
  List<Open> open(long afterId, int limit);

  /** A payment that is not right here. */
  record LeftBehind(String mpPaymentId, Instant foundAt) {}

  /** Payments that are missing or older here, and since when, the latest found first. */
  @SqlQuery(
      """
      SELECT mp_payment_id, MIN(found_at) AS found_at FROM reconciliation_findings
      WHERE healed_at IS NULL AND account_id = :accountId AND kind <> 'untagged'
      GROUP BY mp_payment_id HAVING MIN(found_at) > :after AND MIN(found_at) <= :until
      ORDER BY MIN(found_at) DESC, mp_payment_id LIMIT :limit
      """)
  List<LeftBehind> leftBehind(long accountId, Instant after, Instant until, int limit);

  @SqlUpdate(
      """
      UPDATE reconciliation_findings SET healed_at = :now
      WHERE id = ANY(:ids) AND account_id = :accountId AND healed_at IS NULL
      """)
  int markHealed(long accountId, List<Long> ids, Instant now);

  @SqlQuery(
      """
      SELECT COUNT(*) FROM (SELECT DISTINCT account_id, mp_payment_id FROM reconciliation_findings
        WHERE healed_at IS NULL <andSeen>) wrong
      """)
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  long unhealed(@Define("andSeen") String andSeen, List<Long> accounts);

  @SqlQuery(
      """
      SELECT account_id, COUNT(*) AS unhealed FROM (
        SELECT DISTINCT account_id, mp_payment_id FROM reconciliation_findings
        WHERE healed_at IS NULL) wrong
      GROUP BY account_id
      """)
  @KeyColumn("account_id")
  @ValueColumn("unhealed")
  Map<Long, Long> unhealedByAccount();

  @SqlQuery(
      """
      SELECT f.account_id, MAX(r.created_at) AS found
      FROM reconciliation_findings f JOIN reconciliation_runs r ON r.id = f.run_id
      WHERE r.cause = 'schedule' AND f.kind <> 'untagged' GROUP BY f.account_id
      """)
  @KeyColumn("account_id")
  @ValueColumn("found")
  Map<Long, Instant> lastFound();

  @SqlQuery(
      """
      SELECT COUNT(*) FROM reconciliation_findings
      WHERE run_id = :runId AND account_id = :accountId AND kind = 'missing'
        AND healed_at IS NULL
      """)
  long stillMissing(long accountId, long runId);

  @SqlQuery(
      """
      SELECT COUNT(*) FROM (SELECT DISTINCT f.account_id, f.mp_payment_id
        FROM reconciliation_findings f JOIN reconciliation_runs r ON r.id = f.run_id
        WHERE r.created_at > :time AND r.cause = 'schedule' AND f.kind <> 'untagged' <andSeen>)
        found
      """)
  @AllowUnusedBindings
  @UseTemplateEngine(DefinedAttributeTemplateEngine.class)
  long foundSince(Instant time, @Define("andSeen") String andSeen, List<Long> accounts);
}
