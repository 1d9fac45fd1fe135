package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.MerchantOrder;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.LookUps.LookUp;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.ListedPayment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds merchant orders against what we have, where payments alone don't tell: a payment that the
 * search for payments does not show, and one that can't be linked to its checkout because only its
 * order names the preference. Such an order becomes an event for the ordinary handler. Thread-safe;
 * may be repeated.
 */
public final class OrderComparison {
  /**
   * What a part of a window came to.
   *
   * @param orders that MercadoPago has
   * @param behind of them, those with a payment that is missing, older or unlinked here
   * @param queued events made to heal them
   */
  record Result(Instant reached, long orders, long behind, long queued) {}

  private final EventReader events;
  private final PaymentReader payments;
  private final LookUps lookUps;

  /** Compares with these payments; what an open event will look up is no difference. */
  public OrderComparison(EventReader events, PaymentReader payments, LookUps lookUps) {
    this.events = events;
    this.payments = payments;
    this.lookUps = lookUps;
  }

  /**
   * Compares a part of an account's window; when this returns, its events are on disk.
   *
   * @param dryRun only counts
   */
  Result compare(Account account, OrderWalk.Slice slice, boolean dryRun) {
    List<MerchantOrder> orders =
        slice.orders().stream()
            .filter(order -> Payee.isPaid(account, order.collectorId()))
            .toList();
    List<MerchantOrder> behind = behind(account.id(), orders);
    int queued =
        dryRun
            ? 0
            : lookUps.queue(account.id(), behind.stream().map(OrderComparison::lookUp).toList());
    return new Result(slice.reached(), orders.size(), behind.size(), queued);
  }

  private List<MerchantOrder> behind(long accountId, List<MerchantOrder> orders) {
    List<ListedPayment> listed = new ArrayList<>();
    for (MerchantOrder order : orders) {
      for (MerchantOrder.Entry entry : order.payments()) {
        if (!entry.isCardValidation()) {
          listed.add(
              new ListedPayment(
                  entry.mpPaymentId(), entry.status(), entry.modifiedAt(), order.preferenceId()));
        }
      }
    }
    Set<String> wrong = new HashSet<>(payments.behind(Scope.of(accountId), listed));
    // What somebody is about to look up is not missing.
    wrong.removeAll(
        events.openResources(
            Scope.of(accountId), Topic.SOURCE, Topic.PAYMENT.code(), List.copyOf(wrong)));
    return orders.stream()
        .filter(order -> order.paymentIds().stream().anyMatch(wrong::contains))
        .toList();
  }

  /** The same state found again is the same event. */
  private static LookUp lookUp(MerchantOrder order) {
    Instant date = order.updatedAt();
    return new LookUp(
        Topic.MERCHANT_ORDER.code(),
        order.id(),
        "reconcile:" + (date == null ? "undated" : String.valueOf(date.toEpochMilli())));
  }
}
