package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispute.CaseFacts;
import dev.acuse.dispute.CaseProblem;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.dispute.PaymentSeen;
import dev.acuse.mercadopago.Chargeback;
import dev.acuse.mercadopago.MercadoPagoCases;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Rejected;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the disputes of a payment up to date, whatever led to its look-up. Where its status says
 * that it is charged back and no case is known, the case is looked for by it. That this fails is no
 * failure of the payment's event: the dispute is kept without its case, and looked at again by the
 * time in its row. Thread-safe.
 */
public final class DisputedPayments {
  private final DisputeStore disputes;

  /** Follows payments for the disputes in this store. */
  public DisputedPayments(DisputeStore disputes) {
    this.disputes = disputes;
  }

  /** The store of the disputes. */
  DisputeStore disputes() {
    return disputes;
  }

  /** A payment as its disputes see it. */
  static PaymentSeen seen(Payment payment) {
    return new PaymentSeen(
        payment.mpPaymentId(),
        payment.status(),
        payment.statusDetail(),
        payment.amount(),
        payment.currency());
  }

  /**
   * After a payment was applied.
   *
   * @param client the account's
   */
  void follow(long accountId, MercadoPagoClient client, Payment payment, AttemptLog attempt) {
    PaymentSeen seen = seen(payment);
    // Of most payments no dispute ever knows.
    boolean isConcerned =
        seen.disputedBy() != null || disputes.isNamed(accountId, payment.mpPaymentId());
    if (isConcerned && disputes.follow(accountId, seen)) {
      seek(accountId, client, seen, attempt);
    }
  }

  private void seek(
      long accountId, MercadoPagoClient client, PaymentSeen payment, AttemptLog attempt) {
    String id = payment.mpPaymentId();
    List<Chargeback> found;
    try {
      found =
          attempt.step(
              "case",
              () -> new MercadoPagoCases(client).chargebacksOf(id),
              some -> some.size() + " chargebacks");
    } catch (RemoteException e) {
      disputes.sought(accountId, id, problem(e));
      return;
    }
    if (found.isEmpty()) {
      disputes.sought(accountId, id, null);
    }
    for (Chargeback one : found) {
      List<PaymentSeen> payments = new ArrayList<>(List.of(payment));
      one.paymentIds().stream()
          .filter(other -> !other.equals(id))
          .map(PaymentSeen::named)
          .forEach(payments::add);
      FoundCase its = FoundCase.of(one);
      disputes.apply(
          accountId,
          CaseFacts.read(DisputeKind.CHARGEBACK, one.id(), its.details(), its.verdict(), payments));
    }
  }

  /** Why a case is not known, as a word of {@link CaseProblem}. */
  static String problem(RemoteException failure) {
    if (!(failure instanceof Rejected refusal)) {
      return CaseProblem.UNREADABLE;
    }
    return switch (refusal.status()) {
      case 403 -> CaseProblem.FORBIDDEN;
      case 404 -> CaseProblem.NOT_FOUND;
      default -> CaseProblem.REFUSED;
    };
  }
}
