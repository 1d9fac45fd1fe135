package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges the payments of one checkout together: MercadoPago lets a customer pay with two cards, and
 * then each payment is a part. Those that make up the amount fit; what is more is a mismatch.
 * Follows from the payments as they are, and from which of them count already, so that a repetition
 * changes nothing. Pure.
 */
public final class CheckoutJudgement {
  private final Checkout checkout;
  private final @Nullable String collectorId;
  private final PayableAmount payable;
  private final Map<Long, CheckoutMismatch> mismatches = new HashMap<>();
  private final List<Payment> counting = new ArrayList<>();

  private CheckoutJudgement(Checkout checkout, @Nullable String collectorId) {
    this.checkout = checkout;
    this.collectorId = collectorId;
    this.payable = PayableAmount.of(checkout);
  }

  /**
   * Judges a payment and the others of its checkout.
   *
   * @param collectorId the account that must have been paid; null compares none
   * @param payment as it is to become
   * @param counts whether the payment counted before, as it was
   * @param others those of its checkout that were ever accredited
   */
  public static CheckoutJudgement of(
      Checkout checkout,
      @Nullable String collectorId,
      Payment payment,
      boolean counts,
      List<Payment> others) {
    var judgement = new CheckoutJudgement(checkout, collectorId);
    List<Payment> all =
        Stream.concat(others.stream(), Stream.of(payment))
            .sorted(Comparator.comparingLong(Payment::id))
            .toList();
    List<Payment> settled = new ArrayList<>();
    List<Payment> approved = new ArrayList<>();
    List<Payment> past = new ArrayList<>();
    BigDecimal taken = BigDecimal.ZERO;
    for (Payment one : all) {
      if (one.acceptedAt() != null) {
        taken = taken.add(judgement.accept(one));
      } else if (!judgement.isWrong(one) && !stage(one).isBeforeApproval()) {
        boolean counted = one.id() == payment.id() ? counts : one.flag() == null;
        (stage(one) == PaymentStage.APPROVED ? counted ? settled : approved : past).add(one);
      }
    }
    judgement.share(settled, approved, taken);
    past.forEach(judgement::remember);
    return judgement;
  }

  private static PaymentStage stage(Payment payment) {
    return PaymentStage.of(payment.status());
  }

  /** Answers what an accepted payment leaves no room for. */
  private BigDecimal accept(Payment payment) {
    if (stage(payment).isBeforeApproval()) {
      return BigDecimal.ZERO;
    }
    counting.add(payment);
    if (stage(payment) != PaymentStage.APPROVED) {
      return BigDecimal.ZERO;
    }
    return isComparable(payment) ? PaidSum.kept(payment) : payable.highest();
  }

  private boolean isWrong(Payment payment) {
    Optional<CheckoutMismatch> wrong = CheckoutMismatch.ofItself(payment, checkout, collectorId);
    wrong.ifPresent(mismatch -> mismatches.put(payment.id(), mismatch));
    return wrong.isPresent();
  }

  private void share(List<Payment> settled, List<Payment> approved, BigDecimal taken) {
    Set<Payment> fitting = ExactShare.of(payable, settled, approved, taken);
    counting.addAll(fitting);
    BigDecimal others = fitting.stream().map(PaidSum::kept).reduce(taken, BigDecimal::add);
    Stream.concat(settled.stream(), approved.stream())
        .filter(payment -> !fitting.contains(payment))
        .forEach(
            payment ->
                mismatches.put(
                    payment.id(), CheckoutMismatch.besideOthers(payment, others, checkout)));
  }

  /** What was too much while it was approved stays so: its refund is not the customer's tag. */
  private void remember(Payment payment) {
    String flag = payment.flag();
    boolean wasTooMuch = flag != null && CheckoutMismatch.TOO_MUCH.contains(flag);
    BigDecimal all =
        counting.stream()
            .filter(this::isComparable)
            .map(PaidSum::gross)
            .reduce(PaidSum.gross(payment), BigDecimal::add);
    if (flag != null && wasTooMuch && payable.isExceededBy(all)) {
      mismatches.put(payment.id(), new CheckoutMismatch(flag, payment.flagDetail()));
    } else {
      counting.add(payment);
    }
  }

  private boolean isComparable(Payment payment) {
    return payment.amount() != null && checkout.currency().equals(payment.currency());
  }

  /** A payment with what was found of it; one that was accepted stays as it is. */
  public Payment judged(Payment payment) {
    return payment.acceptedAt() != null
        ? payment
        : PaymentMerge.judged(payment, Optional.ofNullable(mismatches.get(payment.id())));
  }

  /** How the checkout stands by the payments that count. */
  public CheckoutStanding standing() {
    return CheckoutStanding.of(checkout, payable, counting);
  }
}
