package dev.acuse.payment;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.payment.Registration.Result;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.Text;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where merchants register what is to be paid, and operators accept what did not fit. What follows
 * from either is left to the ordinary handler of payments, by way of an event. This class writes
 * what operators do to the audit, and does so first, because a by that is done and not written down
 * is worse than the other way round. Thread-safe.
 */
public final class Checkouts {
  private static final int MAX_PREFERENCE_ID_LENGTH = 128;
  private static final int MAX_INIT_POINT_LENGTH = 1024;

  private final PaymentStore store;
  private final PaymentReader reader;
  private final Preferences.OfAccounts preferences;
  private final PaymentLookUps lookUps;
  private final AuditTrail audit;
  private final CheckoutJournal journal;

  /**
   * @param preferences creates each account's preferences by its own token
   * @param journal where checkouts are written down beside the database, before the merchant is
   *     told of them
   */
  public Checkouts(
      PaymentStore store,
      PaymentReader reader,
      Preferences.OfAccounts preferences,
      PaymentLookUps lookUps,
      AuditTrail audit,
      CheckoutJournal journal) {
    this.audit = audit;
    this.journal = journal;
    this.store = store;
    this.reader = reader;
    this.preferences = preferences;
    this.lookUps = lookUps;
  }

  /**
   * Registers a checkout and creates its preference. Idempotent on the external reference: whoever
   * got no answer asks again. The preference comes first, so that a checkout always has a page to
   * be paid on; one without a checkout does no harm, since nobody knows its address. Payments that
   * came earlier are looked up once more, to be linked.
   *
   * @param accountId whose it is; a reference is taken within its account
   * @throws InvalidCheckoutException if a field is wrong
   * @throws RemoteException if the preference could not be created; nothing was registered
   */
  public Registration register(long accountId, CheckoutRequest request) throws RemoteException {
    CheckoutRules.check(request);
    Optional<Checkout> known = registered(accountId, request);
    if (known.isPresent()) {
      return existing(request, known.get());
    }
    Preference preference = usable(preferences.of(accountId).create(request));
    boolean added = store.addCheckout(accountId, request, preference);
    Checkout checkout = registered(accountId, request).orElseThrow(() -> taken(preference));
    if (!added) {
      return existing(request, checkout);
    }
    journal.write(checkout);
    handOver(checkout);
    return new Registration(Result.CREATED, checkout);
  }

  /**
   * Accepts a flagged payment and has its handler run, which tags. Repeated, it makes up for an
   * event that was lost the first time.
   */
  public Acceptance accept(Scope scope, long paymentId, OperatorRequest by) {
    if (!writeDown(scope, paymentId, by)) {
      return new Acceptance(Acceptance.Result.UNKNOWN, null);
    }
    Acceptance acceptance =
        reader
            .payment(scope, paymentId)
            .map(known -> store.accept(known.accountId(), paymentId))
            .orElse(new Acceptance(Acceptance.Result.UNKNOWN, null));
    Payment payment = acceptance.payment();
    Instant acceptedAt = payment == null ? null : payment.acceptedAt();
    if (payment != null && acceptedAt != null) {
      lookUps.lookUp(
          payment.accountId(), payment.mpPaymentId(), "accept:" + acceptedAt.toEpochMilli());
    }
    return acceptance;
  }

  /**
   * Has a payment looked up at MercadoPago once more, and what is due for it tagged. What
   * MercadoPago says then is applied even if what is stored looks newer.
   *
   * @param occasion unlike any other for this payment, or it is the same look-up
   * @return false if there is no such payment
   */
  public boolean refresh(Scope scope, long paymentId, String occasion, OperatorRequest by) {
    if (!writeDown(scope, paymentId, by)) {
      return false;
    }
    Optional<Payment> payment = reader.payment(scope, paymentId);
    payment.ifPresent(
        known ->
            lookUps.lookUp(known.accountId(), known.mpPaymentId(), WebhookEvent.ASKED + occasion));
    return payment.isPresent();
  }

  /**
   * What is asked about a payment that the caller does not see is not written down: it would tell
   * the account's own people of a stranger's guess.
   *
   * @return false if the scope does not see the payment
   */
  private boolean writeDown(Scope scope, long paymentId, OperatorRequest by) {
    Long account = reader.accountsOf(scope, List.of(paymentId)).get(paymentId);
    if (account == null && !scope.isEverything()) {
      return false;
    }
    audit.record(
        account == null ? KnownAccounts.NO_ACCOUNT : account, by, null, "payment " + paymentId);
    return true;
  }

  /** A reference is taken, whether the caller sees its checkout or not. */
  private Optional<Checkout> registered(long accountId, CheckoutRequest request) {
    return store.checkout(accountId, request.externalReference());
  }

  private Registration existing(CheckoutRequest request, Checkout checkout) {
    if (!isSame(request, checkout)) {
      return new Registration(Result.CONFLICT, checkout);
    }
    // The first call may have been cut off before it got so far.
    journal.write(checkout);
    handOver(checkout);
    return new Registration(Result.EXISTING, checkout);
  }

  private static boolean isSame(CheckoutRequest request, Checkout checkout) {
    return request.contactId().equals(checkout.contactId())
        && request.amount().compareTo(checkout.amount()) == 0
        && request.currency().equals(checkout.currency())
        && request.title().equals(checkout.title())
        && Objects.equals(request.payerEmail(), checkout.payerEmail());
  }

  private void handOver(Checkout checkout) {
    for (String mpPaymentId :
        store.unlinkedPayments(checkout.accountId(), checkout.externalReference())) {
      lookUps.lookUp(checkout.accountId(), mpPaymentId, "checkout:" + checkout.id());
    }
  }

  /** An id or an address cut to its column would be a wrong one. */
  private static Preference usable(Preference preference) throws RemoteException {
    if (Text.exact(preference.id(), MAX_PREFERENCE_ID_LENGTH) == null
        || Text.exact(preference.initPoint(), MAX_INIT_POINT_LENGTH) == null) {
      throw new RemoteException.BadResponse(
          "the preference's id or address is unusable", null, null);
    }
    return preference;
  }

  private static IllegalStateException taken(Preference preference) {
    return new IllegalStateException(
        "preference " + preference.id() + " belongs to another checkout already");
  }
}
