package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a payment does not fit what was to be paid (MercadoPago facts, section 5.6). It tags no
 * contact until an operator accepts it.
 *
 * @param flag a stable word
 * @param detail one sentence for the operator
 */
public record CheckoutMismatch(String flag, @Nullable String detail) {
  public static final String COLLECTOR = "collector_mismatch";
  static final String AMOUNT = "amount_mismatch";
  static final String CURRENCY = "currency_mismatch";
  static final String SECOND = "second_approved";

  /** The words for a payment that was too much, alone or beside others. */
  static final Set<String> TOO_MUCH = Set.of(AMOUNT, SECOND);

  /**
   * The gravest reason why a payment does not fit, whatever other payments there are.
   *
   * @param checkout null while the payment is unlinked: then only the collector can be wrong
   * @param collectorId the account that must have been paid; null compares none
   */
  public static Optional<CheckoutMismatch> ofItself(
      Payment payment, @Nullable Checkout checkout, @Nullable String collectorId) {
    if (collectorId != null && !collectorId.equals(payment.collectorId())) {
      return Optional.of(
          new CheckoutMismatch(
              COLLECTOR, "paid to collector " + payment.collectorId() + ", not to ours"));
    }
    if (checkout == null) {
      return Optional.empty();
    }
    if (!checkout.currency().equals(payment.currency())) {
      return Optional.of(
          new CheckoutMismatch(
              CURRENCY, payment.currency() + " instead of " + checkout.currency()));
    }
    BigDecimal amount = payment.amount();
    if (amount == null || amount.signum() <= 0) {
      return Optional.of(
          new CheckoutMismatch(
              AMOUNT,
              (amount == null ? "an amount unknown or out of range" : plain(amount))
                  + " instead of "
                  + plain(checkout.amount())));
    }
    // What was too much and is given back fits; a whole refund does not make good what was wrong.
    BigDecimal counts = payment.status().equals("refunded") ? amount : PaidSum.kept(payment);
    return PayableAmount.of(checkout).isExceededBy(counts)
        ? Optional.of(
            new CheckoutMismatch(AMOUNT, plain(counts) + " instead of " + plain(checkout.amount())))
        : Optional.empty();
  }

  /**
   * A payment that is more than what other payments leave to be paid.
   *
   * @param others what they paid, in units of the currency
   */
  static CheckoutMismatch besideOthers(Payment payment, BigDecimal others, Checkout checkout) {
    if (PayableAmount.of(checkout).isMetBy(PaidSum.gross(payment))) {
      return new CheckoutMismatch(
          SECOND, "another approved payment has paid for this checkout already");
    }
    BigDecimal all = others.add(PaidSum.kept(payment));
    return new CheckoutMismatch(
        AMOUNT, plain(all) + " with other payments, instead of " + plain(checkout.amount()));
  }

  /** That a payment is less than was to be paid: no reason to flag it, but one to accept it. */
  public static Optional<CheckoutMismatch> part(Payment payment, Checkout checkout) {
    BigDecimal kept = PaidSum.kept(payment);
    return PayableAmount.of(checkout).isReachedBy(kept)
        ? Optional.empty()
        : Optional.of(
            new CheckoutMismatch(AMOUNT, plain(kept) + " instead of " + plain(checkout.amount())));
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
