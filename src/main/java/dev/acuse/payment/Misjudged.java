package dev.acuse.payment;

import dev.acuse.event.Scope;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutJudgement;
import dev.acuse.payment.state.CheckoutMismatch;
import dev.acuse.payment.state.Payment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Payments that are flagged as too much and would not be if they were judged now: a version before
 * judged each of a checkout's payments as if it were the only one.
 */
final class Misjudged {
  private Misjudged() {}

  /** The newest of them, as they are stored. */
  static List<Payment> of(Handle handle, Scope scope, int limit) {
    var payments = new PaymentDao(handle);
    var checkouts = new CheckoutDao(handle);
    return payments.tooMuch(scope, limit).stream()
        .collect(Collectors.groupingBy(payment -> Optional.ofNullable(payment.checkoutId())))
        .entrySet()
        .stream()
        .flatMap(
            one ->
                one
                    .getKey()
                    .flatMap(id -> checkouts.find(one.getValue().get(0).accountId(), id))
                    .stream()
                    .flatMap(checkout -> of(checkout, one.getValue(), payments)))
        .toList();
  }

  private static Stream<Payment> of(Checkout checkout, List<Payment> flagged, PaymentDao payments) {
    Payment first = flagged.get(0);
    // Whose account was paid is not judged here: what went to another does not count as it is.
    List<Payment> others =
        payments.othersAccredited(checkout.accountId(), checkout.id(), first.id()).stream()
            .filter(other -> !CheckoutMismatch.COLLECTOR.equals(other.flag()))
            .toList();
    CheckoutJudgement judgement = CheckoutJudgement.of(checkout, null, first, false, others);
    return flagged.stream().filter(payment -> judgement.judged(payment).flag() == null);
  }
}
