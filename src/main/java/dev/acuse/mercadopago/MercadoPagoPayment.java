package dev.acuse.mercadopago;

import dev.acuse.payment.state.PaymentSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A payment as MercadoPago's API gives it.
 *
 * @param operationType for example {@code regular_payment}, or {@code card_validation}, which is no
 *     sale
 * @param merchantOrderId the way to the preference; null for a payment made without a checkout
 * @param orderId the order of the Orders API that it is of; null if it names none
 */
public record MercadoPagoPayment(
    PaymentSnapshot snapshot,
    @Nullable String operationType,
    @Nullable String merchantOrderId,
    @Nullable String orderId) {

  /** Subscriptions test a new card with a payment of zero (facts: operation type). */
  private static final String CARD_VALIDATION = "card_validation";

  /**
   * Whether it is a payment of an order: it says so, or says neither that nor that it is of a
   * merchant order, and has the order's reference.
   *
   * @param reference the order's external reference; null if it has none
   */
  public boolean isOf(String mpOrderId, @Nullable String reference) {
    return orderId != null
        ? orderId.equals(mpOrderId)
        : merchantOrderId == null
            && reference != null
            && reference.equals(snapshot.externalReference());
  }

  /** Whether it is a card's test, which is no sale and is never stored. */
  public boolean isCardValidation() {
    return isCardValidation(operationType);
  }

  /** Whether this operation type, which may be null, is that of a card's test. */
  static boolean isCardValidation(@Nullable String operationType) {
    return CARD_VALIDATION.equals(operationType);
  }
}
