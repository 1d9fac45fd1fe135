package dev.acuse.dispute;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that writes {@code disputes} and {@code dispute_payments}, for the length of one handle.
 * Rows are locked in the order of their ids.
 */
final class DisputeDao {
  private final Handle handle;

  DisputeDao(Handle handle) {
    this.handle = handle;
  }

  /**
   * A row of which nothing is known yet; nothing where there is one already.
   *
   * @return whether it is new
   */
  boolean insert(
      long accountId, DisputeKind kind, String caseKey, @Nullable String mpId, Instant now) {
    return handle
            .createUpdate(
                """
                INSERT INTO disputes (account_id, kind, case_key, mp_id, state, next_look_at,
                  created_at, updated_at)
                VALUES (:accountId, :kind, :caseKey, :mpId, 'open', :now, :now, :now)
                ON CONFLICT DO NOTHING
                """)
            .bind("accountId", accountId)
            .bind("kind", kind.code())
            .bind("caseKey", caseKey)
            .bind("mpId", mpId)
            .bind("now", now)
            .execute()
        > 0;
  }

  Optional<DisputeRow> lock(long accountId, DisputeKind kind, String caseKey) {
    return first(
        handle
            .createQuery(
                DisputeRows.SELECT
                    + """
                    WHERE account_id = :accountId AND kind = :kind AND case_key = :caseKey
                    FOR UPDATE
                    """)
            .bind("accountId", accountId)
            .bind("kind", kind.code())
            .bind("caseKey", caseKey));
  }

  Optional<DisputeRow> lock(long accountId, long id) {
    return first(
        handle
            .createQuery(
                DisputeRows.SELECT + "WHERE account_id = :accountId AND id = :id FOR UPDATE")
            .bind("accountId", accountId)
            .bind("id", id));
  }

  /** Those that name one of these payments. */
  List<DisputeRow> lockNaming(long accountId, List<String> mpPaymentIds) {
    return DisputeRows.read(
        handle,
        handle
            .createQuery(
                DisputeRows.SELECT
                    +
"""
WHERE account_id = :accountId AND id IN (
  SELECT p.dispute_id FROM UNNEST(CAST(:ids AS VARCHAR ARRAY)) AS given (payment)
  JOIN dispute_payments p ON p.account_id = :accountId
    AND p.mp_payment_id = given.payment)
ORDER BY id FOR UPDATE
""")
            .bind("accountId", accountId)
            .bindArray("ids", String.class, mpPaymentIds));
  }

  /** Those that are to be looked at, the one that has been due for longest first. */
  List<DisputeRow> due(long accountId, Instant now, int limit) {
    return DisputeRows.read(
        handle,
        handle
            .createQuery(
                DisputeRows.SELECT
                    + """
                    WHERE account_id = :accountId AND next_look_at <= :now
                    ORDER BY next_look_at, id LIMIT :limit
                    """)
            .bind("accountId", accountId)
            .bind("now", now)
            .bind("limit", limit));
  }

  private Optional<DisputeRow> first(Query query) {
    return DisputeRows.read(handle, query).stream().findFirst();
  }

  void update(DisputeRow row) {
    CaseDetails details = row.details();
    Update update =
        handle.createUpdate(
            """
            UPDATE disputes SET case_key = :caseKey, mp_id = :mpId, state = :state,
              verdict = :verdict, status = :status, stage = :stage, case_type = :type,
              reason = :reason, amount = :amount, currency = :currency, deadline = :deadline,
              deadline_seen_at = :deadlineSeenAt, documentation_status = :documentationStatus,
              coverage = :coverage, resolution = :resolution, problem = :problem,
              problem_since = :problemSince, sought_at = :soughtAt, next_look_at = :nextLookAt,
              mp_created_at = :mpCreatedAt, mp_updated_at = :mpUpdatedAt, updated_at = :updatedAt,
              closed_at = :closedAt
            WHERE id = :id AND account_id = :accountId
            """);
    DisputeState verdict = row.verdict();
    update
        .bind("id", row.id())
        .bind("accountId", row.accountId())
        .bind("caseKey", row.caseKey())
        .bind("mpId", row.mpId())
        .bind("state", row.state().code())
        .bind("verdict", verdict == null ? null : verdict.code())
        .bind("status", details.status())
        .bind("stage", details.stage())
        .bind("type", details.type())
        .bind("reason", details.reason())
        .bind("amount", details.amount())
        .bind("currency", details.currency())
        .bind("deadline", details.deadline())
        .bind("deadlineSeenAt", row.deadlineSeenAt())
        .bind("documentationStatus", details.documentationStatus())
        .bind("coverage", details.coverage())
        .bind("resolution", details.resolution())
        .bind("problem", row.problem())
        .bind("problemSince", row.problemSince())
        .bind("soughtAt", row.soughtAt())
        .bind("nextLookAt", row.nextLookAt())
        .bind("mpCreatedAt", details.mpCreatedAt())
        .bind("mpUpdatedAt", details.mpUpdatedAt())
        .bind("updatedAt", row.updatedAt())
        .bind("closedAt", row.closedAt())
        .execute();
    row.payments().forEach((payment, standing) -> put(row, payment, standing));
  }

  private void put(DisputeRow row, String mpPaymentId, @Nullable Standing standing) {
    for (String statement :
        List.of(
            """
            INSERT INTO dispute_payments (dispute_id, mp_payment_id, account_id, standing)
            VALUES (:id, :payment, :accountId, :standing) ON CONFLICT DO NOTHING
            """,
            """
            UPDATE dispute_payments SET standing = :standing
            WHERE dispute_id = :id AND mp_payment_id = :payment AND account_id = :accountId
            """)) {
      handle
          .createUpdate(statement)
          .bind("id", row.id())
          .bind("payment", mpPaymentId)
          .bind("accountId", row.accountId())
          .bind("standing", standing == null ? null : standing.code())
          .execute();
    }
  }

  /** Only its time changes; nothing if it has another by now. */
  void lookAgain(long accountId, long id, Instant due, Instant next) {
    handle
        .createUpdate(
            """
            UPDATE disputes SET next_look_at = :next
            WHERE account_id = :accountId AND id = :id AND next_look_at = :due
            """)
        .bind("accountId", accountId)
        .bind("id", id)
        .bind("due", due)
        .bind("next", next)
        .execute();
  }

  void delete(DisputeRow row) {
    for (String statement :
        List.of(
            "DELETE FROM dispute_payments WHERE dispute_id = :id AND account_id = :accountId",
            "DELETE FROM disputes WHERE id = :id AND account_id = :accountId")) {
      handle
          .createUpdate(statement)
          .bind("id", row.id())
          .bind("accountId", row.accountId())
          .execute();
    }
  }
}
