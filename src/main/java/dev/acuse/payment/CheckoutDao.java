package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of {@code checkouts}, one method a statement, for the length of one handle. Written out,
 * for each event runs it: an attached SQL object would cost more than its statements.
 */
final class CheckoutDao {
  static final String SELECT =
      """
      SELECT id, account_id, external_reference, preference_id, contact_id, title, amount, currency,
        payer_email, status, init_point, paid_at, created_at, updated_at
      FROM checkouts
      """;

  private final Handle handle;

  CheckoutDao(Handle handle) {
    this.handle = handle;
  }

  Optional<Checkout> find(long accountId, long id) {
    return one(
        handle
            .createQuery(SELECT + "WHERE account_id = :accountId AND id = :id")
            .bind("accountId", accountId)
            .bind("id", id));
  }

  /** The checkout that a payment is linked to; only the checkout's row is locked. */
  Optional<Checkout> lockOfPayment(long accountId, long paymentId) {
    return one(
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE account_id = :accountId AND id = (SELECT checkout_id FROM payments
                      WHERE account_id = :accountId AND id = :paymentId)
                    FOR UPDATE
                    """)
            .bind("accountId", accountId)
            .bind("paymentId", paymentId));
  }

  /** The same by MercadoPago's id of the payment. */
  Optional<Checkout> lockOfMpPayment(long accountId, String mpPaymentId) {
    return one(
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE account_id = :accountId AND id = (SELECT checkout_id FROM payments
                      WHERE account_id = :accountId AND mp_payment_id = :mpPaymentId)
                    FOR UPDATE
                    """)
            .bind("accountId", accountId)
            .bind("mpPaymentId", mpPaymentId));
  }

  Optional<Checkout> lockByReference(long accountId, String externalReference) {
    return one(
        handle
            .createQuery(
                SELECT
                    + "WHERE account_id = :accountId AND external_reference = :externalReference FOR UPDATE")
            .bind("accountId", accountId)
            .bind("externalReference", externalReference));
  }

  Optional<Checkout> lockByPreference(long accountId, String preferenceId) {
    return one(
        handle
            .createQuery(
                SELECT
                    + "WHERE account_id = :accountId AND preference_id = :preferenceId FOR UPDATE")
            .bind("accountId", accountId)
            .bind("preferenceId", preferenceId));
  }

  Optional<Checkout> findByReference(long accountId, String externalReference) {
    return one(
        handle
            .createQuery(
                SELECT
                    + "WHERE account_id = :accountId AND external_reference = :externalReference")
            .bind("accountId", accountId)
            .bind("externalReference", externalReference));
  }

  Optional<Long> idByReference(long accountId, String externalReference) {
    return handle
        .createQuery(
            "SELECT id FROM checkouts WHERE account_id = :accountId AND external_reference = :externalReference")
        .bind("accountId", accountId)
        .bind("externalReference", externalReference)
        .map(PaymentRows.NUMBER)
        .findOne();
  }

  Optional<Long> idByPreference(long accountId, String preferenceId) {
    return handle
        .createQuery(
            "SELECT id FROM checkouts WHERE account_id = :accountId AND preference_id = :preferenceId")
        .bind("accountId", accountId)
        .bind("preferenceId", preferenceId)
        .map(PaymentRows.NUMBER)
        .findOne();
  }

  /** Inserts nothing where the reference or the preference is taken. */
  int insert(
      long accountId, CheckoutRequest request, String preferenceId, String initPoint, Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO checkouts (account_id, external_reference, preference_id, contact_id, title, amount,
              currency, payer_email, status, init_point, created_at, updated_at)
            VALUES (:accountId, :externalReference, :preferenceId, :contactId, :title, :amount,
              :currency, :payerEmail, 'open', :initPoint, :now, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("accountId", accountId)
        .bind("externalReference", request.externalReference())
        .bind("preferenceId", preferenceId)
        .bind("contactId", request.contactId())
        .bind("title", request.title())
        .bind("amount", request.amount())
        .bind("currency", request.currency())
        .bind("payerEmail", request.payerEmail())
        .bind("initPoint", initPoint)
        .bind("now", now)
        .execute();
  }

  /**
   * Writes how a checkout stands.
   *
   * @param paidAt when its amount was there first; null if it never was
   */
  void setStatus(Checkout checkout, String status, @Nullable Instant paidAt, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE checkouts SET status = :status, paid_at = :paidAt, updated_at = :now
            WHERE account_id = :accountId AND id = :id
            """)
        .bind("accountId", checkout.accountId())
        .bind("id", checkout.id())
        .bind("status", status)
        .bindByType("paidAt", paidAt, Instant.class)
        .bind("now", now)
        .execute();
  }

  private static Optional<Checkout> one(Query query) {
    return query.map(PaymentRows.CHECKOUT).findOne();
  }
}
