package dev.acuse.order;

import org.jspecify.annotations.Nullable;

/**
 * Which orders to list. A null asks for nothing in particular.
 *
 * @param status MercadoPago's word
 * @param mpOrderId MercadoPago's id
 * @param mpPaymentId MercadoPago's id of one of its payments
 */
public record OrderFilter(
    @Nullable String status,
    @Nullable String externalReference,
    @Nullable String mpOrderId,
    @Nullable String mpPaymentId) {
  /** Every order. */
  public static final OrderFilter ALL = new OrderFilter(null, null, null, null);
}
