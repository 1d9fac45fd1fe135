package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.effect.Rearm;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MerchantOrder;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.handler.PaymentRefresh.Refreshed;
import dev.acuse.remote.RemoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles merchant orders: every payment in the order is looked up, because the order itself proves
 * nothing ({@code order_status = paid} counts charged-back payments). Thread-safe.
 */
public final class MerchantOrderHandler implements EventHandler {
  private final AccountRefreshes refreshes;

  /** A handler that refreshes each payment of an order. */
  public MerchantOrderHandler(AccountRefreshes refreshes) {
    this.refreshes = refreshes;
  }

  @Override
  public String source() {
    return Topic.SOURCE;
  }

  @Override
  public Set<String> eventTypes() {
    return Topic.namesOf(Topic.MERCHANT_ORDER);
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    String orderId = Objects.requireNonNull(event.resourceId(), "a pending event has one");
    Outcome obstacle = refreshes.obstacle(event);
    if (obstacle != null) {
      return obstacle;
    }
    MerchantOrder order;
    try {
      order =
          attempt.step(
              "look-up",
              () -> refreshes.client(event).merchantOrder(orderId),
              found -> "order " + orderId + " has " + found.paymentIds().size() + " payments");
    } catch (RemoteException e) {
      Outcome outcome =
          handOver(
              event, RemoteFailures.ofLookUp(MercadoPagoClient.NAME, orderId, e), null, attempt);
      return Hint.ofLookUp(event, outcome, "an order");
    }
    String collector = order.collectorId();
    if (collector != null && !refreshes.sellers().isOf(event.accountId(), collector)) {
      return handOver(event, PaymentRefresh.notThisSellers(), collector, attempt);
    }
    return Hint.judge(event, refreshPayments(order, event, attempt), "an order with a payment");
  }

  private Outcome handOver(
      WebhookEvent event, Outcome outcome, @Nullable String collector, AttemptLog attempt) {
    String orderId = Objects.requireNonNull(event.resourceId());
    return refreshes
        .handover()
        .judge(
            event,
            outcome,
            collector,
            false,
            client -> client.merchantOrder(orderId).collectorId(),
            attempt);
  }

  private Outcome refreshPayments(MerchantOrder order, WebhookEvent event, AttemptLog attempt) {
    String preferenceId = order.preferenceId();
    if (preferenceId != null) {
      attempt.linkPreference(preferenceId);
    }
    PaymentRefresh refresh = refreshes.of(event);
    List<Outcome> outcomes = new ArrayList<>();
    for (String mpPaymentId : order.paymentIds()) {
      Refreshed refreshed = refresh.refresh(mpPaymentId, order, Rearm.of(event), attempt);
      outcomes.add(refreshed.outcome());
      if (refreshed.payment() != null && order.paymentIds().size() == 1) {
        attempt.linkPayment(mpPaymentId, refreshed.payment().id());
      }
    }
    return OutcomePriority.first(outcomes);
  }
}
