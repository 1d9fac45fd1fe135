package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.effect.Rearm;
import dev.acuse.event.ReasonCode;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.MerchantOrder;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.Applied;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.state.Look;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes our side match one payment of an account as MercadoPago has it now: look up, apply. An
 * account has the payments that its seller collects, though MercadoPago also shows it what it paid.
 * Both steps are idempotent, and decide from the state, not from whether they changed something: a
 * retry repeats them. What follows in other systems is stored with the payment, as events of their
 * own. Thread-safe.
 */
final class PaymentRefresh {
  /**
   * What a refresh came to.
   *
   * @param payment as it is now; null if the look-up failed, or it is another seller's
   * @param collector the other seller whose it is; null if it is the account's, or that is not
   *     known
   * @param found as MercadoPago has it; null if the look-up failed, or it is another seller's
   */
  record Refreshed(
      Outcome outcome,
      @Nullable Payment payment,
      @Nullable String collector,
      @Nullable MercadoPagoPayment found) {
    Refreshed(Outcome outcome) {
      this(outcome, null, null, null);
    }
  }

  private final long accountId;
  private final MercadoPagoClient client;
  private final PaymentStore payments;
  private final Sellers sellers;
  private final OrderStore orders;
  private final @Nullable DisputedPayments disputed;

  /**
   * A refresh of one account's payments.
   *
   * @param client the account's
   * @param orders has the order of each payment looked up again that says otherwise
   * @param disputed brings disputes up to date with each payment; null if the caller does
   */
  PaymentRefresh(
      long accountId,
      MercadoPagoClient client,
      PaymentStore payments,
      Sellers sellers,
      OrderStore orders,
      @Nullable DisputedPayments disputed) {
    this.accountId = accountId;
    this.client = client;
    this.payments = payments;
    this.sellers = sellers;
    this.orders = orders;
    this.disputed = disputed;
  }

  /**
   * Refreshes one payment, and those of its checkout that count anew by it.
   *
   * @param order the merchant order by which we came to the payment; null if by its own id
   * @param rearm has effects of it that failed worked off once more; null leaves them as they are.
   *     If a person asked for it, what MercadoPago says now is applied even if what is stored looks
   *     newer
   */
  Refreshed refresh(
      String mpPaymentId,
      @Nullable MerchantOrder order,
      @Nullable Rearm rearm,
      AttemptLog attempt) {
    List<String> heirs = new ArrayList<>();
    Refreshed refreshed = refresh(mpPaymentId, order, rearm, attempt, heirs);
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(refreshed.outcome());
    // A customer who paid twice and has the first payment back has still paid once.
    for (String heir : List.copyOf(heirs)) {
      outcomes.add(refresh(heir, null, null, attempt, heirs).outcome());
    }
    return new Refreshed(
        OutcomePriority.first(outcomes),
        refreshed.payment(),
        refreshed.collector(),
        refreshed.found());
  }

  private Refreshed refresh(
      String mpPaymentId,
      @Nullable MerchantOrder order,
      @Nullable Rearm rearm,
      AttemptLog attempt,
      List<String> heirs) {
    Applied applied;
    MercadoPagoPayment found;
    try {
      Look look = payments.look(rearm != null && rearm.isByPerson());
      found =
          attempt.step(
              "look-up",
              () -> client.payment(mpPaymentId),
              payment -> "payment " + mpPaymentId + " is " + payment.snapshot().status());
      if (found.isCardValidation()) {
        return new Refreshed(
            Outcome.ignored("a card validation, not a sale").because(ReasonCode.CARD_VALIDATION));
      }
      String collector = found.snapshot().collectorId();
      if (!sellers.isOf(accountId, collector)) {
        return new Refreshed(notThisSellers(), null, collector, null);
      }
      applied = apply(found, order, look, rearm, attempt);
    } catch (RemoteException e) {
      return new Refreshed(RemoteFailures.ofLookUp(MercadoPagoClient.NAME, mpPaymentId, e));
    }
    // By its checkout's preference an operator finds the event.
    if (applied.preferenceId() != null) {
      attempt.linkPreference(applied.preferenceId());
    }
    heirs.addAll(applied.heirs());
    if (found.orderId() != null) {
      orders.follow(accountId, found.orderId(), applied.payment().status());
    }
    if (disputed != null) {
      disputed.follow(accountId, client, applied.payment(), attempt);
    }
    return new Refreshed(Outcome.done(), applied.payment(), null, found);
  }

  /** A payment names no preference: where nothing else leads to its checkout, its order does. */
  private Applied apply(
      MercadoPagoPayment found,
      @Nullable MerchantOrder order,
      Look look,
      @Nullable Rearm rearm,
      AttemptLog attempt)
      throws RemoteException {
    String orderId = found.merchantOrderId();
    if (order != null) {
      return apply(found.snapshot().withPreferenceId(order.preferenceId()), look, rearm, attempt);
    }
    if (orderId == null) {
      return apply(found.snapshot(), look, rearm, attempt);
    }
    Optional<Applied> linked =
        attempt.step(
            "payment",
            () -> payments.applyIfLinkable(accountId, found.snapshot(), look, rearm),
            applied -> applied.map(PaymentRefresh::describe).orElse("names no checkout of ours"));
    if (linked.isPresent()) {
      return linked.get();
    }
    PaymentSnapshot snapshot;
    try {
      snapshot = withPreference(found, orderId, attempt);
    } catch (RemoteException e) {
      // The payment is real whatever becomes of its order: it is kept until another attempt knows.
      apply(found.snapshot(), look, rearm, attempt);
      throw e;
    }
    return apply(snapshot, look, rearm, attempt);
  }

  private Applied apply(
      PaymentSnapshot snapshot, Look look, @Nullable Rearm rearm, AttemptLog attempt) {
    return attempt.step(
        "payment",
        () -> payments.apply(accountId, snapshot, look, rearm),
        PaymentRefresh::describe);
  }

  private PaymentSnapshot withPreference(
      MercadoPagoPayment found, String orderId, AttemptLog attempt) throws RemoteException {
    try {
      MerchantOrder its =
          attempt.step(
              "merchant order",
              () -> client.merchantOrder(orderId),
              there -> "preference " + there.preferenceId());
      return found.snapshot().withPreferenceId(its.preferenceId());
    } catch (Rejected e) {
      // The payment is real all the same; it stays unlinked until a checkout claims it.
      return found.snapshot();
    }
  }

  static Outcome notThisSellers() {
    return Outcome.ignored("not this seller's").because(ReasonCode.NOT_THIS_SELLERS);
  }

  private static String describe(Applied applied) {
    Payment payment = applied.payment();
    String state =
        "payment %d %s, %s"
            .formatted(
                payment.id(),
                applied.changed() ? "updated" : "up to date",
                payment.checkoutId() == null ? "unlinked" : "checkout " + payment.checkoutId());
    if (payment.flag() != null && payment.acceptedAt() == null) {
      return state + ", flagged " + payment.flag();
    }
    if (applied.lacksContact()) {
      return state + ", no contact";
    }
    int wanted = applied.effects().wanted();
    return wanted == 0
        ? state
        : "%s, %d %s, %d waiting"
            .formatted(
                state, wanted, wanted == 1 ? "effect" : "effects", applied.effects().waiting());
  }
}
