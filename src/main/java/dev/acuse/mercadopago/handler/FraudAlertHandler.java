package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispute.CaseFacts;
import dev.acuse.dispute.CaseProblem;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.PaymentSeen;
import dev.acuse.effect.Rearm;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.handler.PaymentRefresh.Refreshed;
import dev.acuse.payment.state.Payment;
import java.util.Objects;
import java.util.Set;

/**
 * Handles fraud alerts: the payment that one names is looked up, and the alert is kept, because
 * MercadoPago sends it only once. One that is proven is kept whatever becomes of the look-up; one
 * that is not, only where the payment is this account's. Thread-safe.
 */
public final class FraudAlertHandler implements EventHandler {
  private final AccountRefreshes refreshes;

  /** A handler that refreshes the payment of an alert, and keeps the alert. */
  public FraudAlertHandler(AccountRefreshes refreshes) {
    this.refreshes = refreshes;
  }

  @Override
  public String source() {
    return Topic.SOURCE;
  }

  @Override
  public Set<String> eventTypes() {
    return Topic.namesOf(Topic.FRAUD_ALERT);
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
    Payment payment = refreshed.payment();
    if (payment != null) {
      attempt.linkPayment(mpPaymentId, payment.id());
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
    Outcome settled = settled(event, outcome);
    keep(event, mpPaymentId, refreshed, settled, attempt);
    return settled;
  }

  private void keep(
      WebhookEvent event,
      String mpPaymentId,
      Refreshed refreshed,
      Outcome outcome,
      AttemptLog attempt) {
    boolean isProven = !Hint.isOfStranger(event);
    Payment payment = refreshed.payment();
    if (payment != null) {
      keep(event, DisputedPayments.seen(payment), isProven, attempt);
    } else if (isProven && outcome.kind() == Outcome.Kind.IGNORED) {
      // It is another account's, or was simulated.
      refreshes.disputes().forget(event.accountId(), DisputeKind.FRAUD_ALERT, mpPaymentId);
    } else if (isProven) {
      keep(event, PaymentSeen.named(mpPaymentId), true, attempt);
    }
  }

  private void keep(WebhookEvent event, PaymentSeen payment, boolean isProven, AttemptLog attempt) {
    attempt.step(
        "dispute",
        () ->
            refreshes
                .disputes()
                .apply(
                    event.accountId(),
                    CaseFacts.fraudAlert(payment, isProven ? null : CaseProblem.UNPROVEN)),
        dispute -> "fraud alert %d is %s".formatted(dispute.id(), dispute.state().code()));
  }

  private static Outcome settled(WebhookEvent event, Outcome outcome) {
    if (Simulation.isProvenBy(outcome, event)) {
      return Simulation.ignored();
    }
    boolean isUnknownHint =
        "not_found".equals(outcome.errorKind()) && event.signature() == SignatureState.UNVERIFIABLE;
    return isUnknownHint
        ? Outcome.ignored("an unverifiable hint at a payment that MercadoPago does not know")
            .because(ReasonCode.UNPROVEN_AND_UNKNOWN)
        : Hint.judge(event, outcome, "a payment");
  }
}
