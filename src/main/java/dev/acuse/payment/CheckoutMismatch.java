package dev.acuse.payment;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a payment does not fit what was to be paid (MercadoPago facts, section 5.6). It tags nobody
 * until an operator accepts it.
 *
 * @param flag a stable word
 * @param detail one sentence for the operator
 */
record CheckoutMismatch(String flag, String detail) {
  static final String COLLECTOR = "collector_mismatch";
  static final String AMOUNT = "amount_mismatch";
  static final String CURRENCY = "currency_mismatch";
  static final String SECOND = "second_approved";

  /**
   * The gravest misfit of a payment, if there is one.
   *
   * @param checkout null while the payment is unlinked: then only the collector can be wrong
   * @param collectorId who must have been paid; null if nobody said
   * @param paidByAnother another payment that fits has paid for the checkout
   */
  static Optional<CheckoutMismatch> of(
      Payment payment,
      @Nullable Checkout checkout,
      @Nullable String collectorId,
      boolean paidByAnother) {
    if (collectorId != null && !collectorId.equals(payment.collectorId())) {
      return misfit(COLLECTOR, "paid to collector " + payment.collectorId() + ", not to ours");
    }
    if (checkout == null) {
      return Optional.empty();
    }
    BigDecimal amount = payment.amount();
    if (amount == null || amount.compareTo(checkout.amount()) != 0) {
      String was = amount == null ? "an amount unknown or out of range" : plain(amount);
      return misfit(AMOUNT, was + " instead of " + plain(checkout.amount()));
    }
    if (!checkout.currency().equals(payment.currency())) {
      return misfit(CURRENCY, payment.currency() + " instead of " + checkout.currency());
    }
    if (paidByAnother && isSecond(payment)) {
      return misfit(SECOND, "another approved payment has paid for this checkout already");
    }
    return Optional.empty();
  }

  /** A second payment stays one when it is paid back: that refund is not the customer's tag. */
  private static boolean isSecond(Payment payment) {
    PaymentStage stage = PaymentStage.of(payment.status());
    return stage == PaymentStage.APPROVED
        || (SECOND.equals(payment.flag()) && !stage.isBeforeApproval());
  }

  private static Optional<CheckoutMismatch> misfit(String flag, String detail) {
    return Optional.of(new CheckoutMismatch(flag, detail));
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
