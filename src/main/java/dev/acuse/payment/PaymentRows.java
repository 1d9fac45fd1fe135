package dev.acuse.payment;

import dev.acuse.database.Timestamps;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentDetails;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * How rows of {@code checkouts} and {@code payments} are read. Written out, for each event reads by
 * it: JDBI's own mapper asks the record for its annotations anew with every statement.
 */
final class PaymentRows {
  static final RowMapper<Checkout> CHECKOUT = (row, context) -> checkout(row);
  static final RowMapper<Payment> PAYMENT = (row, context) -> payment(row);

  /** The only column, of a type that holds whole numbers; null where it is. */
  static final RowMapper<Long> NUMBER = (row, context) -> row.getObject(1, Long.class);

  private PaymentRows() {}

  private static Checkout checkout(ResultSet row) throws SQLException {
    return new Checkout(
        row.getLong("id"),
        row.getLong("account_id"),
        row.getString("external_reference"),
        row.getString("preference_id"),
        row.getString("contact_id"),
        row.getString("title"),
        row.getBigDecimal("amount"),
        row.getString("currency"),
        row.getString("payer_email"),
        row.getString("status"),
        row.getString("init_point"),
        Timestamps.orNull(row, "paid_at"),
        Timestamps.of(row, "created_at"),
        Timestamps.of(row, "updated_at"));
  }

  private static Payment payment(ResultSet row) throws SQLException {
    return new Payment(
        row.getLong("id"),
        row.getLong("account_id"),
        row.getString("mp_payment_id"),
        row.getObject("checkout_id", Long.class),
        row.getString("external_reference"),
        row.getString("contact_id"),
        row.getString("status"),
        row.getString("status_detail"),
        row.getBigDecimal("amount"),
        row.getBigDecimal("amount_refunded"),
        row.getString("currency"),
        row.getString("collector_id"),
        row.getString("payer_email"),
        Timestamps.orNull(row, "mp_updated_at"),
        Timestamps.orNull(row, "approved_at"),
        Timestamps.orNull(row, "looked_up_at"),
        Timestamps.orNull(row, "overruled_at"),
        row.getString("flag"),
        row.getString("flag_detail"),
        Timestamps.orNull(row, "accepted_at"),
        details(row),
        row.getString("search_text"),
        Timestamps.of(row, "created_at"),
        Timestamps.of(row, "updated_at"));
  }

  private static PaymentDetails details(ResultSet row) throws SQLException {
    return new PaymentDetails(
        row.getString("method"),
        row.getString("method_type"),
        row.getString("last_four"),
        row.getObject("instalments", Integer.class),
        row.getBigDecimal("fee"),
        row.getBigDecimal("net"),
        Timestamps.orNull(row, "release_at"),
        row.getString("payer_name"),
        row.getString("product"));
  }
}
