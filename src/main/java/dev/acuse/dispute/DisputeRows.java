package dev.acuse.dispute;

import dev.acuse.database.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code disputes} with their payments. */
final class DisputeRows {
  static final String SELECT =
      """
      SELECT id, account_id, kind, case_key, mp_id, state, verdict, status, stage, case_type,
        reason, amount, currency, deadline, deadline_seen_at, documentation_status, coverage,
        resolution, problem, problem_since, sought_at, next_look_at, mp_created_at, mp_updated_at,
        created_at, updated_at, closed_at
      FROM disputes
      """;

  private DisputeRows() {}

  /** The rows of a query that begins with {@link #SELECT}. */
  static List<DisputeRow> read(Handle handle, Query query) {
    List<DisputeRow> bare = query.map((row, context) -> row(row)).list();
    if (bare.isEmpty()) {
      return bare;
    }
    Map<Long, Map<String, @Nullable Standing>> payments =
        payments(handle, bare.stream().map(DisputeRow::id).toList());
    return bare.stream()
        .map(row -> row.withPayments(payments.getOrDefault(row.id(), Map.of())))
        .toList();
  }

  private static Map<Long, Map<String, @Nullable Standing>> payments(
      Handle handle, List<Long> ids) {
    Map<Long, Map<String, @Nullable Standing>> found = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT dispute_id, mp_payment_id, standing FROM dispute_payments
            WHERE dispute_id = ANY(:ids) ORDER BY dispute_id, mp_payment_id
            """)
        .bindArray("ids", Long.class, ids)
        .map(
            (row, context) -> {
              found
                  .computeIfAbsent(row.getLong("dispute_id"), any -> new LinkedHashMap<>())
                  .put(row.getString("mp_payment_id"), Standing.of(row.getString("standing")));
              return true;
            })
        .list();
    return found;
  }

  private static DisputeRow row(ResultSet row) throws SQLException {
    String verdict = row.getString("verdict");
    return new DisputeRow(
        row.getLong("id"),
        row.getLong("account_id"),
        DisputeKind.of(row.getString("kind")),
        row.getString("case_key"),
        row.getString("mp_id"),
        DisputeState.of(row.getString("state")),
        verdict == null ? null : DisputeState.of(verdict),
        details(row),
        Timestamps.orNull(row, "deadline_seen_at"),
        row.getString("problem"),
        Timestamps.orNull(row, "problem_since"),
        Timestamps.orNull(row, "sought_at"),
        Timestamps.orNull(row, "next_look_at"),
        Timestamps.of(row, "created_at"),
        Timestamps.of(row, "updated_at"),
        Timestamps.orNull(row, "closed_at"),
        Map.of());
  }

  private static CaseDetails details(ResultSet row) throws SQLException {
    return new CaseDetails(
        row.getString("status"),
        row.getString("stage"),
        row.getString("case_type"),
        row.getString("reason"),
        row.getBigDecimal("amount"),
        row.getString("currency"),
        Timestamps.orNull(row, "deadline"),
        row.getString("documentation_status"),
        row.getString("coverage"),
        row.getString("resolution"),
        Timestamps.orNull(row, "mp_created_at"),
        Timestamps.orNull(row, "mp_updated_at"));
  }
}
