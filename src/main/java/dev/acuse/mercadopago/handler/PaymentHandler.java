package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
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
  /** The id that the "Simulate" button of MercadoPago's panel sends unless one types another. */
  private static final String SIMULATED_ID = "123456";

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
    Refreshed refreshed = refresh.of(event).refresh(mpPaymentId, null, event.isAsked(), attempt);
    if (refreshed.payment() != null) {
      attempt.linkPayment(mpPaymentId, refreshed.payment().id());
    }
    return isNotFound(refreshed.outcome())
        ? notFound(event, refreshed.outcome())
        : Hint.judge(event, refreshed.outcome(), "a payment");
  }

  private static boolean isNotFound(Outcome outcome) {
    return "not_found".equals(outcome.errorKind());
  }

  private static Outcome notFound(WebhookEvent event, Outcome outcome) {
    if (SIMULATED_ID.equals(event.resourceId())) {
      return Outcome.ignored("a simulated notification from MercadoPago's panel");
    }
    return event.signature() == SignatureState.UNVERIFIABLE
        ? Outcome.ignored("an unverifiable hint at a payment that MercadoPago does not know")
        : outcome;
  }
}
