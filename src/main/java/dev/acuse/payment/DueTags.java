package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutStanding;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentStage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a contact should wear for a payment as it stands, whether it does already or not. Decided
 * from state alone, never from what changed.
 *
 * @param contactId whose tags; null if there are none
 * @param tags may be empty
 * @param reasonIfNone why there are none
 */
record DueTags(@Nullable String contactId, List<String> tags, TagResult reasonIfNone) {

  /** The tags of a payment that belongs to no checkout. */
  static DueTags unlinked(Payment payment, TagRules rules) {
    return of(payment, true, payment.contactId(), rules);
  }

  /**
   * The tags of a payment that belongs to a checkout. A part alone has none: the tag of an approved
   * payment is due once, when the amount is reached.
   *
   * @param bearers which of the checkout's approved payments bear its tag
   */
  static DueTags linked(
      Payment payment,
      Checkout checkout,
      CheckoutStanding standing,
      Set<Long> bearers,
      TagRules rules) {
    return of(payment, isItsTurn(payment, standing, bearers), checkout.contactId(), rules);
  }

  private static boolean isItsTurn(Payment payment, CheckoutStanding standing, Set<Long> bearers) {
    PaymentStage stage = PaymentStage.of(payment.status());
    if (stage.isBeforeApproval()) {
      // A first card's rejection is history once the checkout is paid.
      return !standing.isPaid();
    }
    boolean isPart =
        stage == PaymentStage.APPROVED ? !bearers.contains(payment.id()) : !standing.wasPaid();
    return payment.acceptedAt() != null || !isPart;
  }

  private static DueTags of(
      Payment payment, boolean isItsTurn, @Nullable String contactId, TagRules rules) {
    if (payment.flag() != null && payment.acceptedAt() == null) {
      return none(TagResult.FLAGGED);
    }
    List<String> tags = rules.tagsFor(payment.status());
    if (tags.isEmpty() || !isItsTurn) {
      return none(TagResult.NOTHING_DUE);
    }
    return contactId == null
        ? none(TagResult.NO_CONTACT)
        : new DueTags(contactId, tags, TagResult.NOTHING_DUE);
  }

  private static DueTags none(TagResult reason) {
    return new DueTags(null, List.of(), reason);
  }
}
