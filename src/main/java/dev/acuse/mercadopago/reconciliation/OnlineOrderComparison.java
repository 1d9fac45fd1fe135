package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.event.Scope;
import dev.acuse.inbox.DeliveryReader;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.MercadoPagoOrder;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.LookUps.LookUp;
import dev.acuse.order.Order;
import dev.acuse.order.OrderReader;
import dev.acuse.order.OrderSnapshot;
import dev.acuse.order.OrderStore;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Holds orders of the Orders API against those that are here, and has those looked up that are
 * still open. Their payments are found as all others are, so this is about orders without one. Each
 * difference becomes an event for the ordinary handler. Thread-safe; may be repeated.
 */
public final class OnlineOrderComparison {
  /** So many open orders are looked up again a run at most; the next run goes on. */
  private static final int BITE = 100;

  /**
   * What a part of a window came to.
   *
   * @param orders that MercadoPago has
   * @param behind of them, those that are missing or older here
   * @param queued events made to heal them
   */
  record Result(Instant reached, long orders, long behind, long queued) {}

  private final EventReader events;
  private final DeliveryReader deliveries;
  private final OrderReader orders;
  private final OrderStore store;
  private final LookUps lookUps;

  /** Compares with these orders; what an open event will look up is no difference. */
  public OnlineOrderComparison(
      EventReader events,
      DeliveryReader deliveries,
      OrderReader orders,
      OrderStore store,
      LookUps lookUps) {
    this.events = events;
    this.deliveries = deliveries;
    this.orders = orders;
    this.store = store;
    this.lookUps = lookUps;
  }

  /**
   * Whether an account uses orders, as far as is known: one is here, or a notification of one came.
   */
  boolean isUsed(long accountId) {
    Scope scope = Scope.of(accountId);
    return orders.isAny(scope) || !deliveries.last(scope, Topic.ORDER.names()).isEmpty();
  }

  /** Has those orders of an account looked up whose next look is due. */
  void lookAgain(long accountId) {
    store.lookAgain(
        accountId,
        BITE,
        due ->
            lookUps.queue(accountId, due.stream().map(OnlineOrderComparison::nextLook).toList()));
  }

  /** The same look is the same event. */
  private static LookUp nextLook(Order order) {
    Instant due = Objects.requireNonNull(order.nextLookAt(), "a due order has one");
    return new LookUp(Topic.ORDER.code(), order.mpOrderId(), "due:" + due.toEpochMilli());
  }

  /**
   * Compares a part of an account's window; when this returns, its events are on disk.
   *
   * @param dryRun only counts
   */
  Result compare(Account account, OnlineOrderWalk.Slice slice, boolean dryRun) {
    List<MercadoPagoOrder> its =
        slice.orders().stream().filter(order -> Payee.isPaid(account, order.sellerId())).toList();
    Set<String> behind = behind(account.id(), its);
    List<LookUp> found =
        its.stream()
            .filter(order -> behind.contains(order.id()))
            .map(OnlineOrderComparison::lookUp)
            .toList();
    int queued = dryRun ? 0 : lookUps.queue(account.id(), found);
    if (!dryRun && queued < found.size()) {
      // One was looked up in this state before, and the answer was older than what is shown.
      store.lookSoon(
          account.id(),
          its.stream()
              .filter(order -> behind.contains(order.id()))
              .map(MercadoPagoOrder::snapshot)
              .toList());
    }
    return new Result(slice.reached(), its.size(), behind.size(), queued);
  }

  private Set<String> behind(long accountId, List<MercadoPagoOrder> its) {
    Scope scope = Scope.of(accountId);
    Set<String> behind =
        new HashSet<>(orders.behind(scope, its.stream().map(MercadoPagoOrder::snapshot).toList()));
    // What somebody is about to look up is not missing.
    for (String name : Topic.ORDER.names()) {
      behind.removeAll(events.openResources(scope, Topic.SOURCE, name, List.copyOf(behind)));
    }
    return behind;
  }

  /** The same state found again is the same event. */
  private static LookUp lookUp(MercadoPagoOrder order) {
    OrderSnapshot its = order.snapshot();
    Instant date = its.mpUpdatedAt();
    return new LookUp(
        Topic.ORDER.code(),
        order.id(),
        "reconcile:%s:%s".formatted(date == null ? "undated" : date.toEpochMilli(), its.status()));
  }
}
