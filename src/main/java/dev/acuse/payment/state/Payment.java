package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One MercadoPago payment as we know it.
 *
 * @param accountId whose it is
 * @param checkoutId null while the payment is unlinked
 * @param contactId the contact named by the payment's own metadata, or found by e-mail; a linked
 *     payment's contact is its checkout's
 * @param status MercadoPago's word; an open set
 * @param amount in units of the currency
 * @param amountRefunded what was given back of it; null if MercadoPago did not say
 * @param mpUpdatedAt MercadoPago's {@code date_last_updated}: the version of this state
 * @param approvedAt MercadoPago's {@code date_approved}; null if it never was, or did not say
 * @param lookedUpAt when the look-up was begun whose answer this is, by the database's clock; null
 *     if a version before stored it
 * @param overruledAt when the latest look-up was begun whose answer was applied though what was
 *     stored looked newer; null if there was none
 * @param flag why nobody may be tagged for it until an operator accepts it; null if it fits
 * @param acceptedAt when an operator accepted a flagged payment
 * @param details what a person asks of it and no rule judges it by
 * @param searchText the words by which it is found ({@link SearchText}); null while no look-up of
 *     this version has filled it
 */
public record Payment(
    long id,
    long accountId,
    String mpPaymentId,
    @Nullable Long checkoutId,
    @Nullable String externalReference,
    @Nullable String contactId,
    String status,
    @Nullable String statusDetail,
    @Nullable BigDecimal amount,
    @Nullable BigDecimal amountRefunded,
    @Nullable String currency,
    @Nullable String collectorId,
    @Nullable String payerEmail,
    @Nullable Instant mpUpdatedAt,
    @Nullable Instant approvedAt,
    @Nullable Instant lookedUpAt,
    @Nullable Instant overruledAt,
    @Nullable String flag,
    @Nullable String flagDetail,
    @Nullable Instant acceptedAt,
    PaymentDetails details,
    @Nullable String searchText,
    Instant createdAt,
    Instant updatedAt) {

  /** The same, with the words by which it is found. */
  Payment searchable() {
    return new Payment(
        id,
        accountId,
        mpPaymentId,
        checkoutId,
        externalReference,
        contactId,
        status,
        statusDetail,
        amount,
        amountRefunded,
        currency,
        collectorId,
        payerEmail,
        mpUpdatedAt,
        approvedAt,
        lookedUpAt,
        overruledAt,
        flag,
        flagDetail,
        acceptedAt,
        details,
        SearchText.of(this),
        createdAt,
        updatedAt);
  }

  /** A payment of which nothing is known yet but that it exists. */
  public static Payment unfilled(
      long id, long accountId, String mpPaymentId, String status, Instant now) {
    return new Payment(
        id,
        accountId,
        mpPaymentId,
        null,
        null,
        null,
        status,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        PaymentDetails.NONE,
        null,
        now,
        now);
  }
}
