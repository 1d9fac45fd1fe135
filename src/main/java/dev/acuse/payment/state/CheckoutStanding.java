package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a checkout stands by the payments that count for it. Pure.
 *
 * @param counting payments that were ever accredited and fit, or were accepted
 * @param isPaid whether approved payments make up the amount, whatever was given back of them: then
 *     the tag of an approved payment is due
 * @param wasPaid whether they ever did
 * @param status {@code open}, {@code partly_paid}, {@code paid}, {@code partly_refunded}, {@code
 *     refunded} or {@code disputed}
 */
public record CheckoutStanding(
    List<Payment> counting, boolean isPaid, boolean wasPaid, String status) {
  /** MercadoPago's dates may have the resolution of a second: within one they tell no order. */
  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  public CheckoutStanding {
    counting = List.copyOf(counting);
  }

  static CheckoutStanding of(Checkout checkout, PayableAmount payable, List<Payment> counting) {
    BigDecimal gross = BigDecimal.ZERO;
    BigDecimal kept = BigDecimal.ZERO;
    boolean isGivenBack = false;
    boolean isDisputed = false;
    for (Payment payment : counting) {
      PaymentStage stage = PaymentStage.of(payment.status());
      isGivenBack |= PaidSum.givenBack(payment).signum() > 0;
      if (stage == PaymentStage.APPROVED) {
        gross = gross.add(grossFor(checkout, payable, payment));
        kept = kept.add(keptFor(checkout, payable, payment));
      }
      isDisputed |= stage == PaymentStage.IN_MEDIATION || payment.status().equals("charged_back");
    }
    boolean isPaid = payable.isReachedBy(gross);
    boolean wasPaid =
        isPaid || checkout.paidAt() != null || wasEverPaid(checkout, payable, counting);
    boolean isHeld = payable.isReachedBy(kept);
    String status;
    if (isHeld) {
      status = "paid";
    } else if (isDisputed) {
      status = "disputed";
    } else if (wasPaid && isGivenBack) {
      status = kept.signum() > 0 ? "partly_refunded" : "refunded";
    } else {
      status = kept.signum() > 0 ? "partly_paid" : "open";
    }
    return new CheckoutStanding(counting, isPaid, wasPaid, status);
  }

  /** An accepted payment stands for the whole if an operator accepted its amount or currency. */
  private static boolean isWhole(Checkout checkout, Payment payment) {
    String flag = payment.flag();
    return payment.acceptedAt() != null
        && (CheckoutMismatch.AMOUNT.equals(flag)
            || payment.amount() == null
            || !checkout.currency().equals(payment.currency()));
  }

  private static BigDecimal grossFor(Checkout checkout, PayableAmount payable, Payment payment) {
    return isWhole(checkout, payment)
        ? payable.highest().max(PaidSum.gross(payment))
        : PaidSum.gross(payment);
  }

  private static BigDecimal keptFor(Checkout checkout, PayableAmount payable, Payment payment) {
    return isWhole(checkout, payment) && PaidSum.givenBack(payment).signum() == 0
        ? payable.highest().max(PaidSum.gross(payment))
        : PaidSum.kept(payment);
  }

  /** Whether the amount was there at some instant, by MercadoPago's own dates. */
  private static boolean wasEverPaid(
      Checkout checkout, PayableAmount payable, List<Payment> counting) {
    for (Payment payment : counting) {
      if (payable.isReachedBy(grossFor(checkout, payable, payment))) {
        return true;
      }
      Instant at = payment.approvedAt();
      if (at != null && payable.isReachedBy(sumAt(at, checkout, payable, counting))) {
        return true;
      }
    }
    return false;
  }

  private static BigDecimal sumAt(
      Instant at, Checkout checkout, PayableAmount payable, List<Payment> counting) {
    return counting.stream()
        .filter(payment -> isThereAt(at, payment))
        .map(payment -> grossFor(checkout, payable, payment))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static boolean isThereAt(Instant at, Payment payment) {
    Instant approvedAt = payment.approvedAt();
    if (approvedAt == null || approvedAt.isAfter(at)) {
      return false;
    }
    return PaymentStage.of(payment.status()) == PaymentStage.APPROVED
        || isAfter(payment.mpUpdatedAt(), at.plus(RESOLUTION));
  }

  private static boolean isAfter(@Nullable Instant instant, Instant other) {
    return instant != null && instant.isAfter(other);
  }
}
