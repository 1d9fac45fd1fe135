package dev.acuse.payment;

import dev.acuse.effect.Effects;
import dev.acuse.effect.Rearm;
import dev.acuse.payment.Acceptance.Result;
import dev.acuse.payment.PaymentTransaction.LinkedMeanwhile;
import dev.acuse.payment.PaymentTransaction.Locked;
import dev.acuse.payment.PaymentTransaction.Settled;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.CheckoutMismatch;
import dev.acuse.payment.state.FittedSnapshot;
import dev.acuse.payment.state.Freshness;
import dev.acuse.payment.state.Look;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentMerge;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.text.ExternalId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkouts, payments and what is wanted because of them; owns their transactions. What is
 * read for a caller is in {@link PaymentReader}. Every effect follows from the state under the
 * locks, never from what a call changed, so that each call may be repeated. Thread-safe.
 */
public final class PaymentStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(PaymentStore.class);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AccountRules rules;
  private final Effects effects;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   * @param rules by which each account's payments are judged
   * @param effects written in the transactions that settle payments
   */
  public PaymentStore(Jdbi jdbi, InstantSource clock, AccountRules rules, Effects effects) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.rules = rules;
    this.effects = effects;
  }

  /**
   * Makes our side match what MercadoPago says of a payment: stores it if that is newer, links it
   * to its checkout, judges whether it fits, and has its tags put on by events. In one transaction.
   * Its checkout's other payments are judged anew with it.
   *
   * @param accountId whose it is; the row of another account with the same payment is another
   * @param look by which the snapshot came: {@link #look} before it
   * @param rearm has effects of it that failed worked off once more; null leaves them as they are
   * @throws IllegalArgumentException if the payment's id is blank or longer than 64 characters
   */
  public Applied apply(long accountId, PaymentSnapshot snapshot, Look look, @Nullable Rearm rearm) {
    FittedSnapshot fitted = FittedSnapshot.of(snapshot);
    Applied first = applyOnce(accountId, fitted, look, rearm);
    // A checkout committed between our look for it and our commit could not find this payment
    // either: whoever commits second has to look again.
    if (first.payment().checkoutId() != null || findCheckout(accountId, fitted).isEmpty()) {
      return first;
    }
    Applied second = applyOnce(accountId, fitted, look, rearm);
    return new Applied(
        second.payment(),
        first.changed() || second.changed(),
        second.linked(),
        second.preferenceId(),
        second.effects(),
        second.lacksContact(),
        second.heirs());
  }

  /**
   * The same for a payment whose checkout is known, or can be found by what the payment itself
   * says. Else nothing is changed: its merchant order may know the preference.
   *
   * @return empty if there is no checkout
   * @throws IllegalArgumentException if the payment's id is blank or longer than 64 characters
   */
  public Optional<Applied> applyIfLinkable(
      long accountId, PaymentSnapshot snapshot, Look look, @Nullable Rearm rearm) {
    FittedSnapshot fitted = FittedSnapshot.of(snapshot);
    return inTransaction(
        accountId,
        transaction ->
            transaction
                .lockIfLinkable(fitted)
                .map(locked -> apply(transaction, locked, fitted, look, rearm)));
  }

  private Applied applyOnce(
      long accountId, FittedSnapshot snapshot, Look look, @Nullable Rearm rearm) {
    return inTransaction(
        accountId,
        transaction -> apply(transaction, transaction.lock(snapshot), snapshot, look, rearm));
  }

  private static Applied apply(
      PaymentTransaction transaction,
      Locked locked,
      FittedSnapshot snapshot,
      Look look,
      @Nullable Rearm rearm) {
    Payment stored = locked.payment();
    Freshness freshness =
        locked.isNew() ? Freshness.NEWER : Freshness.of(stored, snapshot.values(), look);
    boolean newer = freshness != Freshness.NOT_NEWER;
    Payment wanted =
        newer
            ? PaymentMerge.newer(stored, snapshot.values(), look, freshness == Freshness.OVERRULES)
            : PaymentMerge.older(stored, snapshot.values());
    Checkout checkout = locked.checkout();
    if (checkout != null) {
      wanted = PaymentMerge.linked(wanted, checkout.id());
    }
    boolean linked = checkout != null && stored.checkoutId() == null;
    String preferenceId = checkout == null ? null : checkout.preferenceId();
    Settled settled = transaction.settle(locked, wanted, rearm);
    return new Applied(
        settled.payment(),
        newer,
        linked,
        preferenceId,
        settled.effects(),
        settled.lacksContact(),
        settled.heirs());
  }

  /**
   * The look-up that a caller is about to begin.
   *
   * @param overrules whether an operator asked for it
   */
  public Look look(boolean overrules) {
    return new Look(now(), overrules);
  }

  /**
   * Lets a flagged payment count as if it fitted: its tags become due, and an approved one pays for
   * its checkout. So does an approved one that is only a part: the operator has settled the rest.
   * For ever; a caller that asks a second time learns that it is so. Effects of it that failed are
   * worked off once more.
   */
  public Acceptance accept(long accountId, long paymentId) {
    return inTransaction(
        accountId,
        transaction ->
            transaction
                .lock(paymentId)
                .map(locked -> accept(transaction, locked))
                .orElse(new Acceptance(Result.UNKNOWN, null)));
  }

  private Acceptance accept(PaymentTransaction transaction, Locked locked) {
    Payment payment = locked.payment();
    var rearm = new Rearm(now(), true);
    if (payment.acceptedAt() != null) {
      transaction.settle(locked, payment, rearm);
      return new Acceptance(Result.ALREADY_ACCEPTED, payment);
    }
    String flag = payment.flag();
    Optional<CheckoutMismatch> reason =
        flag == null
            ? transaction.part(locked)
            : Optional.of(new CheckoutMismatch(flag, payment.flagDetail()));
    if (reason.isEmpty()) {
      return new Acceptance(Result.NOT_FLAGGED, payment);
    }
    Payment accepted = PaymentMerge.accepted(payment, reason.get(), now());
    return new Acceptance(Result.ACCEPTED, transaction.settle(locked, accepted, rearm).payment());
  }

  /**
   * Sets the contact of a payment that names none, as the CRM knows it; its tags become due.
   *
   * @return the payment as it is now; with another contact if it got one meanwhile
   * @throws IllegalArgumentException if the account has no such payment or the contact's id is none
   */
  public Payment setContact(long accountId, long paymentId, String contactId) {
    if (!ExternalId.matches(contactId)) {
      throw new IllegalArgumentException("a contact's id matches " + ExternalId.FORM);
    }
    return inTransaction(
        accountId,
        transaction -> {
          Locked locked = lock(transaction, paymentId);
          Payment payment = locked.payment();
          return payment.contactId() != null
              ? payment
              : transaction
                  .settle(locked, PaymentMerge.withContact(payment, contactId), null)
                  .payment();
        });
  }

  /** Adds a checkout unless its reference is taken; false if it, or its preference, is. */
  boolean addCheckout(long accountId, CheckoutRequest request, Preferences.Preference preference) {
    return jdbi.withHandle(
        handle ->
            new CheckoutDao(handle)
                    .insert(accountId, request, preference.id(), preference.initPoint(), now())
                == 1);
  }

  /** The checkout of an account that has this reference. */
  Optional<Checkout> checkout(long accountId, String externalReference) {
    return jdbi.withHandle(
        handle -> new CheckoutDao(handle).findByReference(accountId, externalReference));
  }

  /** Whether a payment, by our own id, is this account's. */
  public boolean isOf(long accountId, long paymentId) {
    return jdbi.withHandle(handle -> new PaymentDao(handle).isOf(accountId, paymentId));
  }

  /** Those of these accounts that have this payment of MercadoPago's, in the order of their ids. */
  public List<Long> accountsWith(Collection<Long> accountIds, String mpPaymentId) {
    return jdbi.withHandle(handle -> new PaymentDao(handle).accountsWith(accountIds, mpPaymentId));
  }

  /** MercadoPago's ids of the payments that name a reference and belong to no checkout yet. */
  List<String> unlinkedPayments(long accountId, String externalReference) {
    return jdbi.withHandle(
        handle -> new PaymentDao(handle).unlinkedMpIds(accountId, externalReference));
  }

  private static Locked lock(PaymentTransaction transaction, long paymentId) {
    return transaction
        .lock(paymentId)
        .orElseThrow(() -> new IllegalArgumentException("there is no payment " + paymentId));
  }

  private Optional<Long> findCheckout(long accountId, FittedSnapshot snapshot) {
    return jdbi.withHandle(handle -> transaction(handle, accountId).findCheckout(snapshot));
  }

  private <T> T inTransaction(long accountId, Function<PaymentTransaction, T> work) {
    while (true) {
      try {
        return jdbi.withHandle(
            handle -> {
              PaymentTransaction transaction = transaction(handle, accountId);
              T result = handle.inTransaction(same -> work.apply(transaction));
              transaction.newlyFlagged().forEach(PaymentStore::warn);
              return result;
            });
      } catch (LinkedMeanwhile e) {
        // A link is for ever, so the next pass locks the right checkout.
        LOGGER.debug("a payment was linked meanwhile; once more");
      }
    }
  }

  private PaymentTransaction transaction(Handle handle, long accountId) {
    return new PaymentTransaction(handle, accountId, rules.of(accountId), effects, now());
  }

  private static void warn(Payment payment) {
    LOGGER.warn(
        "payment {} (account {}, MercadoPago {}, checkout {}) is flagged, and tags no contact until accepted: {}",
        payment.id(),
        payment.accountId(),
        payment.mpPaymentId(),
        payment.checkoutId(),
        payment.flag());
  }

  /** To the microsecond, as both engines store it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
