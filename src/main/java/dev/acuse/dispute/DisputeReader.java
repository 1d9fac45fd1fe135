package dev.acuse.dispute;

import dev.acuse.database.AccountCondition;
import dev.acuse.database.QueryLimit;
import dev.acuse.event.Scope;
import dev.acuse.text.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What is held against payments. Each method is told whose are seen. Thread-safe. Every method
 * throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class DisputeReader {
  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   */
  public DisputeReader(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The dispute with this id of our own. */
  public Optional<Dispute> find(Scope scope, long id) {
    return jdbi.withHandle(
        handle ->
            read(
                    handle,
                    handle
                        .createQuery(DisputeRows.SELECT + "WHERE id = :id" + seenBy(scope))
                        .bind("id", id))
                .stream()
                .findFirst());
  }

  /**
   * Disputes that match, newest first. For people, so within the {@link QueryLimit}.
   *
   * @param before only disputes with a lower id; null for the newest
   */
  public List<Dispute> page(Scope scope, DisputeFilter filter, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> page(handle, scope, filter, before, limit)));
  }

  private static List<Dispute> page(
      Handle handle, Scope scope, DisputeFilter filter, @Nullable Long before, int limit) {
    Query query =
        bind(
                handle.createQuery(
                    DisputeRows.SELECT
                        + "WHERE "
                        + conditions(filter)
                        + seenBy(scope)
                        + (before == null ? "" : " AND id < :before")
                        + " ORDER BY id DESC LIMIT :limit"),
                filter)
            .bind("limit", limit);
    return read(handle, before == null ? query : query.bind("before", before));
  }

  private static String conditions(DisputeFilter filter) {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    if (filter.kind() != null) {
      all.add("kind = :kind");
    }
    if (filter.state() != null) {
      all.add("state = :state");
    }
    if (filter.open() != null) {
      all.add(filter.open() ? "closed_at IS NULL" : "closed_at IS NOT NULL");
    }
    if (filter.mpPaymentId() != null) {
      all.add(
          "EXISTS (SELECT 1 FROM dispute_payments p WHERE p.dispute_id = disputes.id"
              + " AND p.mp_payment_id = :payment)");
    }
    if (filter.mpId() != null) {
      all.add("mp_id = :mpId");
    }
    if (filter.dueBefore() != null) {
      all.add("deadline < :dueBefore");
    }
    return String.join(" AND ", all);
  }

  private static Query bind(Query query, DisputeFilter filter) {
    DisputeKind kind = filter.kind();
    DisputeState state = filter.state();
    Instant dueBefore = filter.dueBefore();
    if (kind != null) {
      query.bind("kind", kind.code());
    }
    if (state != null) {
      query.bind("state", state.code());
    }
    if (dueBefore != null) {
      query.bind("dueBefore", dueBefore);
    }
    bindId(query, "payment", filter.mpPaymentId());
    bindId(query, "mpId", filter.mpId());
    return query;
  }

  /** A text that no column takes finds nothing. */
  private static void bindId(Query query, String name, @Nullable String id) {
    if (id != null) {
      query.bind(name, Text.exact(id, 64) == null ? "" : id);
    }
  }

  /** How many are open of each account; accounts with none are left out. */
  public Map<Long, Long> countOpen(Scope scope) {
    Map<Long, Long> counts = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT account_id, COUNT(*) AS open FROM disputes WHERE closed_at IS NULL"
                        + seenBy(scope)
                        + " GROUP BY account_id")
                .map((row, context) -> counts.put(row.getLong("account_id"), row.getLong("open")))
                .list());
    return counts;
  }

  /**
   * Those that are open, in the order of their ids: of each account the latest, so many at most. Of
   * one that is known by its payment alone the case was looked for, because a payment that was
   * stored before may have been decided long ago.
   */
  public List<Dispute> open(Scope scope, int mostOfAnAccount) {
    return jdbi.withHandle(
        handle ->
            read(
                handle,
                handle
                    .createQuery(
                        DisputeRows.SELECT
                            + """
                            WHERE id IN (
                              SELECT n.id FROM (
                                SELECT o.id, ROW_NUMBER() OVER (
                                  PARTITION BY o.account_id ORDER BY o.id DESC) AS place
                                FROM disputes o
                                WHERE o.closed_at IS NULL AND (o.kind <> 'chargeback'
                                  OR o.mp_id IS NOT NULL OR o.sought_at IS NOT NULL)) n
                              WHERE n.place <= :most)
                            """
                            + seenBy(scope)
                            + " ORDER BY account_id, id")
                    .bind("most", mostOfAnAccount)));
  }

  /**
   * Those that are open and whose deadline is between two times, in the order of their ids: of each
   * account those with the nearest, so many at most.
   */
  public List<Dispute> openWithDeadline(
      Scope scope, Instant from, Instant to, int mostOfAnAccount) {
    return jdbi.withHandle(
        handle ->
            read(
                handle,
                handle
                    .createQuery(
                        DisputeRows.SELECT
                            + """
                            WHERE id IN (
                              SELECT n.id FROM (
                                SELECT o.id, ROW_NUMBER() OVER (
                                  PARTITION BY o.account_id ORDER BY o.deadline, o.id) AS place
                                FROM disputes o
                                WHERE o.closed_at IS NULL AND o.deadline > :from
                                  AND o.deadline <= :to) n
                              WHERE n.place <= :most)
                            """
                            + seenBy(scope)
                            + " ORDER BY account_id, id")
                    .bind("from", from)
                    .bind("to", to)
                    .bind("most", mostOfAnAccount)));
  }

  /**
   * Which of these payments no dispute of a kind names.
   *
   * @param mpPaymentIds MercadoPago's ids
   */
  public Set<String> unnamed(Scope scope, DisputeKind kind, Collection<String> mpPaymentIds) {
    Set<String> unnamed = new HashSet<>(mpPaymentIds);
    if (unnamed.isEmpty()) {
      return unnamed;
    }
    unnamed.removeAll(
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT p.mp_payment_id
                        FROM dispute_payments p JOIN disputes d ON d.id = p.dispute_id
                        WHERE d.kind = :kind AND p.mp_payment_id = ANY(:ids)
                        """
                            + (scope.isEverything()
                                ? ""
                                : " AND "
                                    + AccountCondition.of("p.account_id", scope.accountIds())))
                    .bind("kind", kind.code())
                    .bindArray("ids", String.class, mpPaymentIds)
                    .mapTo(String.class)
                    .list()));
    return unnamed;
  }

  private static String seenBy(Scope scope) {
    return scope.isEverything()
        ? ""
        : " AND " + AccountCondition.of("account_id", scope.accountIds());
  }

  private static List<Dispute> read(Handle handle, Query query) {
    return DisputeRows.read(handle, query).stream().map(DisputeRow::dispute).toList();
  }
}
