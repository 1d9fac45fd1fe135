package dev.acuse.mercadopago.reconciliation;

import dev.acuse.database.RowTime;
import dev.acuse.payment.Payment;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

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

  /** A finding that is not healed. */
  record Open(long id, String mpPaymentId, @Nullable Instant mpUpdatedAt) {
    /** Whether a payment is here as it was found, or newer. */
    boolean isMetBy(@Nullable Payment payment) {
      if (payment == null || mpUpdatedAt == null) {
        return payment != null;
      }
      Instant ours = payment.mpUpdatedAt();
      return ours != null && !ours.isBefore(mpUpdatedAt);
    }
  }

  /** The first of those that are not healed, by their ids. */
  List<Open> open(long afterId, int limit) {
    return handle
        .createQuery(
            """
            SELECT id, mp_payment_id, mp_updated_at FROM reconciliation_findings
            WHERE healed_at IS NULL AND id > :afterId ORDER BY id LIMIT :limit
            """)
        .bind("afterId", afterId)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Open(
                    row.getLong("id"),
                    row.getString("mp_payment_id"),
                    RowTime.orNull(row, "mp_updated_at")))
        .list();
  }

  int markHealed(List<Long> ids, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE reconciliation_findings SET healed_at = :now
            WHERE id = ANY(:ids) AND healed_at IS NULL
            """)
        .bindArray("ids", Long.class, ids)
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
