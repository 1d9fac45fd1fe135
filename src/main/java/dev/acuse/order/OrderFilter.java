package dev.acuse.order;

import org.jspecify.annotations.Nullable;

/**
 * Which orders to list. A null asks for nothing in particular.
 *
 * @param status MercadoPago's word
 * @param mpOrderId MercadoPago's id
 */
public record OrderFilter(
    @Nullable String status, @Nullable String externalReference, @Nullable String mpOrderId) {
  /** Every order. */
  public static final OrderFilter ALL = new OrderFilter(null, null, null);
}
