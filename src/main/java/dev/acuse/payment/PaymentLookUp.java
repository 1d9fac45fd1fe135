package dev.acuse.payment;

import dev.acuse.database.AccountRows;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.payment.PaymentSearch.Whose;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The statements of {@link PaymentReader}, one a method, for a scope and the length of one handle.
 */
final class PaymentLookUp {
  private final Handle handle;
  private final Whose whose;
  private final String seen;
  private final String flaggedAndSeen;

  PaymentLookUp(Handle handle, Scope scope, KnownAccounts known) {
    this.handle = handle;
    this.whose = new Whose(scope, known);
    this.seen = PaymentSearch.seenBy(scope);
    this.flaggedAndSeen =
        scope.isEverything() ? "" : " AND " + AccountRows.large(scope.accountIds()).condition();
  }

  Optional<Payment> payment(long id) {
    return handle
        .createQuery(PaymentDao.SELECT + "WHERE id = :id" + seen)
        .bind("id", id)
        .map(PaymentRows.PAYMENT)
        .findOne();
  }

  /** Of several accounts' the newest. */
  Optional<Payment> paymentByMpId(String mpPaymentId) {
    var filter = new PaymentFilter(null, null, mpPaymentId, null, null);
    return PaymentSearch.payments(handle, whose, filter, null, 1).stream().findFirst();
  }

  Optional<Checkout> checkout(long id) {
    return handle
        .createQuery(CheckoutDao.SELECT + "WHERE id = :id" + seen)
        .bind("id", id)
        .map(PaymentRows.CHECKOUT)
        .findOne();
  }

  /** Of several accounts' the newest. */
  Optional<Checkout> checkoutByReference(String externalReference) {
    return PaymentSearch.checkouts(handle, whose, externalReference, null, 1).stream().findFirst();
  }

  /** From the first instant on, and before the second. */
  List<Long> idsChanged(Instant from, Instant to) {
    return handle
        .createQuery(
            """
            SELECT id FROM payments
            WHERE mp_updated_at >= :from AND mp_updated_at < :to%s ORDER BY id
            """
                .formatted(seen))
        .bind("from", from)
        .bind("to", to)
        .map(PaymentRows.NUMBER)
        .list();
  }

  List<Long> idsFor(String text, int limit) {
    return handle
        .createQuery(
            """
            SELECT id FROM payments
            WHERE (external_reference = :text OR payer_email = :text)%s
            ORDER BY id DESC LIMIT :limit
            """
                .formatted(seen))
        .bind("text", text)
        .bind("limit", limit)
        .map(PaymentRows.NUMBER)
        .list();
  }

  /**
   * How many approved payments count for nothing, because they do not fit; at most {@code cap}. By
   * a comparison, because H2 looks for what is not null by no index; and not by the account, or H2
   * would read all of its payments.
   */
  long countMisfits(int cap) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM (SELECT id FROM payments
              WHERE flag > '' AND accepted_at IS NULL AND status = 'approved'%s LIMIT :cap) capped
            """
                .formatted(flaggedAndSeen))
        .bind("cap", cap)
        .map(PaymentRows.NUMBER)
        .one();
  }

  /** The same of each account that has any, of the newest of all. */
  Map<Long, Long> misfitsByAccount(int cap) {
    return handle
        .createQuery(
            """
            SELECT account_id, COUNT(*) AS misfits FROM (SELECT id, account_id FROM payments
              WHERE flag > '' AND accepted_at IS NULL AND status = 'approved'%s
              ORDER BY id DESC LIMIT :cap) newest
            GROUP BY account_id
            """
                .formatted(flaggedAndSeen))
        .bind("cap", cap)
        .map((row, context) -> Map.entry(row.getLong("account_id"), row.getLong("misfits")))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Our ids of the checkouts of payments, by those of the payments. */
  Map<Long, Long> checkoutsOf(Collection<Long> paymentIds) {
    return numbers("checkout_id", "payments", " AND checkout_id IS NOT NULL" + seen, paymentIds);
  }

  /** Whose payments are, by our ids. */
  Map<Long, Long> accountsOf(Collection<Long> paymentIds) {
    return numbers("account_id", "payments", seen, paymentIds);
  }

  /** Whose checkouts are, by our ids. */
  Map<Long, Long> accountsOfCheckouts(Collection<Long> checkoutIds) {
    return numbers("account_id", "checkouts", seen, checkoutIds);
  }

  private Map<Long, Long> numbers(String column, String table, String more, Collection<Long> ids) {
    return handle
        .createQuery(
            "SELECT id, %s AS number FROM %s WHERE id = ANY(:ids)%s".formatted(column, table, more))
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> Map.entry(row.getLong("id"), row.getLong("number")))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The newest payments of a checkout. */
  List<Payment> ofCheckout(long checkoutId, int limit) {
    return handle
        .createQuery(
            PaymentDao.SELECT
                + "WHERE checkout_id = :checkoutId"
                + seen
                + " ORDER BY id DESC LIMIT :limit")
        .bind("checkoutId", checkoutId)
        .bind("limit", limit)
        .map(PaymentRows.PAYMENT)
        .list();
  }

  /** The tags that are due for a payment, on the contact or not. */
  List<ContactTag> tags(long paymentId) {
    return payment(paymentId)
        .map(payment -> new PaymentTags(handle, account(paymentId)).of(payment))
        .orElse(List.of());
  }

  private long account(long paymentId) {
    return whose.isOfMain()
        ? Place.MAIN_ACCOUNT
        : accountsOf(List.of(paymentId)).getOrDefault(paymentId, Place.MAIN_ACCOUNT);
  }
}
