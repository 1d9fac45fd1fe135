package dev.acuse.order;

import dev.acuse.database.AccountCondition;
import dev.acuse.database.AccountRows;
import dev.acuse.database.QueryLimit;
import dev.acuse.event.Scope;
import dev.acuse.text.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The orders that are here. Each method is told whose are seen. Thread-safe. Every method throws
 * {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class OrderReader {
  /** The most payments of one order, or orders of one payment, that are read; both are few. */
  private static final int MOST_OF_ONE = 200;

  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   */
  public OrderReader(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The order with this id of our own. */
  public Optional<Order> find(Scope scope, long id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(OrderDao.SELECT + "WHERE id = :id" + seenBy(scope))
                .bind("id", id)
                .map(OrderDao.ORDER)
                .findOne());
  }

  /**
   * Orders that match, newest first. For people, so within the {@link QueryLimit}.
   *
   * @param before only orders with a lower id; null for the newest
   */
  public List<Order> page(Scope scope, OrderFilter filter, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> page(handle, scope, filter, before, limit)));
  }

  private static List<Order> page(
      Handle handle, Scope scope, OrderFilter filter, @Nullable Long before, int limit) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    where(conditions, values, "status", filter.status());
    where(conditions, values, "external_reference", filter.externalReference());
    where(conditions, values, "mp_order_id", filter.mpOrderId());
    where(
        conditions,
        values,
        "mp_payment_id",
        "id IN (SELECT p.order_id FROM mp_order_payments p WHERE p.mp_payment_id = :mp_payment_id)",
        filter.mpPaymentId());
    if (!scope.isEverything()) {
      boolean isFound =
          filter.externalReference() != null
              || filter.mpOrderId() != null
              || filter.mpPaymentId() != null;
      conditions.add(
          (isFound
                  ? AccountRows.large(scope.accountIds())
                  : AccountRows.of(handle, "mp_orders", scope.accountIds()))
              .condition());
    }
    if (before != null) {
      conditions.add("id < :before");
      values.put("before", before);
    }
    String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    return handle
        .createQuery(OrderDao.SELECT + where + " ORDER BY id DESC LIMIT :limit")
        .bindMap(values)
        .bind("limit", limit)
        .map(OrderDao.ORDER)
        .list();
  }

  private static void where(
      List<String> conditions, Map<String, Object> values, String column, @Nullable String value) {
    where(conditions, values, column, column + " = :" + column, value);
  }

  private static void where(
      List<String> conditions,
      Map<String, Object> values,
      String name,
      String condition,
      @Nullable String value) {
    if (value == null) {
      return;
    }
    // What no column takes is in no row, and PostgreSQL would refuse the query.
    if (Text.exact(value, value.length()) == null) {
      conditions.add("1 = 0");
      return;
    }
    conditions.add(condition);
    values.put(name, value);
  }

  /** MercadoPago's ids of the payments of an order, by our own id of it. */
  public List<String> paymentIds(Scope scope, long orderId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT mp_payment_id FROM mp_order_payments WHERE order_id = :orderId"
                        + seenBy(scope)
                        + " ORDER BY mp_payment_id LIMIT :limit")
                .bind("orderId", orderId)
                .bind("limit", MOST_OF_ONE)
                .mapTo(String.class)
                .list());
  }

  /** The orders that have a payment, newest first. */
  public List<Order> ofPayment(Scope scope, String mpPaymentId) {
    if (Text.exact(mpPaymentId, 64) == null) {
      return List.of();
    }
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    OrderDao.SELECT
                        + """
                        WHERE id IN (SELECT p.order_id FROM mp_order_payments p
                          WHERE p.mp_payment_id = :mpPaymentId%s)%s
                        ORDER BY id DESC LIMIT :limit
                        """
                            .formatted(seenBy(scope), seenBy(scope)))
                .bind("mpPaymentId", mpPaymentId)
                .bind("limit", MOST_OF_ONE)
                .map(OrderDao.ORDER)
                .list());
  }

  /** Whether any order is seen. */
  public boolean isAny(Scope scope) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT id FROM mp_orders WHERE 1 = 1" + seenBy(scope) + " LIMIT 1")
                .mapTo(Long.class)
                .findOne()
                .isPresent());
  }

  /**
   * MercadoPago's ids of those of one account's orders that are missing here, or kept in an earlier
   * state than a search shows them in.
   *
   * @param scope one account: two may have an order of one id
   */
  public Set<String> behind(Scope scope, Collection<OrderSnapshot> shown) {
    long accountId = scope.soleAccount();
    Map<String, Order> ours =
        jdbi.withHandle(
            handle ->
                new OrderDao(handle)
                    .byMpIds(accountId, shown.stream().map(OrderSnapshot::mpOrderId).toList()));
    Set<String> behind = new HashSet<>();
    for (OrderSnapshot one : shown) {
      Order kept = ours.get(one.mpOrderId());
      if (kept == null || OrderFreshness.isBehind(kept, one)) {
        behind.add(one.mpOrderId());
      }
    }
    return behind;
  }

  private static String seenBy(Scope scope) {
    return scope.isEverything()
        ? ""
        : " AND " + AccountCondition.of("account_id", scope.accountIds());
  }
}
