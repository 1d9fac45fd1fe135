package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.MerchantOrder;
import dev.acuse.payment.Applied;
import dev.acuse.payment.CustomerTagger;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.TagResult;
import dev.acuse.payment.state.Look;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes our side match one payment as MercadoPago has it now: look up, apply, tag. Each step is
 * idempotent, and decides from the state, not from whether it changed something: a retry repeats
 * all three. Thread-safe.
 */
public final class PaymentRefresh {
  private static final Duration WHILE_ANOTHER_TAGS = Duration.ofSeconds(1);

  /**
   * What a refresh came to.
   *
   * @param payment as it is now; null if the look-up failed
   */
  record Refreshed(Outcome outcome, @Nullable Payment payment) {}

  private final MercadoPagoClient client;
  private final PaymentStore payments;
  private final CustomerTagger tagger;

  /** A refresh by these. */
  public PaymentRefresh(MercadoPagoClient client, PaymentStore payments, CustomerTagger tagger) {
    this.client = client;
    this.payments = payments;
    this.tagger = tagger;
  }

  /** The same refresh for this event, which a stranger may have caused. */
  PaymentRefresh of(WebhookEvent event) {
    return Hint.isOfStranger(event)
        ? new PaymentRefresh(client.forStrangers(), payments, tagger)
        : this;
  }

  /**
   * Refreshes one payment, and those of its checkout that count anew by it, or still want a tag.
   *
   * @param order the merchant order by which we came to the payment; null if by its own id
   * @param isAsked whether an operator asked for it: then what MercadoPago says now is applied even
   *     if what is stored looks newer
   */
  Refreshed refresh(
      String mpPaymentId, @Nullable MerchantOrder order, boolean isAsked, AttemptLog attempt) {
    List<String> heirs = new ArrayList<>();
    Refreshed refreshed = refresh(mpPaymentId, order, isAsked, attempt, heirs);
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(refreshed.outcome());
    // A customer who paid twice and has the first payment back has still paid once.
    for (String heir : List.copyOf(heirs)) {
      outcomes.add(refresh(heir, null, false, attempt, heirs).outcome());
    }
    return new Refreshed(OutcomePriority.first(outcomes), refreshed.payment());
  }

  private Refreshed refresh(
      String mpPaymentId,
      @Nullable MerchantOrder order,
      boolean isAsked,
      AttemptLog attempt,
      List<String> heirs) {
    Applied applied;
    try {
      Look look = payments.look(isAsked);
      MercadoPagoPayment found =
          attempt.step(
              "look-up",
              () -> client.payment(mpPaymentId),
              payment -> "payment " + mpPaymentId + " is " + payment.snapshot().status());
      if (found.isCardValidation()) {
        return new Refreshed(
            Outcome.ignored("a card validation, not a sale").because(ReasonCode.CARD_VALIDATION),
            null);
      }
      applied = apply(found, order, look, attempt);
    } catch (RemoteException e) {
      return new Refreshed(RemoteFailures.ofLookUp(MercadoPagoClient.NAME, mpPaymentId, e), null);
    }
    // By its checkout's preference an operator finds the event.
    if (applied.preferenceId() != null) {
      attempt.linkPreference(applied.preferenceId());
    }
    heirs.addAll(applied.heirs());
    return new Refreshed(tag(applied, attempt), applied.payment());
  }

  /** A payment names no preference: where nothing else leads to its checkout, its order does. */
  private Applied apply(
      MercadoPagoPayment found, @Nullable MerchantOrder order, Look look, AttemptLog attempt)
      throws RemoteException {
    String orderId = found.merchantOrderId();
    if (order != null) {
      return apply(found.snapshot().withPreferenceId(order.preferenceId()), look, attempt);
    }
    if (orderId == null) {
      return apply(found.snapshot(), look, attempt);
    }
    Optional<Applied> linked =
        attempt.step(
            "payment",
            () -> payments.applyIfLinkable(found.snapshot(), look),
            applied -> applied.map(PaymentRefresh::describe).orElse("names no checkout of ours"));
    if (linked.isPresent()) {
      return linked.get();
    }
    PaymentSnapshot snapshot;
    try {
      snapshot = withPreference(found, orderId, attempt);
    } catch (RemoteException e) {
      // The payment is real whatever becomes of its order: it is kept until another attempt knows.
      apply(found.snapshot(), look, attempt);
      throw e;
    }
    return apply(snapshot, look, attempt);
  }

  private Applied apply(PaymentSnapshot snapshot, Look look, AttemptLog attempt) {
    return attempt.step("payment", () -> payments.apply(snapshot, look), PaymentRefresh::describe);
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

  private Outcome tag(Applied applied, AttemptLog attempt) {
    try {
      TagResult result = attempt.step("tag", () -> tagger.tag(applied), tagged -> describe(tagged));
      return switch (result) {
        case TAGGED, NOTHING_DUE, NO_CONTACT, FLAGGED -> Outcome.done();
        case CLAIMED_ELSEWHERE ->
            Outcome.snooze("another worker is tagging for this payment", WHILE_ANOTHER_TAGS);
      };
    } catch (RemoteException e) {
      return RemoteFailures.ofTag(
          tagger.crmName(), String.valueOf(applied.payment().contactId()), e);
    }
  }

  private static String describe(TagResult result) {
    return result.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String describe(Applied applied) {
    Payment payment = applied.payment();
    String state =
        "payment %d %s, %s"
            .formatted(
                payment.id(),
                applied.changed() ? "updated" : "up to date",
                payment.checkoutId() == null ? "unlinked" : "checkout " + payment.checkoutId());
    return payment.flag() == null || payment.acceptedAt() != null
        ? state
        : state + ", flagged " + payment.flag();
  }
}
