package dev.acuse.payment;

import java.util.List;
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

  /**
   * @param checkout null while the payment is unlinked
   * @param paidByAnother another payment that fits has paid for the checkout: then a first card's
   *     rejection is history
   */
  static DueTags of(
      Payment payment, @Nullable Checkout checkout, boolean paidByAnother, TagRules rules) {
    if (payment.flag() != null && payment.acceptedAt() == null) {
      return none(TagResult.FLAGGED);
    }
    List<String> tags = rules.tagsFor(payment.status());
    if (tags.isEmpty() || (paidByAnother && PaymentStage.of(payment.status()).isBeforeApproval())) {
      return none(TagResult.NOTHING_DUE);
    }
    String contactId = checkout == null ? payment.contactId() : checkout.contactId();
    return contactId == null
        ? none(TagResult.NO_CONTACT)
        : new DueTags(contactId, tags, TagResult.NOTHING_DUE);
  }

  private static DueTags none(TagResult reason) {
    return new DueTags(null, List.of(), reason);
  }
}
