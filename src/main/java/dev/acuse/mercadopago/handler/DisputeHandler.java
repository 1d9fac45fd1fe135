package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.dispute.CaseFacts;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.effect.Rearm;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoCases;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.Topic;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Rejected;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles chargebacks and claims: the case is looked up and kept, and each of its payments is
 * brought up to date as by a notification of its own. A case names no seller: its payments say
 * whose it is. One that cannot be read is kept with the reason, and its payments are looked up all
 * the same, as far as they are known; the time in its row has it looked at again. Thread-safe.
 */
public final class DisputeHandler implements EventHandler {
  private final AccountRefreshes refreshes;
  private final DisputeStore disputes;
  private final NamedPayment named;
  private final Topic topic;
  private final DisputeKind kind;
  private final Cases cases;

  /** The payment that a stored notification names beside the case. */
  @FunctionalInterface
  public interface NamedPayment {
    /** From the body of an account's event; null if it names none. Nothing proves it. */
    @Nullable String of(long accountId, long eventId);
  }

  /** Asks for a case. */
  private interface Cases {
    FoundCase read(MercadoPagoCases cases, String id) throws RemoteException;
  }

  private DisputeHandler(
      AccountRefreshes refreshes, NamedPayment named, Topic topic, DisputeKind kind, Cases cases) {
    this.refreshes = refreshes;
    this.disputes = refreshes.disputes();
    this.named = named;
    this.topic = topic;
    this.kind = kind;
    this.cases = cases;
  }

  /** One that keeps chargebacks. */
  public static DisputeHandler ofChargebacks(AccountRefreshes refreshes, NamedPayment named) {
    return new DisputeHandler(
        refreshes,
        named,
        Topic.CHARGEBACK,
        DisputeKind.CHARGEBACK,
        (client, id) -> FoundCase.of(client.chargeback(id)));
  }

  /** One that keeps claims. */
  public static DisputeHandler ofClaims(AccountRefreshes refreshes, NamedPayment named) {
    return new DisputeHandler(
        refreshes,
        named,
        Topic.CLAIM,
        DisputeKind.CLAIM,
        (client, id) -> FoundCase.of(client.claim(id)));
  }

  @Override
  public String source() {
    return Topic.SOURCE;
  }

  @Override
  public Set<String> eventTypes() {
    return Topic.namesOf(topic);
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    Outcome obstacle = refreshes.obstacle(event);
    if (obstacle != null) {
      return obstacle;
    }
    var payments = new CasePayments(refreshes.withoutCases(event), Rearm.of(event), attempt);
    FoundCase found;
    try {
      found =
          attempt.step(
              "case",
              () -> cases.read(new MercadoPagoCases(refreshes.client(event)), id(event)),
              one ->
                  "%s %s has %d payments"
                      .formatted(kind.code(), id(event), one.paymentIds().size()));
    } catch (RemoteException e) {
      return unread(event, payments, e, attempt);
    }
    return read(event, payments, found, attempt);
  }

  private static String id(WebhookEvent event) {
    return Objects.requireNonNull(event.resourceId(), "a pending event has one");
  }

  private Outcome read(
      WebhookEvent event, CasePayments payments, FoundCase found, AttemptLog attempt) {
    payments.follow(found.paymentIds());
    payments.followHints(hints(event));
    String collector = payments.otherCollector();
    if (collector != null) {
      disputes.forget(event.accountId(), kind, id(event));
      return handOver(event, PaymentRefresh.notThisSellers(), collector, attempt);
    }
    keep(
        event,
        CaseFacts.read(kind, id(event), found.details(), found.verdict(), payments.seen()),
        payments,
        attempt);
    return Hint.judge(event, payments.outcome(), "a case with a payment");
  }

  private Outcome unread(
      WebhookEvent event, CasePayments payments, RemoteException failure, AttemptLog attempt) {
    Outcome ofCase = RemoteFailures.ofLookUp(MercadoPagoClient.NAME, id(event), failure);
    Outcome outcome = handOver(event, ofCase, null, attempt);
    boolean isMoved = outcome.kind() == Outcome.Kind.IGNORED;
    if (isMoved || Simulation.isProvenBy(outcome, event)) {
      disputes.forget(event.accountId(), kind, id(event));
      return isMoved ? outcome : Simulation.ignored();
    }
    payments.follow(disputes.paymentsOf(event.accountId(), kind, id(event)));
    payments.followHints(hints(event));
    boolean isRefused = failure instanceof Rejected;
    boolean isProven = !Hint.isOfStranger(event);
    // While MercadoPago is out, more will be known when it is back.
    if (isProven && outcome.kind() == Outcome.Kind.RETRY) {
      keep(
          event,
          CaseFacts.unread(kind, id(event), DisputedPayments.problem(failure), payments.seen()),
          payments,
          attempt);
    } else {
      link(payments, attempt);
    }
    Outcome settled =
        isProven && isRefused ? afterRefusal(event, outcome) : hint(event, outcome, isRefused);
    return payments.outcomeWith(settled);
  }

  /**
   * The row is looked at again by its own time. A case that is not there yet may be there in some
   * minutes; one that may not be read stays so until a person has given the permission.
   */
  private static Outcome afterRefusal(WebhookEvent event, Outcome refusal) {
    boolean mayBeThereSoon =
        !RemoteFailures.FORBIDDEN.equals(refusal.errorKind())
            && event.origin() != EventOrigin.RECONCILIATION
            && event.attempts() < event.maxAttempts();
    return mayBeThereSoon ? refusal : Outcome.done();
  }

  /** What a stranger names and MercadoPago does not show is nothing to be tried again. */
  private static Outcome hint(WebhookEvent event, Outcome outcome, boolean isRefused) {
    return isRefused && Hint.isOfStranger(event)
        ? Outcome.ignored(
                "an unverifiable hint at a case that MercadoPago does not show: "
                    + outcome.reason())
            .because(ReasonCode.UNPROVEN_AND_UNKNOWN)
        : outcome;
  }

  private void keep(
      WebhookEvent event, CaseFacts facts, CasePayments payments, AttemptLog attempt) {
    attempt.step(
        "dispute",
        () -> disputes.apply(event.accountId(), facts),
        dispute -> "dispute %d is %s".formatted(dispute.id(), dispute.state().code()));
    // The payments have other disputes as well, maybe.
    for (Payment payment : payments.own()) {
      var unused = disputes.follow(event.accountId(), DisputedPayments.seen(payment));
    }
    link(payments, attempt);
  }

  private static void link(CasePayments payments, AttemptLog attempt) {
    if (payments.own().size() == 1) {
      Payment payment = payments.own().get(0);
      attempt.linkPayment(payment.mpPaymentId(), payment.id());
    }
  }

  private Set<String> hints(WebhookEvent event) {
    String hint =
        event.origin() == EventOrigin.WEBHOOK ? named.of(event.accountId(), event.id()) : null;
    return hint == null ? Set.of() : Set.of(hint);
  }

  private Outcome handOver(
      WebhookEvent event, Outcome outcome, @Nullable String collector, AttemptLog attempt) {
    return refreshes
        .handover()
        .judge(
            event,
            outcome,
            collector,
            false,
            client -> collector(client, cases.read(new MercadoPagoCases(client), id(event))),
            attempt);
  }

  private static @Nullable String collector(MercadoPagoClient client, FoundCase found)
      throws RemoteException {
    return found.paymentIds().isEmpty()
        ? null
        : client.payment(found.paymentIds().get(0)).snapshot().collectorId();
  }
}
