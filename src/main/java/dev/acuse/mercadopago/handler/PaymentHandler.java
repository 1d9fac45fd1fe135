package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.effect.Rearm;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.handler.PaymentRefresh.Refreshed;
import java.util.Objects;
import java.util.Set;

/** Handles what is about one payment: webhooks and IPN. Thread-safe. */
public final class PaymentHandler implements EventHandler {
  private final AccountRefreshes refreshes;

  /** A handler that refreshes the payment which an event names. */
  public PaymentHandler(AccountRefreshes refreshes) {
    this.refreshes = refreshes;
  }

  @Override
  public String source() {
    return Topic.SOURCE;
  }

  @Override
  public Set<String> eventTypes() {
    return Topic.namesOf(Topic.PAYMENT);
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    String mpPaymentId = Objects.requireNonNull(event.resourceId(), "a pending event has one");
    Outcome obstacle = refreshes.obstacle(event);
    if (obstacle != null) {
      return obstacle;
    }
    attempt.linkPayment(mpPaymentId, null);
    Refreshed refreshed = refreshes.of(event).refresh(mpPaymentId, null, Rearm.of(event), attempt);
    if (refreshed.payment() != null) {
      attempt.linkPayment(mpPaymentId, refreshed.payment().id());
    }
    Outcome outcome =
        refreshes
            .handover()
            .judge(
                event,
                refreshed.outcome(),
                refreshed.collector(),
                true,
                client -> client.payment(mpPaymentId).snapshot().collectorId(),
                attempt);
    return Hint.ofLookUp(event, outcome, "a payment");
  }
}
