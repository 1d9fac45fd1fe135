package dev.acuse.payment;

import dev.acuse.effect.EffectCounts;
import dev.acuse.effect.Effects;
import dev.acuse.effect.Judged;
import dev.acuse.effect.Rearm;
import dev.acuse.effect.Subject;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutJudgement;
import dev.acuse.payment.state.CheckoutMismatch;
import dev.acuse.payment.state.CheckoutStanding;
import dev.acuse.payment.state.FittedSnapshot;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentMerge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a payment of one account within one transaction. Locks are always taken in the
 * order checkout, payment, the checkout's other payments, and effects last. So no transaction waits
 * in a circle, and one that holds a checkout's lock sees every payment of it as it is. Relies on
 * READ COMMITTED, the default of both engines. Of one thread.
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
   * @param effects what is wanted of other systems because of it, or of its checkout
   * @param lacksContact tags would be due, but no contact is known, and none is looked for
   * @param heirs MercadoPago's ids of its checkout's other payments that are to be refreshed
   */
  record Settled(Payment payment, EffectCounts effects, boolean lacksContact, List<String> heirs) {}

  private final CheckoutDao checkouts;
  private final PaymentDao payments;
  private final Handle handle;
  private final long accountId;
  private final PaymentRules rules;
  private final Effects effects;
  private final Instant now;
  private final List<Payment> newlyFlagged = new ArrayList<>();

  PaymentTransaction(
      Handle handle, long accountId, PaymentRules rules, Effects effects, Instant now) {
    this.checkouts = new CheckoutDao(handle);
    this.payments = new PaymentDao(handle);
    this.handle = handle;
    this.accountId = accountId;
    this.rules = rules;
    this.effects = effects;
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
        .lockOfMpPayment(accountId, snapshot.values().mpPaymentId())
        .or(
            () ->
                lead(
                    snapshot,
                    reference -> checkouts.lockByReference(accountId, reference),
                    preference -> checkouts.lockByPreference(accountId, preference)));
  }

  private Locked lock(FittedSnapshot snapshot, @Nullable Checkout checkout) {
    String mpPaymentId = snapshot.values().mpPaymentId();
    Optional<Payment> known = payments.lockByMpId(accountId, mpPaymentId);
    if (known.isPresent()) {
      return locked(known.get(), checkout, false);
    }
    return payments
        .insert(accountId, mpPaymentId, snapshot.values().status(), now)
        .map(inserted -> new Locked(inserted, checkout, true))
        .orElseGet(
            () ->
                locked(payments.lockByMpId(accountId, mpPaymentId).orElseThrow(), checkout, false));
  }

  /** Locks a payment and the checkout that it is linked to; empty if there is no such payment. */
  Optional<Locked> lock(long paymentId) {
    Checkout checkout = checkouts.lockOfPayment(accountId, paymentId).orElse(null);
    return payments.lock(accountId, paymentId).map(payment -> locked(payment, checkout, false));
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
    return lead(
        snapshot,
        reference -> checkouts.idByReference(accountId, reference),
        preference -> checkouts.idByPreference(accountId, preference));
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
   * status, the others' flags and the effects of all that follow.
   *
   * @param wanted what the locked payment is to become
   * @param rearm has effects that failed worked off once more; null leaves them as they are
   * @return what it became
   */
  Settled settle(Locked locked, Payment wanted, @Nullable Rearm rearm) {
    Checkout checkout = locked.checkout();
    if (checkout == null) {
      Payment settled = save(locked, judgedAlone(wanted));
      DueTags due = DueTags.unlinked(settled, rules.tags(), rules.findsContact());
      Subject subject = Subject.payment(settled.id());
      return settled(settled, due, subject, List.of(), locked.isNew(), rearm, List.of());
    }
    List<Payment> others = payments.othersAccredited(accountId, checkout.id(), wanted.id());
    CheckoutJudgement judgement = judgement(locked, checkout, wanted, others);
    Payment settled = save(locked, judgement.judged(wanted));
    List<Payment> changed = saveFlags(others, judgement);
    CheckoutStanding standing = judgement.standing();
    keep(checkout, standing);
    Set<String> unpaid = rules.tags().statusesBeforeApproval();
    List<Payment> all = new ArrayList<>(List.of(settled));
    others.forEach(other -> all.add(judgement.judged(other)));
    if (!standing.isPaid()) {
      // One of each status is enough, because all of them want the same.
      for (String status : unpaid) {
        payments
            .otherThatCounts(accountId, checkout.id(), settled.id(), status)
            .ifPresent(all::add);
      }
    }
    // Without another payment that ever gave reason to a tag, a checkout can't want one yet.
    boolean isNew = locked.isNew() && others.isEmpty() && unpaid.isEmpty();
    boolean isLinkedNow = locked.payment().checkoutId() == null && !locked.isNew();
    return settled(
        settled,
        DueTags.ofCheckout(checkout, standing, all, rules.tags()),
        Subject.checkout(checkout.id()),
        isLinkedNow ? List.of(Subject.payment(settled.id())) : List.of(),
        isNew,
        rearm,
        heirs(changed));
  }

  private Payment judgedAlone(Payment wanted) {
    return wanted.acceptedAt() != null
        ? wanted
        : PaymentMerge.judged(wanted, CheckoutMismatch.ofItself(wanted, null, rules.collectorId()));
  }

  private CheckoutJudgement judgement(
      Locked locked, Checkout checkout, Payment wanted, List<Payment> others) {
    Payment stored = locked.payment();
    boolean counted =
        !locked.isNew()
            && Long.valueOf(checkout.id()).equals(stored.checkoutId())
            && stored.status().equals("approved")
            && stored.flag() == null;
    return CheckoutJudgement.of(checkout, rules.collectorId(), wanted, counted, others);
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
      checkouts.setStatus(checkout, standing.status(), paidAt, now);
    }
  }

  private Settled settled(
      Payment settled,
      DueTags due,
      Subject subject,
      List<Subject> before,
      boolean isNew,
      @Nullable Rearm rearm,
      List<String> heirs) {
    var judged = new Judged(accountId, subject, before, isNew, due.wishes());
    return new Settled(settled, effects.settle(handle, judged, rearm), due.lacksContact(), heirs);
  }

  /** What counts anew is looked up anew. */
  private static List<String> heirs(List<Payment> changed) {
    return changed.stream().filter(one -> one.flag() == null).map(Payment::mpPaymentId).toList();
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
