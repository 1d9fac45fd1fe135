package dev.acuse.payment;

import dev.acuse.effect.EffectWish;
import dev.acuse.effect.Subject;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutStanding;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentStage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is wanted of the CRM for a payment or a checkout as it stands, whether it is so already or
 * not. Decided from state alone, never from what changed.
 *
 * @param wishes may be empty
 * @param lacksContact tags would be due, but no contact is known, and none is looked for
 */
record DueTags(Set<EffectWish> wishes, boolean lacksContact) {

  /**
   * The tags of a payment that belongs to no checkout.
   *
   * @param findsContact whether a payer without a contact is searched for
   */
  static DueTags unlinked(Payment payment, TagRules rules, boolean findsContact) {
    List<String> tags = rules.tagsFor(payment.status());
    if (tags.isEmpty() || !counts(payment)) {
      return new DueTags(Set.of(), false);
    }
    String contactId = payment.contactId();
    if (contactId != null) {
      return new DueTags(wishes(contactId, payment.status(), tags), false);
    }
    return findsContact && payment.payerEmail() != null
        ? new DueTags(
            Set.of(EffectWish.contactOf(Subject.payment(payment.id()), payment.status())), false)
        : new DueTags(Set.of(), true);
  }

  /**
   * The tags of a checkout: the union of what its payments give reason to. A part alone gives none:
   * the tag of an approved payment is due once the amount is reached.
   *
   * @param payments those of the checkout whose status has tags, as they were judged; one of those
   *     that stand alike is enough
   */
  static DueTags ofCheckout(
      Checkout checkout, CheckoutStanding standing, Collection<Payment> payments, TagRules rules) {
    Set<EffectWish> wishes = new HashSet<>();
    for (Payment payment : payments) {
      if (counts(payment) && isItsTurn(payment, standing)) {
        String status = payment.status();
        wishes.addAll(wishes(checkout.contactId(), status, rules.tagsFor(status)));
      }
    }
    return new DueTags(wishes, false);
  }

  private static boolean isItsTurn(Payment payment, CheckoutStanding standing) {
    PaymentStage stage = PaymentStage.of(payment.status());
    if (stage.isBeforeApproval()) {
      // A first card's rejection is history once the checkout is paid.
      return !standing.isPaid();
    }
    boolean isReached = stage == PaymentStage.APPROVED ? standing.isPaid() : standing.wasPaid();
    return payment.acceptedAt() != null || isReached;
  }

  /** What does not fit gives no reason until an operator accepts it. */
  static boolean counts(Payment payment) {
    return payment.flag() == null || payment.acceptedAt() != null;
  }

  private static Set<EffectWish> wishes(String contactId, String status, List<String> tags) {
    Set<EffectWish> wishes = new HashSet<>();
    tags.forEach(tag -> wishes.add(EffectWish.tag(contactId, tag, status)));
    return wishes;
  }
}
