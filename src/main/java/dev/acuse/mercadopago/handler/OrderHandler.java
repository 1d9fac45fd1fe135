package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.effect.Rearm;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoOrder;
import dev.acuse.mercadopago.MercadoPagoOrders;
import dev.acuse.mercadopago.Topic;
import dev.acuse.order.Order;
import dev.acuse.order.OrderSnapshot;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles orders of the Orders API: the order is looked up and kept, and each of its payments is
 * brought up to date as by a notification of its own, so that both together are one payment. Money
 * is never taken from the order's word: where it says that it was paid, and no payment shows it,
 * the event is tried again, because a notification may come before the payment can be read.
 * Thread-safe.
 */
public final class OrderHandler implements EventHandler {
  /** The error kind of an order that says it was paid, while no payment shows it. */
  static final String PAYMENT_MISSING = "payment_missing";

  private final AccountRefreshes refreshes;
  private final OrderStore orders;
  private final Hints hints;

  /** Which payments a stored notification names. */
  @FunctionalInterface
  public interface Hints {
    /** Numeric ids from the body of an account's event; nothing proves them. */
    List<String> of(long accountId, long eventId);
  }

  /** A handler that keeps orders, and refreshes each payment of one. */
  public OrderHandler(AccountRefreshes refreshes, OrderStore orders, Hints hints) {
    this.refreshes = refreshes;
    this.orders = orders;
    this.hints = hints;
  }

  @Override
  public String source() {
    return Topic.SOURCE;
  }

  @Override
  public Set<String> eventTypes() {
    return Topic.namesOf(Topic.ORDER);
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    String orderId = id(event);
    Outcome obstacle = refreshes.obstacle(event);
    if (obstacle != null) {
      return obstacle;
    }
    MercadoPagoOrder order;
    try {
      order =
          attempt.step(
              "look-up",
              () -> client(event).order(orderId),
              found -> "order " + orderId + " is " + words(found.snapshot()));
    } catch (RemoteException e) {
      Outcome outcome = RemoteFailures.ofLookUp(MercadoPagoClient.NAME, orderId, e);
      return Hint.ofLookUp(event, handOver(event, outcome, null, attempt), "an order");
    }
    String seller = order.sellerId();
    if (seller != null && !refreshes.sellers().isOf(event.accountId(), seller)) {
      return handOver(event, PaymentRefresh.notThisSellers(), seller, attempt);
    }
    return Hint.judge(event, settle(order, event, attempt), "an order with a payment");
  }

  private static String id(WebhookEvent event) {
    return Objects.requireNonNull(event.resourceId(), "a pending event has one");
  }

  private MercadoPagoOrders client(WebhookEvent event) {
    return new MercadoPagoOrders(refreshes.client(event));
  }

  private static String words(OrderSnapshot order) {
    return order.statusDetail() == null
        ? order.status()
        : order.status() + "/" + order.statusDetail();
  }

  private Outcome handOver(
      WebhookEvent event, Outcome outcome, @Nullable String seller, AttemptLog attempt) {
    return refreshes
        .handover()
        .judge(
            event,
            outcome,
            seller,
            false,
            client -> new MercadoPagoOrders(client).order(id(event)).sellerId(),
            attempt);
  }

  /** The order is kept first, whatever becomes of its payments. */
  private Outcome settle(MercadoPagoOrder order, WebhookEvent event, AttemptLog attempt) {
    keep(event.accountId(), order, Set.of(), false, attempt);
    var payments = new OrderPayments(order, refreshes.of(event), Rearm.of(event), attempt);
    Outcome search = find(payments, order, event);
    Map<String, Payment> found = payments.found();
    if (!found.isEmpty()) {
      keep(event.accountId(), order, found.keySet(), payments.showPaid(), attempt);
    }
    if (found.size() == 1) {
      found.forEach((mpPaymentId, payment) -> attempt.linkPayment(mpPaymentId, payment.id()));
    }
    Outcome outcome = OutcomePriority.first(List.of(payments.outcome(), search));
    boolean isThrough =
        outcome.kind() == Outcome.Kind.DONE || outcome.kind() == Outcome.Kind.IGNORED;
    return isThrough && !payments.showTheMoney() ? paymentMissing(order) : outcome;
  }

  /** What the search came to; that all is done where none is needed. */
  private Outcome find(OrderPayments payments, MercadoPagoOrder order, WebhookEvent event) {
    Set<String> named = new LinkedHashSet<>();
    hints.of(event.accountId(), event.id()).stream().limit(most(order, event)).forEach(named::add);
    named.addAll(order.paymentHints());
    payments.follow(named);
    if (payments.areAll()) {
      return Outcome.done();
    }
    try {
      payments.search(client(event));
      return Outcome.done();
    } catch (RemoteException e) {
      return RemoteFailures.ofLookUp(MercadoPagoClient.NAME, order.id(), e);
    }
  }

  /**
   * So many ids of a body are followed at most. A stranger's may be made up, and one cheap hint
   * must not cost more look-ups than the order has payments: what is left out the search finds.
   */
  private static long most(MercadoPagoOrder order, WebhookEvent event) {
    return Hint.isOfStranger(event) ? Math.max(1, order.entries().size()) : Long.MAX_VALUE;
  }

  private void keep(
      long accountId,
      MercadoPagoOrder order,
      Collection<String> mpPaymentIds,
      boolean isShown,
      AttemptLog attempt) {
    attempt.step(
        "order",
        () -> orders.apply(accountId, order.snapshot(), mpPaymentIds, isShown),
        OrderHandler::describe);
  }

  private static String describe(Order order) {
    return "order %d %s".formatted(order.id(), order.paymentStatus().code());
  }

  private static Outcome paymentMissing(MercadoPagoOrder order) {
    return Outcome.retry(
            PAYMENT_MISSING,
            "the order is %s, and its payment cannot be read yet"
                .formatted(words(order.snapshot())),
            null)
        .because(ReasonCode.PAYMENT_MISSING, order.id());
  }
}
