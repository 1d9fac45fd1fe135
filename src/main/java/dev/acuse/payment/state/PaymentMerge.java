package dev.acuse.payment.state;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a payment's row becomes. Pure. */
public final class PaymentMerge {

  private PaymentMerge() {}

  /**
   * The stored payment after a snapshot that is newer: MercadoPago's word replaces ours, except for
   * what it leaves out. It gives the payer's e-mail address in some statuses only, and a contact
   * may have been found by it since.
   *
   * @param look the look-up whose answer the snapshot is
   * @param overruled whether what is stored looks newer, and an operator's look-up overrules it
   */
  public static Payment newer(
      Payment stored, PaymentSnapshot snapshot, Look look, boolean overruled) {
    return new Payment(
            stored.id(),
            stored.accountId(),
            stored.mpPaymentId(),
            stored.checkoutId(),
            orElse(snapshot.externalReference(), stored.externalReference()),
            orElse(snapshot.contactId(), stored.contactId()),
            snapshot.status(),
            snapshot.statusDetail(),
            snapshot.amount(),
            orElse(snapshot.amountRefunded(), stored.amountRefunded()),
            snapshot.currency(),
            snapshot.collectorId(),
            orElse(snapshot.payerEmail(), stored.payerEmail()),
            overruled
                ? snapshot.mpUpdatedAt()
                : version(stored.mpUpdatedAt(), snapshot.mpUpdatedAt()),
            orElse(snapshot.approvedAt(), stored.approvedAt()),
            look.begunAt(),
            overruled ? look.begunAt() : stored.overruledAt(),
            stored.flag(),
            stored.flagDetail(),
            stored.acceptedAt(),
            snapshot.details().orElse(stored.details()),
            null,
            stored.createdAt(),
            stored.updatedAt())
        .searchable();
  }

  /**
   * The stored payment after a snapshot that is not newer: who paid and what for does not age, so
   * it fills what is missing, and the order of arrival makes no difference.
   */
  public static Payment older(Payment stored, PaymentSnapshot snapshot) {
    return identified(
        stored,
        stored.checkoutId(),
        orElse(stored.externalReference(), snapshot.externalReference()),
        orElse(stored.contactId(), snapshot.contactId()),
        orElse(stored.payerEmail(), snapshot.payerEmail()),
        stored.details().orElse(snapshot.details()));
  }

  /**
   * The stored payment, with what no rule judges it by as a search shows it: where MercadoPago's
   * word and ours are of different moments, these parts are the same.
   */
  public static Payment detailed(Payment stored, PaymentDetails details) {
    return identified(
        stored,
        stored.checkoutId(),
        stored.externalReference(),
        stored.contactId(),
        stored.payerEmail(),
        stored.details().orElse(details.fitted()));
  }

  /** The payment, belonging to this checkout. */
  public static Payment linked(Payment payment, long checkoutId) {
    return identified(
        payment,
        checkoutId,
        payment.externalReference(),
        payment.contactId(),
        payment.payerEmail(),
        payment.details());
  }

  /** The payment, with the contact of its checkout. */
  public static Payment withContact(Payment payment, String contactId) {
    return identified(
        payment,
        payment.checkoutId(),
        payment.externalReference(),
        contactId,
        payment.payerEmail(),
        payment.details());
  }

  /** The payment, flagged with why it does not fit, or without a flag. */
  public static Payment judged(Payment payment, Optional<CheckoutMismatch> misfit) {
    return verdict(
        payment,
        misfit.map(CheckoutMismatch::flag).orElse(null),
        misfit.map(CheckoutMismatch::detail).orElse(null),
        payment.acceptedAt(),
        payment.updatedAt());
  }

  /**
   * The payment, accepted by an operator.
   *
   * @param reason why it does not fit: what was found of it, or that it is only a part
   */
  public static Payment accepted(Payment payment, CheckoutMismatch reason, Instant now) {
    return verdict(payment, reason.flag(), reason.detail(), now, payment.updatedAt());
  }

  /** The payment, changed now. */
  public static Payment touched(Payment payment, Instant now) {
    return verdict(payment, payment.flag(), payment.flagDetail(), payment.acceptedAt(), now);
  }

  private static Payment identified(
      Payment payment,
      @Nullable Long checkoutId,
      @Nullable String externalReference,
      @Nullable String contactId,
      @Nullable String payerEmail,
      PaymentDetails details) {
    return new Payment(
            payment.id(),
            payment.accountId(),
            payment.mpPaymentId(),
            checkoutId,
            externalReference,
            contactId,
            payment.status(),
            payment.statusDetail(),
            payment.amount(),
            payment.amountRefunded(),
            payment.currency(),
            payment.collectorId(),
            payerEmail,
            payment.mpUpdatedAt(),
            payment.approvedAt(),
            payment.lookedUpAt(),
            payment.overruledAt(),
            payment.flag(),
            payment.flagDetail(),
            payment.acceptedAt(),
            details,
            null,
            payment.createdAt(),
            payment.updatedAt())
        .searchable();
  }

  private static Payment verdict(
      Payment payment,
      @Nullable String flag,
      @Nullable String flagDetail,
      @Nullable Instant acceptedAt,
      Instant updatedAt) {
    return new Payment(
        payment.id(),
        payment.accountId(),
        payment.mpPaymentId(),
        payment.checkoutId(),
        payment.externalReference(),
        payment.contactId(),
        payment.status(),
        payment.statusDetail(),
        payment.amount(),
        payment.amountRefunded(),
        payment.currency(),
        payment.collectorId(),
        payment.payerEmail(),
        payment.mpUpdatedAt(),
        payment.approvedAt(),
        payment.lookedUpAt(),
        payment.overruledAt(),
        flag,
        flagDetail,
        acceptedAt,
        payment.details(),
        payment.searchText(),
        payment.createdAt(),
        updatedAt);
  }

  private static @Nullable Instant version(@Nullable Instant stored, @Nullable Instant given) {
    return stored == null || given == null ? given : MomentOrder.replacing(stored, given);
  }

  private static <T> @Nullable T orElse(@Nullable T first, @Nullable T second) {
    return first == null ? second : first;
  }
}
