package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.effect.Rearm;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Topics;
import dev.acuse.mercadopago.handler.PaymentRefresh.Refreshed;
import java.util.Objects;

/**
 * Handles what is about one payment: payment webhooks and IPN, and fraud alerts, which name a
 * payment too. Thread-safe.
 */
public final class PaymentHandler implements EventHandler {
  private final PaymentRefresh refresh;

  /** A handler that refreshes the payment which an event names. */
  public PaymentHandler(PaymentRefresh refresh) {
    this.refresh = refresh;
  }

  @Override
  public boolean handles(WebhookEvent event) {
    return event.source().equals(Topics.SOURCE)
        && (Topics.isPayment(event.eventType()) || Topics.isFraudAlert(event.eventType()));
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    String mpPaymentId = Objects.requireNonNull(event.resourceId(), "a pending event has one");
    attempt.linkPayment(mpPaymentId, null);
    Refreshed refreshed = refresh.of(event).refresh(mpPaymentId, null, Rearm.of(event), attempt);
    if (refreshed.payment() != null) {
      attempt.linkPayment(mpPaymentId, refreshed.payment().id());
    }
    return settled(event, refreshed.outcome());
  }

  private static Outcome settled(WebhookEvent event, Outcome outcome) {
    if (Simulation.isProvenBy(outcome, event)) {
      return Simulation.ignored();
    }
    boolean isUnknownHint =
        "not_found".equals(outcome.errorKind()) && event.signature() == SignatureState.UNVERIFIABLE;
    return isUnknownHint
        ? Outcome.ignored("an unverifiable hint at a payment that MercadoPago does not know")
        : Hint.judge(event, outcome, "a payment");
  }
}
