package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutStanding;
import dev.acuse.payment.state.Payment;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Keeps the rows of {@code crm_tags} as they should be, for the length of one transaction that
 * holds the lock of a payment or of its checkout.
 */
final class TagRows {
  private final TagDao tags;
  private final TagRules rules;
  private final Instant now;

  TagRows(Handle handle, TagRules rules, Instant now) {
    this.tags = new TagDao(handle);
    this.rules = rules;
    this.now = now;
  }

  /**
   * Which of a checkout's approved payments bear its tag: those that do already, those that were
   * accepted, else one of them.
   *
   * @param settled bears it if it can and no other does
   */
  Set<Long> bearers(Payment settled, Checkout checkout, CheckoutStanding standing) {
    List<Payment> approved =
        standing.counting().stream().filter(one -> one.status().equals("approved")).toList();
    if (!standing.isPaid() || approved.isEmpty()) {
      return Set.of();
    }
    List<Long> ids = approved.stream().map(Payment::id).toList();
    if (ids.size() == 1) {
      return Set.of(ids.get(0));
    }
    Set<Long> bearers =
        approved.stream()
            .filter(one -> one.acceptedAt() != null)
            .map(Payment::id)
            .collect(Collectors.toCollection(HashSet::new));
    bearers.addAll(tags.holders(ids, checkout.contactId(), rules.tagsFor("approved")));
    if (bearers.isEmpty()) {
      bearers.add(ids.contains(settled.id()) ? settled.id() : ids.get(ids.size() - 1));
    }
    return bearers;
  }

  /**
   * Writes what is due, and removes what is due no more unless a handler has it claimed.
   *
   * @param before the payment's rows: what is among them needs no writing
   * @return whether a row was written or removed
   */
  boolean refresh(Payment payment, DueTags due, List<ContactTag> before) {
    List<ContactTag> stale =
        before.stream()
            .filter(tag -> tag.appliedAt() == null && tag.isFree(now) && !isDue(tag, due))
            .toList();
    stale.forEach(tag -> tags.delete(tag.id()));
    String contactId = due.contactId();
    if (contactId == null) {
      return !stale.isEmpty();
    }
    Set<String> there =
        before.stream()
            .filter(tag -> tag.contactId().equals(contactId))
            .map(ContactTag::tag)
            .collect(Collectors.toSet());
    List<String> missing = due.tags().stream().filter(tag -> !there.contains(tag)).toList();
    missing.forEach(tag -> tags.insert(contactId, tag, payment.id(), now));
    return !stale.isEmpty() || !missing.isEmpty();
  }

  static boolean isOutstanding(ContactTag tag, DueTags due) {
    return tag.appliedAt() == null && isDue(tag, due);
  }

  private static boolean isDue(ContactTag tag, DueTags due) {
    return tag.contactId().equals(due.contactId()) && due.tags().contains(tag.tag());
  }
}
