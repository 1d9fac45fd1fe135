package dev.acuse.payment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a payment within one transaction. Locks are always taken in the order
 * checkout, payment; its tags are written under the payment's lock. So nobody waits in a circle,
 * and whoever holds a checkout's lock sees every payment of it as it is. Relies on READ COMMITTED,
 * the default of both engines. Of one thread.
 */
final class PaymentTransaction {

  /**
   * Another transaction linked the payment between our look and our lock: roll back and begin
   * again, this time with that checkout's lock. A link is for ever, so this comes once.
   */
  static final class LinkedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A payment and its checkout, or the one that it is about to be linked to, both locked.
   *
   * @param isNew the payment's row was made by this transaction, and holds nothing yet
   */
  record Locked(Payment payment, @Nullable Checkout checkout, boolean isNew) {}

  /**
   * A payment as it was settled.
   *
   * @param tags what becomes of its tags if nobody need be called for that; null if there are tags
   *     to put on, or a contact to look for
   */
  record Settled(Payment payment, @Nullable TagResult tags) {}

  private final CheckoutDao checkouts;
  private final PaymentDao payments;
  private final TagDao tags;
  private final TagRules rules;
  private final @Nullable String collectorId;
  private final Instant now;
  private @Nullable Payment newlyFlagged;

  PaymentTransaction(Handle handle, TagRules rules, @Nullable String collectorId, Instant now) {
    this.checkouts = new CheckoutDao(handle);
    this.payments = new PaymentDao(handle);
    this.tags = new TagDao(handle);
    this.rules = rules;
    this.collectorId = collectorId;
    this.now = now;
  }

  /** Locks the snapshot's payment, known or new, and the checkout that it belongs to. */
  Locked lock(FittedSnapshot snapshot) {
    return lock(snapshot, lockCheckout(snapshot).orElse(null));
  }

  /** The same, if the payment belongs to a checkout that we know; else it locks nothing. */
  Optional<Locked> lockIfLinkable(FittedSnapshot snapshot) {
    return lockCheckout(snapshot).map(checkout -> lock(snapshot, checkout));
  }

  private Optional<Checkout> lockCheckout(FittedSnapshot snapshot) {
    return checkouts
        .lockOfMpPayment(snapshot.values().mpPaymentId())
        .or(() -> lead(snapshot, checkouts::lockByReference, checkouts::lockByPreference));
  }

  private Locked lock(FittedSnapshot snapshot, @Nullable Checkout checkout) {
    String mpPaymentId = snapshot.values().mpPaymentId();
    Optional<Payment> known = payments.lockByMpId(mpPaymentId);
    if (known.isPresent()) {
      return locked(known.get(), checkout, false);
    }
    return payments
        .insert(mpPaymentId, snapshot.values().status(), now)
        .map(inserted -> new Locked(inserted, checkout, true))
        .orElseGet(() -> locked(payments.lockByMpId(mpPaymentId).orElseThrow(), checkout, false));
  }

  /** Locks a payment and the checkout that it is linked to; empty if there is no such payment. */
  Optional<Locked> lock(long paymentId) {
    Checkout checkout = checkouts.lockOfPayment(paymentId).orElse(null);
    return payments.lock(paymentId).map(payment -> locked(payment, checkout, false));
  }

  private static Locked locked(Payment payment, @Nullable Checkout checkout, boolean isNew) {
    Long linkedTo = payment.checkoutId();
    if (linkedTo != null && (checkout == null || checkout.id() != linkedTo)) {
      throw new LinkedMeanwhile();
    }
    return new Locked(payment, checkout, isNew);
  }

  /** The checkout that a payment belongs to by what it says of itself. */
  Optional<Long> findCheckout(FittedSnapshot snapshot) {
    return lead(snapshot, checkouts::idByReference, checkouts::idByPreference);
  }

  private static <T> Optional<T> lead(
      FittedSnapshot snapshot,
      Function<String, Optional<T>> byReference,
      Function<String, Optional<T>> byPreference) {
    return Optional.ofNullable(snapshot.reference())
        .flatMap(byReference)
        .or(() -> Optional.ofNullable(snapshot.metadataReference()).flatMap(byReference))
        .or(() -> Optional.ofNullable(snapshot.preferenceId()).flatMap(byPreference));
  }

  /**
   * Judges a payment against its checkout, stores it, and makes the checkout's status and the
   * payment's tags follow.
   *
   * @param wanted what the locked payment is to become
   * @return what it became
   */
  Settled settle(Locked locked, Payment wanted) {
    Checkout checkout = locked.checkout();
    boolean paidByAnother = isPaidByAnother(wanted, checkout);
    Payment settled = wanted;
    if (wanted.acceptedAt() == null) {
      settled =
          PaymentMerge.judged(
              wanted, CheckoutMismatch.of(wanted, checkout, collectorId, paidByAnother));
    }
    if (locked.isNew() || !settled.equals(locked.payment())) {
      settled = PaymentMerge.touched(settled, now);
      payments.save(settled);
    }
    if (settled.flag() != null && !settled.flag().equals(locked.payment().flag())) {
      newlyFlagged = settled;
    }
    if (checkout != null) {
      String status = paidByAnother || isPaying(settled) ? "paid" : "open";
      if (!status.equals(checkout.status())) {
        checkouts.setStatus(checkout.id(), status, now);
      }
    }
    // A row that this transaction made has no tags yet.
    List<ContactTag> before = locked.isNew() ? List.of() : tags.ofPayment(settled.id());
    DueTags due = DueTags.of(settled, checkout, paidByAnother, rules);
    boolean written = refreshTags(settled, due, before);
    boolean toBeDone =
        written
            || due.reasonIfNone() == TagResult.NO_CONTACT
            || before.stream().anyMatch(tag -> isOutstanding(tag, due));
    return new Settled(settled, toBeDone ? null : due.reasonIfNone());
  }

  /**
   * Claims the outstanding tags of a payment for one handler.
   *
   * @param token the handler's own, and new
   */
  TagClaim claimTags(Locked locked, String token, Instant until) {
    Payment payment = locked.payment();
    boolean paidByAnother = isPaidByAnother(payment, locked.checkout());
    DueTags due = DueTags.of(payment, locked.checkout(), paidByAnother, rules);
    List<ContactTag> before = tags.ofPayment(payment.id());
    List<ContactTag> rows =
        refreshTags(payment, due, before) ? tags.ofPayment(payment.id()) : before;
    List<ContactTag> outstanding = rows.stream().filter(tag -> isOutstanding(tag, due)).toList();
    List<String> claimed =
        outstanding.stream()
            .filter(tag -> tags.claim(tag.id(), token, until, now) == 1)
            .map(ContactTag::tag)
            .toList();
    TagResult result =
        claimed.size() < outstanding.size()
            ? TagResult.CLAIMED_ELSEWHERE
            : claimed.isEmpty() ? due.reasonIfNone() : TagResult.TAGGED;
    return new TagClaim(payment, token, due.contactId(), claimed, result);
  }

  /** Marks the tags of a claim as being on the contact; returns how many the claim still held. */
  int markApplied(TagClaim claim) {
    payments.lock(claim.payment().id());
    return tags.applied(claim.payment().id(), claim.token(), now);
  }

  /** Gives up a claim; returns how many tags it still held. */
  int release(TagClaim claim) {
    payments.lock(claim.payment().id());
    return tags.release(claim.payment().id(), claim.token());
  }

  /**
   * Writes what is due, removes what is not due any more and nobody is at.
   *
   * @param before the payment's rows, read under its lock: what is among them needs no writing
   * @return whether a row was written or removed
   */
  private boolean refreshTags(Payment payment, DueTags due, List<ContactTag> before) {
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

  private static boolean isOutstanding(ContactTag tag, DueTags due) {
    return tag.appliedAt() == null && isDue(tag, due);
  }

  private static boolean isDue(ContactTag tag, DueTags due) {
    return tag.contactId().equals(due.contactId()) && due.tags().contains(tag.tag());
  }

  /** The payment that this transaction flagged, or flagged for another reason than before. */
  Optional<Payment> newlyFlagged() {
    return Optional.ofNullable(newlyFlagged);
  }

  private boolean isPaidByAnother(Payment payment, @Nullable Checkout checkout) {
    return checkout != null && payments.isPaidByAnother(checkout.id(), payment.id());
  }

  private static boolean isPaying(Payment payment) {
    return payment.status().equals("approved")
        && (payment.flag() == null || payment.acceptedAt() != null);
  }
}
