package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.effect.Rearm;
import dev.acuse.mercadopago.MercadoPagoOrder;
import dev.acuse.mercadopago.MercadoPagoOrders;
import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.handler.PaymentRefresh.Refreshed;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentStage;
import dev.acuse.remote.RemoteException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the payments of one order and brings each up to date, for one attempt. What an order calls
 * its payments are not the ids by which payments are looked up: a notification may name those, and
 * the search for the order's reference finds them. Whatever named one, the payment itself says
 * whether it is of the order.
 */
final class OrderPayments {
  /** So many hints are followed at most; an order has some few payments. */
  private static final int MOST = 20;

  private final MercadoPagoOrder order;
  private final PaymentRefresh refresh;
  private final @Nullable Rearm rearm;
  private final AttemptLog attempt;
  private final Map<String, Payment> found = new LinkedHashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  OrderPayments(
      MercadoPagoOrder order, PaymentRefresh refresh, @Nullable Rearm rearm, AttemptLog attempt) {
    this.order = order;
    this.refresh = refresh;
    this.rearm = rearm;
    this.attempt = attempt;
  }

  /**
   * Follows hints. One at what is not there, or is another's, leads to nothing: documents show made
   * up ids in their place.
   */
  void follow(Collection<String> mpPaymentIds) {
    for (String id : mpPaymentIds.stream().distinct().limit(MOST).toList()) {
      Refreshed refreshed = refresh.refresh(id, null, rearm, attempt);
      if (isKept(id, refreshed) || !isAnswered(refreshed.outcome())) {
        outcomes.add(refreshed.outcome());
      }
    }
  }

  /** Whether MercadoPago has said what there is to be said of a payment. */
  private static boolean isAnswered(Outcome outcome) {
    return switch (outcome.kind()) {
      case DONE, IGNORED, FAIL -> true;
      case RETRY -> Hint.isRefused(outcome);
      case OUTAGE, SNOOZE -> false;
    };
  }

  /**
   * Looks for payments by the order's reference.
   *
   * @throws RemoteException sorted by what to do next
   */
  void search(MercadoPagoOrders orders) throws RemoteException {
    String reference = order.snapshot().externalReference();
    if (reference == null) {
      return;
    }
    List<MercadoPagoPayment> its =
        attempt.step(
            "search",
            () ->
                orders.paymentsOf(reference).stream()
                    .filter(this::isOfOrder)
                    .filter(payment -> !found.containsKey(payment.snapshot().mpPaymentId()))
                    .limit(MOST)
                    .toList(),
            some -> some.size() + " further payments");
    for (MercadoPagoPayment payment : its) {
      String id = payment.snapshot().mpPaymentId();
      Refreshed refreshed = refresh.refresh(id, null, rearm, attempt);
      outcomes.add(refreshed.outcome());
      isKept(id, refreshed);
    }
  }

  private boolean isOfOrder(MercadoPagoPayment payment) {
    return payment.isOf(order.id(), order.snapshot().externalReference());
  }

  /** Keeps a payment that is the order's. */
  private boolean isKept(String id, Refreshed refreshed) {
    boolean isOfOrder = refreshed.found() != null && isOfOrder(refreshed.found());
    if (isOfOrder && refreshed.payment() != null) {
      found.put(id, refreshed.payment());
    }
    return isOfOrder;
  }

  /** The payments of the order, by MercadoPago's id. */
  Map<String, Payment> found() {
    return found;
  }

  /** Whether as many are found as the order lists. */
  boolean areAll() {
    return found.size() >= Math.max(1, order.entries().size()) && showTheMoney();
  }

  /** Whether the money that the order says it has received is to be seen in its payments. */
  boolean showTheMoney() {
    return accredited() >= order.moneyPayments();
  }

  /** Whether any was ever accredited, and none that the order says was is missing. */
  boolean showPaid() {
    return accredited() > 0 && showTheMoney();
  }

  private long accredited() {
    return found.values().stream()
        .filter(payment -> !PaymentStage.of(payment.status()).isBeforeApproval())
        .count();
  }

  /** What the look-ups came to. */
  Outcome outcome() {
    return OutcomePriority.first(outcomes);
  }
}
