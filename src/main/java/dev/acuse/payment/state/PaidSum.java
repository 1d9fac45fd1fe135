package dev.acuse.payment.state;

import java.math.BigDecimal;

/** What one payment brought, in units of its currency; 0 where that is unknown. Pure. */
final class PaidSum {
  private PaidSum() {}

  /** What was paid, whatever was given back since. */
  static BigDecimal gross(Payment payment) {
    BigDecimal amount = payment.amount();
    return amount == null ? BigDecimal.ZERO : amount;
  }

  /** What was given back of it: all of a refunded payment, a part of any other. */
  static BigDecimal givenBack(Payment payment) {
    BigDecimal refunded = payment.amountRefunded();
    if (payment.status().equals("refunded")) {
      return gross(payment);
    }
    return refunded == null ? BigDecimal.ZERO : refunded.max(BigDecimal.ZERO).min(gross(payment));
  }

  /** What is left of it. */
  static BigDecimal kept(Payment payment) {
    return gross(payment).subtract(givenBack(payment));
  }
}
