package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which approved payments count if together they are more than was to be paid: those that make up
 * the amount exactly, if there are such, because a customer who paid a part and then the whole has
 * paid the whole. Else each that still has room, in the order given. Pure.
 */
final class ExactShare {
  /** With more payments than this, every combination would be too many to try. */
  private static final int MOST_COMBINED = 12;

  private final PayableAmount payable;
  private final List<Payment> payments;
  private final List<Payment> chosen = new ArrayList<>();

  private ExactShare(PayableAmount payable, List<Payment> payments) {
    this.payable = payable;
    this.payments = payments;
  }

  /**
   * Those that count.
   *
   * @param settled payments that count already, before all others
   * @param others further payments
   * @param taken what accepted payments take of the amount; payments that count already keep their
   *     place beside them
   */
  static Set<Payment> of(
      PayableAmount payable, List<Payment> settled, List<Payment> others, BigDecimal taken) {
    List<Payment> all = new ArrayList<>(settled);
    all.addAll(others);
    BigDecimal sum = all.stream().map(PaidSum::kept).reduce(taken, BigDecimal::add);
    if (!payable.isExceededBy(sum)) {
      return new LinkedHashSet<>(all);
    }
    var share = new ExactShare(payable, all);
    if (taken.signum() == 0 && all.size() <= MOST_COMBINED && share.isMadeUpFrom(0, taken)) {
      return new LinkedHashSet<>(share.chosen);
    }
    Set<Payment> fitting = new LinkedHashSet<>();
    BigDecimal kept = share.fill(fitting, settled, BigDecimal.ZERO);
    share.fill(fitting, others, kept.add(taken));
    return fitting;
  }

  private boolean isMadeUpFrom(int index, BigDecimal sum) {
    if (payable.isExceededBy(sum)) {
      return false;
    }
    if (payable.isReachedBy(sum)) {
      return true;
    }
    if (index == payments.size()) {
      return false;
    }
    Payment next = payments.get(index);
    chosen.add(next);
    if (isMadeUpFrom(index + 1, sum.add(PaidSum.kept(next)))) {
      return true;
    }
    chosen.remove(chosen.size() - 1);
    return isMadeUpFrom(index + 1, sum);
  }

  private BigDecimal fill(Set<Payment> fitting, List<Payment> candidates, BigDecimal from) {
    BigDecimal sum = from;
    for (Payment candidate : candidates) {
      BigDecimal with = sum.add(PaidSum.kept(candidate));
      if (!payable.isExceededBy(with)) {
        fitting.add(candidate);
        sum = with;
      }
    }
    return sum;
  }
}
