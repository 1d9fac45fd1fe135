package dev.acuse.payment;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One MercadoPago payment as we know it.
 *
 * @param checkoutId null while the payment is unlinked
 * @param contactId the contact named by the payment's own metadata, or found by e-mail; a linked
 *     payment's contact is its checkout's
 * @param status MercadoPago's word; an open set
 * @param mpUpdatedAt MercadoPago's {@code date_last_updated}: the version of this state
 * @param flag why nobody may be tagged for it until an operator accepts it; null if it fits
 * @param acceptedAt when an operator accepted a flagged payment
 */
public record Payment(
    long id,
    String mpPaymentId,
    @Nullable Long checkoutId,
    @Nullable String externalReference,
    @Nullable String contactId,
    String status,
    @Nullable String statusDetail,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable String collectorId,
    @Nullable String payerEmail,
    @Nullable Instant mpUpdatedAt,
    @Nullable String flag,
    @Nullable String flagDetail,
    @Nullable Instant acceptedAt,
    Instant createdAt,
    Instant updatedAt) {

  /** A payment of which nothing is known yet but that it exists. */
  static Payment unfilled(long id, String mpPaymentId, String status, Instant now) {
    return new Payment(
        id,
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
        now,
        now);
  }
}
