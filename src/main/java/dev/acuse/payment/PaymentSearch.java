package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.text.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * Lists payments and checkouts, newest first. The condition is put together from fixed pieces,
 * since {@code (:x IS NULL OR column = :x)} may cost the index.
 */
final class PaymentSearch {
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();

  private PaymentSearch() {}

  static List<Payment> payments(
      Handle handle, PaymentFilter filter, @Nullable Long before, int limit) {
    return new PaymentSearch()
        .where("status = :status", "status", filter.status())
        .where(
            "external_reference = :externalReference",
            "externalReference",
            filter.externalReference())
        .where(
            "account_id = 1 AND mp_payment_id = :mpPaymentId", "mpPaymentId", filter.mpPaymentId())
        .where(filter.linked(), "checkout_id IS NOT NULL", "checkout_id IS NULL")
        .where(
            filter.flagged(),
            "flag IS NOT NULL AND accepted_at IS NULL",
            "(flag IS NULL OR accepted_at IS NOT NULL)")
        .before(before)
        .list(handle, PaymentDao.SELECT, PaymentRows.PAYMENT, limit);
  }

  static List<Checkout> checkouts(
      Handle handle, @Nullable String externalReference, @Nullable Long before, int limit) {
    return new PaymentSearch()
        .where(
            "account_id = 1 AND external_reference = :externalReference",
            "externalReference",
            externalReference)
        .before(before)
        .list(handle, CheckoutDao.SELECT, PaymentRows.CHECKOUT, limit);
  }

  private PaymentSearch where(String condition, String name, @Nullable String value) {
    if (value == null) {
      return this;
    }
    String storable = Text.exact(value, value.length());
    // What no column takes is in no row, and PostgreSQL would refuse the query.
    conditions.add(storable == null ? "1 = 0" : condition);
    if (storable != null) {
      values.put(name, storable);
    }
    return this;
  }

  private PaymentSearch where(@Nullable Boolean wanted, String ifTrue, String ifFalse) {
    if (wanted != null) {
      conditions.add(wanted ? ifTrue : ifFalse);
    }
    return this;
  }

  private PaymentSearch before(@Nullable Long id) {
    if (id != null) {
      conditions.add("id < :before");
      values.put("before", id);
    }
    return this;
  }

  private <T> List<T> list(Handle handle, String select, RowMapper<T> mapper, int limit) {
    String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    return handle
        .createQuery(select + where + " ORDER BY id DESC LIMIT :limit")
        .bindMap(values)
        .bind("limit", limit)
        .map(mapper)
        .list();
  }
}
