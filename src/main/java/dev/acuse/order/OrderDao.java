package dev.acuse.order;

import dev.acuse.database.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code mp_orders} and {@code mp_order_payments}, for the length of one handle. */
final class OrderDao {
  static final String SELECT =
      """
      SELECT id, account_id, mp_order_id, type, external_reference, status, status_detail,
        payment_status, amount, paid_amount, currency, mp_created_at, mp_updated_at, next_look_at,
        created_at, updated_at
      FROM mp_orders
      """;

  static final RowMapper<Order> ORDER = (row, context) -> order(row);

  private final Handle handle;

  OrderDao(Handle handle) {
    this.handle = handle;
  }

  /** The row of an order of an account, locked until the transaction ends. */
  Optional<Order> lock(long accountId, String mpOrderId) {
    return handle
        .createQuery(
            SELECT + "WHERE account_id = :accountId AND mp_order_id = :mpOrderId FOR UPDATE")
        .bind("accountId", accountId)
        .bind("mpOrderId", mpOrderId)
        .map(ORDER)
        .findOne();
  }

  /**
   * A row to be filled, locked as what the transaction made itself.
   *
   * @return false where there is one already
   */
  boolean insert(long accountId, String mpOrderId, Instant now) {
    return handle
            .createUpdate(
                """
                INSERT INTO mp_orders (account_id, mp_order_id, status, payment_status, created_at,
                  updated_at)
                VALUES (:accountId, :mpOrderId, 'unknown', 'unknown', :now, :now)
                ON CONFLICT DO NOTHING
                """)
            .bind("accountId", accountId)
            .bind("mpOrderId", mpOrderId)
            .bind("now", now)
            .execute()
        == 1;
  }

  void save(Order order) {
    handle
        .createUpdate(
            """
            UPDATE mp_orders
            SET type = :type, external_reference = :externalReference, status = :status,
              status_detail = :statusDetail, payment_status = :paymentStatus, amount = :amount,
              paid_amount = :paidAmount, currency = :currency, mp_created_at = :mpCreatedAt,
              mp_updated_at = :mpUpdatedAt, next_look_at = :nextLookAt, updated_at = :updatedAt
            WHERE account_id = :accountId AND id = :id
            """)
        .bind("type", order.type())
        .bind("externalReference", order.externalReference())
        .bind("status", order.status())
        .bind("statusDetail", order.statusDetail())
        .bind("paymentStatus", order.paymentStatus().code())
        .bind("amount", order.amount())
        .bind("paidAmount", order.paidAmount())
        .bind("currency", order.currency())
        .bindByType("mpCreatedAt", order.mpCreatedAt(), Instant.class)
        .bindByType("mpUpdatedAt", order.mpUpdatedAt(), Instant.class)
        .bindByType("nextLookAt", order.nextLookAt(), Instant.class)
        .bind("updatedAt", order.updatedAt())
        .bind("accountId", order.accountId())
        .bind("id", order.id())
        .execute();
  }

  /** Notes whose payments these are; those that are noted already stay. */
  void link(Order order, Collection<String> mpPaymentIds) {
    if (mpPaymentIds.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO mp_order_payments (order_id, account_id, mp_payment_id)
            VALUES (:orderId, :accountId, :mpPaymentId) ON CONFLICT DO NOTHING
            """);
    for (String id : mpPaymentIds) {
      batch
          .bind("orderId", order.id())
          .bind("accountId", order.accountId())
          .bind("mpPaymentId", id)
          .add();
    }
    batch.execute();
  }

  /** Those of an account that we know, by MercadoPago's id. */
  Map<String, Order> byMpIds(long accountId, Collection<String> mpOrderIds) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE id IN (SELECT o.id
                  FROM UNNEST(CAST(:ids AS VARCHAR ARRAY)) AS given (mp_order_id)
                  JOIN mp_orders o
                    ON o.account_id = :accountId AND o.mp_order_id = given.mp_order_id)
                """)
        .bind("accountId", accountId)
        .bindArray("ids", String.class, mpOrderIds.stream().distinct().toList())
        .map(ORDER)
        .stream()
        .collect(Collectors.toMap(Order::mpOrderId, Function.identity()));
  }

  /** Those of an account whose next look is due, the one that is due for longest first. */
  List<Order> due(long accountId, Instant now, int limit) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE account_id = :accountId AND next_look_at <= :now
                ORDER BY next_look_at, id LIMIT :limit
                """)
        .bind("accountId", accountId)
        .bind("now", now)
        .bind("limit", limit)
        .map(ORDER)
        .list();
  }

  /** Moves the next look of an order, unless something else has moved it meanwhile. */
  void postpone(Order order, @Nullable Instant next) {
    handle
        .createUpdate(
            """
            UPDATE mp_orders SET next_look_at = :next
            WHERE account_id = :accountId AND id = :id AND next_look_at = :was
            """)
        .bindByType("next", next, Instant.class)
        .bind("accountId", order.accountId())
        .bind("id", order.id())
        .bindByType("was", order.nextLookAt(), Instant.class)
        .execute();
  }

  /** Has an order looked at by then, if it is here. */
  void hasten(long accountId, String mpOrderId, Instant next) {
    handle
        .createUpdate(
            """
            UPDATE mp_orders SET next_look_at = :next
            WHERE account_id = :accountId AND mp_order_id = :mpOrderId
              AND (next_look_at IS NULL OR next_look_at > :next)
            """)
        .bind("next", next)
        .bind("accountId", accountId)
        .bind("mpOrderId", mpOrderId)
        .execute();
  }

  /** Has an order looked at by then, if it is here and its money is in another state. */
  void hastenUnless(long accountId, String mpOrderId, String paymentStatus, Instant next) {
    handle
        .createUpdate(
            """
            UPDATE mp_orders SET next_look_at = :next
            WHERE account_id = :accountId AND mp_order_id = :mpOrderId
              AND payment_status <> :paymentStatus
              AND (next_look_at IS NULL OR next_look_at > :next)
            """)
        .bind("next", next)
        .bind("accountId", accountId)
        .bind("mpOrderId", mpOrderId)
        .bind("paymentStatus", paymentStatus)
        .execute();
  }

  private static Order order(ResultSet row) throws SQLException {
    return new Order(
        row.getLong("id"),
        row.getLong("account_id"),
        row.getString("mp_order_id"),
        row.getString("type"),
        row.getString("external_reference"),
        row.getString("status"),
        row.getString("status_detail"),
        OrderPaymentStatus.of(row.getString("payment_status")),
        row.getBigDecimal("amount"),
        row.getBigDecimal("paid_amount"),
        row.getString("currency"),
        Timestamps.orNull(row, "mp_created_at"),
        Timestamps.orNull(row, "mp_updated_at"),
        Timestamps.orNull(row, "next_look_at"),
        Timestamps.of(row, "created_at"),
        Timestamps.of(row, "updated_at"));
  }
}
