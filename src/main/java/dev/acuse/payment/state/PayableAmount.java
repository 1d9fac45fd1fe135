package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalInt;

/**
 * What MercadoPago charges for a checkout, in units of its currency. It charges no decimals that a
 * currency doesn't have, so a checkout that was registered with more of them is paid by the amount
 * above or below; any other is paid by its amount and no other. Immutable.
 *
 * @param lowest from here on the checkout is paid
 * @param highest up to here a payment fits
 */
record PayableAmount(BigDecimal lowest, BigDecimal highest) {

  /** What is to be paid for a checkout. */
  static PayableAmount of(Checkout checkout) {
    BigDecimal amount = checkout.amount();
    OptionalInt decimals = CurrencyDecimals.of(checkout.currency());
    if (decimals.isEmpty() || amount.stripTrailingZeros().scale() <= decimals.getAsInt()) {
      return new PayableAmount(amount, amount);
    }
    return new PayableAmount(
        amount.setScale(decimals.getAsInt(), RoundingMode.FLOOR),
        amount.setScale(decimals.getAsInt(), RoundingMode.CEILING));
  }

  boolean isReachedBy(BigDecimal sum) {
    return sum.compareTo(lowest) >= 0;
  }

  boolean isExceededBy(BigDecimal sum) {
    return sum.compareTo(highest) > 0;
  }

  boolean isMetBy(BigDecimal sum) {
    return isReachedBy(sum) && !isExceededBy(sum);
  }
}
