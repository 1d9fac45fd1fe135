package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutJudgement;
import dev.acuse.payment.state.CheckoutMismatch;
import dev.acuse.payment.state.CheckoutStanding;
import dev.acuse.payment.state.FittedSnapshot;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentMerge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a payment within one transaction. Locks are always taken in the order
 * checkout, payment, its tags, and the checkout's other payments last. So no transaction waits in a
 * circle, and one that holds a checkout's lock sees every payment of it as it is. Relies on READ
 * COMMITTED, the default of both engines. Of one thread.
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
   * @param tags what becomes of its tags if the CRM need not be called for that; null if there are
   *     tags to put on, or a contact to look for
   * @param heirs MercadoPago's ids of its checkout's other payments that are to be refreshed
   */
  record Settled(Payment payment, @Nullable TagResult tags, List<String> heirs) {}

  private final CheckoutDao checkouts;
  private final PaymentDao payments;
  private final TagDao tags;
  private final TagRows rows;
  private final TagRules rules;
  private final @Nullable String collectorId;
  private final Instant now;
  private final List<Payment> newlyFlagged = new ArrayList<>();

  PaymentTransaction(Handle handle, TagRules rules, @Nullable String collectorId, Instant now) {
    this.checkouts = new CheckoutDao(handle);
    this.payments = new PaymentDao(handle);
    this.tags = new TagDao(handle);
    this.rows = new TagRows(handle, rules, now);
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
   * Judges a payment together with the others of its checkout, stores it, and makes the checkout's
   * status, the others' flags and all their tags follow.
   *
   * @param wanted what the locked payment is to become
   * @return what it became
   */
  Settled settle(Locked locked, Payment wanted) {
    Checkout checkout = locked.checkout();
    if (checkout == null) {
      Payment settled = save(locked, judgedAlone(wanted));
      return settled(locked, settled, DueTags.unlinked(settled, rules), List.of());
    }
    List<Payment> others = payments.othersAccredited(checkout.id(), wanted.id());
    CheckoutJudgement judgement = judgement(locked, checkout, wanted, others);
    Payment settled = save(locked, judgement.judged(wanted));
    List<Payment> changed = saveFlags(others, judgement);
    CheckoutStanding standing = judgement.standing();
    keep(checkout, standing);
    Set<Long> bearers = rows.bearers(settled, checkout, standing);
    for (Payment other : others) {
      Payment judged = judgement.judged(other);
      if (bearers.contains(other.id()) || !judged.equals(other)) {
        rows.refresh(
            judged,
            DueTags.linked(judged, checkout, standing, bearers, rules),
            tags.ofPayment(other.id()));
      }
    }
    return settled(
        locked,
        settled,
        DueTags.linked(settled, checkout, standing, bearers, rules),
        heirs(others, changed));
  }

  private Payment judgedAlone(Payment wanted) {
    return wanted.acceptedAt() != null
        ? wanted
        : PaymentMerge.judged(wanted, CheckoutMismatch.ofItself(wanted, null, collectorId));
  }

  private CheckoutJudgement judgement(
      Locked locked, Checkout checkout, Payment wanted, List<Payment> others) {
    Payment stored = locked.payment();
    boolean counted =
        !locked.isNew()
            && Long.valueOf(checkout.id()).equals(stored.checkoutId())
            && stored.status().equals("approved")
            && stored.flag() == null;
    return CheckoutJudgement.of(checkout, collectorId, wanted, counted, others);
  }

  private Payment save(Locked locked, Payment judged) {
    Payment stored = locked.payment();
    if (!locked.isNew() && judged.equals(stored)) {
      return judged;
    }
    Payment saved = PaymentMerge.touched(judged, now);
    payments.save(saved);
    tell(saved, stored);
    return saved;
  }

  /** The others may be changed without a lock of their own, because the checkout is locked. */
  private List<Payment> saveFlags(List<Payment> others, CheckoutJudgement judgement) {
    List<Payment> changed = new ArrayList<>();
    for (Payment other : others) {
      Payment judged = judgement.judged(other);
      if (!judged.equals(other)) {
        payments.saveFlag(PaymentMerge.touched(judged, now));
        tell(judged, other);
        changed.add(judged);
      }
    }
    return changed;
  }

  private void tell(Payment settled, Payment before) {
    String flag = settled.flag();
    if (flag != null && settled.acceptedAt() == null && !flag.equals(before.flag())) {
      newlyFlagged.add(settled);
    }
  }

  private void keep(Checkout checkout, CheckoutStanding standing) {
    Instant paidAt = checkout.paidAt() == null && standing.isPaid() ? now : checkout.paidAt();
    if (!standing.status().equals(checkout.status())
        || !Objects.equals(paidAt, checkout.paidAt())) {
      checkouts.setStatus(checkout.id(), standing.status(), paidAt, now);
    }
  }

  private Settled settled(Locked locked, Payment settled, DueTags due, List<String> heirs) {
    // A row that this transaction made has no tags yet.
    List<ContactTag> before = locked.isNew() ? List.of() : tags.ofPayment(settled.id());
    boolean written = rows.refresh(settled, due, before);
    boolean toBeDone =
        written
            || due.reasonIfNone() == TagResult.NO_CONTACT
            || before.stream().anyMatch(tag -> TagRows.isOutstanding(tag, due));
    return new Settled(settled, toBeDone ? null : due.reasonIfNone(), heirs);
  }

  /** Follows from the state, so that a repeated attempt finds what an earlier one left. */
  private List<String> heirs(List<Payment> others, List<Payment> changed) {
    if (others.isEmpty()) {
      return List.of();
    }
    Set<Long> ids = new HashSet<>(tags.outstanding(others.stream().map(Payment::id).toList()));
    changed.stream().filter(one -> one.flag() == null).map(Payment::id).forEach(ids::add);
    return others.stream()
        .filter(other -> ids.contains(other.id()))
        .map(Payment::mpPaymentId)
        .toList();
  }

  /**
   * Claims the outstanding tags of a payment for one handler.
   *
   * @param token the handler's own, and new
   */
  TagClaim claimTags(Locked locked, String token, Instant until) {
    Payment payment = locked.payment();
    DueTags due = due(locked);
    List<ContactTag> before = tags.ofPayment(payment.id());
    List<ContactTag> present =
        rows.refresh(payment, due, before) ? tags.ofPayment(payment.id()) : before;
    List<ContactTag> outstanding =
        present.stream().filter(tag -> TagRows.isOutstanding(tag, due)).toList();
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

  private DueTags due(Locked locked) {
    Payment payment = locked.payment();
    Checkout checkout = locked.checkout();
    if (checkout == null) {
      return DueTags.unlinked(payment, rules);
    }
    List<Payment> others = payments.othersAccredited(checkout.id(), payment.id());
    CheckoutStanding standing = judgement(locked, checkout, payment, others).standing();
    return DueTags.linked(
        payment, checkout, standing, rows.bearers(payment, checkout, standing), rules);
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

  /** The payments that this transaction flagged, or flagged for another reason than before. */
  List<Payment> newlyFlagged() {
    return List.copyOf(newlyFlagged);
  }

  /**
   * The part that a payment is of its checkout's amount, where no operator need have paid the rest.
   *
   * @return empty if it is none, or more than a part
   */
  Optional<CheckoutMismatch> part(Locked locked) {
    Checkout checkout = locked.checkout();
    Payment payment = locked.payment();
    return checkout != null
            && checkout.status().equals("partly_paid")
            && payment.status().equals("approved")
        ? CheckoutMismatch.part(payment, checkout)
        : Optional.empty();
  }
}
