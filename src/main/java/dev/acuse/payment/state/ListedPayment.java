package dev.acuse.payment.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment as its merchant order lists it: a hint, never a proof.
 *
 * @param status MercadoPago's word; null if the order does not say
 * @param modifiedAt when it last changed; null if the order does not say
 * @param preferenceId the order's; null if it has none
 */
public record ListedPayment(
    String mpPaymentId,
    @Nullable String status,
    @Nullable Instant modifiedAt,
    @Nullable String preferenceId) {

  /** Whether a payment that we have is this one as it is now, and belongs where it should. */
  public boolean isMet(Payment ours, boolean isCheckoutKnown) {
    boolean isOlder =
        status != null
            && !status.equals(ours.status())
            && modifiedAt != null
            && PaymentStage.isBehind(ours, status, modifiedAt);
    boolean isUnlinked = ours.checkoutId() == null && isCheckoutKnown;
    return !isOlder && !isUnlinked;
  }
}
