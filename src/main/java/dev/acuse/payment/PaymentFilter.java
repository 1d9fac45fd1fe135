package dev.acuse.payment;

import org.jspecify.annotations.Nullable;

/**
 * Which payments to list. A null asks for nothing in particular.
 *
 * @param status MercadoPago's word
 * @param linked whether it belongs to a checkout
 * @param flagged whether it waits for an operator's decision; a payment that was accepted does not
 * @param limit 1 to {@value #MAX_LIMIT}
 */
public record PaymentFilter(
    @Nullable String status,
    @Nullable String externalReference,
    @Nullable String mpPaymentId,
    @Nullable Boolean linked,
    @Nullable Boolean flagged,
    int limit) {
  /** The most that one list may hold. */
  public static final int MAX_LIMIT = 500;

  /**
   * @throws IllegalArgumentException if the limit is out of range
   */
  public PaymentFilter {
    checkLimit(limit);
  }

  /** The newest payments, whatever they are. */
  public static PaymentFilter newest(int limit) {
    return new PaymentFilter(null, null, null, null, null, limit);
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be between 1 and " + MAX_LIMIT);
    }
  }
}
