package dev.acuse.payment;

import org.jspecify.annotations.Nullable;

/**
 * Which payments to list. A null asks for nothing in particular.
 *
 * @param status MercadoPago's word
 * @param linked whether it belongs to a checkout
 * @param flagged whether it waits for an operator's decision; a payment that was accepted does not
 */
public record PaymentFilter(
    @Nullable String status,
    @Nullable String externalReference,
    @Nullable String mpPaymentId,
    @Nullable Boolean linked,
    @Nullable Boolean flagged) {
  /** Every payment. */
  public static final PaymentFilter ALL = new PaymentFilter(null, null, null, null, null);
}
