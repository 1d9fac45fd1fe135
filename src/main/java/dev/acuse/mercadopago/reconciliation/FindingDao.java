package dev.acuse.mercadopago.reconciliation;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The statements about findings of {@link ReconciliationStore}, for the length of one handle. */
final class FindingDao {
  private final Handle handle;

  FindingDao(Handle handle) {
    this.handle = handle;
  }

  void insert(long runId, List<Finding> findings, Instant now) {
    if (findings.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO reconciliation_findings (run_id, mp_payment_id, mp_status, mp_updated_at,
              kind, found_at)
            VALUES (:runId, :mpPaymentId, :mpStatus, :mpUpdatedAt, :kind, :now)
            """);
    for (Finding finding : findings) {
      batch
          .bind("runId", runId)
          .bind("mpPaymentId", finding.mpPaymentId())
          .bind("mpStatus", finding.mpStatus())
          .bind("mpUpdatedAt", finding.mpUpdatedAt())
          .bind("kind", finding.standing().name().toLowerCase(Locale.ROOT))
          .bind("now", now)
          .add();
    }
    batch.execute();
  }

  int markHealed(Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE reconciliation_findings SET healed_at = :now
            WHERE healed_at IS NULL AND EXISTS (SELECT 1 FROM payments p
              WHERE p.mp_payment_id = reconciliation_findings.mp_payment_id
                AND (reconciliation_findings.mp_updated_at IS NULL
                  OR p.mp_updated_at >= reconciliation_findings.mp_updated_at)
                AND NOT EXISTS (SELECT 1 FROM crm_tags t
                  WHERE t.payment_id = p.id AND t.applied_at IS NULL))
            """)
        .bind("now", now)
        .execute();
  }

  long unhealed() {
    return handle
        .createQuery(
            """
            SELECT COUNT(DISTINCT mp_payment_id) FROM reconciliation_findings
            WHERE healed_at IS NULL
            """)
        .mapTo(Long.class)
        .one();
  }

  long stillMissing(long runId) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM reconciliation_findings
            WHERE run_id = :runId AND kind = 'missing' AND healed_at IS NULL
            """)
        .bind("runId", runId)
        .mapTo(Long.class)
        .one();
  }

  long foundSince(Instant time) {
    return handle
        .createQuery(
            """
            SELECT COUNT(DISTINCT f.mp_payment_id) FROM reconciliation_findings f
            JOIN reconciliation_runs r ON r.id = f.run_id
            WHERE r.created_at > :time AND r.cause = 'schedule' AND f.kind <> 'untagged'
            """)
        .bind("time", time)
        .mapTo(Long.class)
        .one();
  }
}
