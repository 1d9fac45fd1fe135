package dev.acuse.payment;

import dev.acuse.database.QueryLimit;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.payment.PaymentSearch.Whose;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.ListedPayment;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.text.Text;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What is here of checkouts, payments and tags. Each method is told whose are seen. Thread-safe.
 * Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class PaymentReader {
  /** The most rows that a search for events looks through payments for. */
  private static final int MAX_FOUND = 100;

  /** Many more misfits than are ever settled one by one; to count on would cost. */
  private static final int MAX_COUNTED = 1_000;

  private final Jdbi jdbi;
  private final KnownAccounts known;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   * @param known which accounts there are
   */
  public PaymentReader(Jdbi jdbi, KnownAccounts known) {
    this.jdbi = jdbi;
    this.known = known;
  }

  private PaymentLookUp look(Handle handle, Scope scope) {
    return new PaymentLookUp(handle, scope, known);
  }

  /**
   * The account whose payments are compared with the provider's.
   *
   * @throws IllegalArgumentException for several accounts: two may have a payment of one id
   */
  private static long account(Scope scope) {
    if (scope.isEverything()) {
      return Place.MAIN_ACCOUNT;
    }
    if (scope.accountIds().size() != 1) {
      throw new IllegalArgumentException("one account is compared at a time");
    }
    return scope.accountIds().iterator().next();
  }

  /** A payment by our own id. */
  public Optional<Payment> payment(Scope scope, long id) {
    return jdbi.withHandle(handle -> look(handle, scope).payment(id));
  }

  /** A payment by MercadoPago's id. */
  public Optional<Payment> paymentByMpId(Scope scope, String mpPaymentId) {
    String id = Text.exact(mpPaymentId, 64);
    return id == null
        ? Optional.empty()
        : jdbi.withHandle(handle -> look(handle, scope).paymentByMpId(id));
  }

  /**
   * The payments asked for, newest first.
   *
   * @param before only payments that were stored before the one with this id; null for the newest
   */
  public List<Payment> payments(
      Scope scope, PaymentFilter filter, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(
                handle,
                () ->
                    PaymentSearch.payments(
                        handle, new Whose(scope, known), filter, before, limit)));
  }

  /**
   * How many approved payments do not fit their checkout, tag nobody, and wait for an operator; at
   * most {@value #MAX_COUNTED}.
   */
  public long countMisfits(Scope scope) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> look(handle, scope).countMisfits(MAX_COUNTED)));
  }

  /**
   * Approved payments of an account that are flagged as too much for their checkout, and would not
   * be if they were judged now, as versions before judged each alone. A look-up of each sets it
   * right.
   *
   * @param limit how many of the newest flagged payments are looked at
   */
  public List<Payment> misjudged(Scope scope, int limit) {
    return jdbi.withHandle(
        handle -> QueryLimit.within(handle, () -> Misjudged.of(handle, scope, limit)));
  }

  /**
   * To which checkouts payments belong.
   *
   * @param paymentIds our ids
   * @return our id of the checkout by that of the payment; payments without one are left out
   */
  public Map<Long, Long> checkoutsOf(Scope scope, Collection<Long> paymentIds) {
    return paymentIds.isEmpty()
        ? Map.of()
        : jdbi.withHandle(handle -> look(handle, scope).checkoutsOf(paymentIds));
  }

  /**
   * How many payments of each account do not fit, tag nobody, and wait for an operator; of the
   * newest {@value #MAX_COUNTED}.
   *
   * @return by the account's id; accounts without any are left out
   */
  public Map<Long, Long> misfitsByAccount(Scope scope) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(handle, () -> look(handle, scope).misfitsByAccount(MAX_COUNTED)));
  }

  /**
   * Whose payments are.
   *
   * @param paymentIds our ids
   * @return the account's id by that of the payment
   */
  public Map<Long, Long> accountsOf(Scope scope, Collection<Long> paymentIds) {
    return isOfMain(scope, paymentIds)
        ? ofMain(paymentIds)
        : jdbi.withHandle(handle -> look(handle, scope).accountsOf(paymentIds));
  }

  /**
   * Whose checkouts are.
   *
   * @param checkoutIds our ids
   * @return the account's id by that of the checkout
   */
  public Map<Long, Long> accountsOfCheckouts(Scope scope, Collection<Long> checkoutIds) {
    return isOfMain(scope, checkoutIds)
        ? ofMain(checkoutIds)
        : jdbi.withHandle(handle -> look(handle, scope).accountsOfCheckouts(checkoutIds));
  }

  /**
   * The accounts of these payments, as far as a scope sees them; the scope itself where there is no
   * account but {@code main}. What is looked for by payments is found faster so, because each
   * account is looked through by itself.
   *
   * @param paymentIds our ids
   */
  public Scope scopeOf(Scope scope, Collection<Long> paymentIds) {
    return isOfMain(scope, paymentIds)
        ? scope
        : scope.and(Scope.of(Set.copyOf(accountsOf(scope, paymentIds).values())));
  }

  private boolean isOfMain(Scope scope, Collection<Long> ids) {
    return ids.isEmpty() || (scope.isEverything() && known.isMainAlone());
  }

  private static Map<Long, Long> ofMain(Collection<Long> ids) {
    return ids.stream().distinct().collect(Collectors.toMap(id -> id, id -> Place.MAIN_ACCOUNT));
  }

  /** The newest payments that belong to a checkout. */
  public List<Payment> paymentsOf(Scope scope, long checkoutId, int limit) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(handle, () -> look(handle, scope).ofCheckout(checkoutId, limit)));
  }

  /**
   * Our ids of the newest payments, at most {@value #MAX_FOUND}, whose external reference or
   * payer's e-mail is exactly this text.
   */
  public List<Long> paymentIdsFor(Scope scope, String text) {
    String exact = Text.exact(text, 256);
    return exact == null
        ? List.of()
        : jdbi.withHandle(
            handle ->
                QueryLimit.within(handle, () -> look(handle, scope).idsFor(exact, MAX_FOUND)));
  }

  /** Our ids of payments whose date at MercadoPago lies in a stretch of time. */
  public List<Long> paymentIdsChanged(Scope scope, Instant from, Instant to) {
    return jdbi.withHandle(handle -> look(handle, scope).idsChanged(from, to));
  }

  /**
   * Those of an account's payments that are here and want no tag that is not on the contact.
   *
   * @return by MercadoPago's id
   */
  public Map<String, Payment> withoutOpenTags(Scope scope, Collection<String> mpPaymentIds) {
    return jdbi.withHandle(
        handle -> {
          Map<String, Payment> known = new PaymentDao(handle).byMpIds(account(scope), mpPaymentIds);
          Set<Long> outstanding =
              new PaymentTags(handle, account(scope)).outstanding(known.values());
          known.values().removeIf(payment -> outstanding.contains(payment.id()));
          return known;
        });
  }

  /**
   * Those of an account's payments that are here and for which a tag has failed. What merely waits
   * is not among them.
   *
   * @return MercadoPago's ids
   */
  public Set<String> withFailedTags(Scope scope, Collection<String> mpPaymentIds) {
    return jdbi.withHandle(
        handle -> {
          Map<String, Payment> known = new PaymentDao(handle).byMpIds(account(scope), mpPaymentIds);
          Set<Long> failed = new PaymentTags(handle, account(scope)).failed(known.values());
          return known.values().stream()
              .filter(payment -> failed.contains(payment.id()))
              .map(Payment::mpPaymentId)
              .collect(Collectors.toSet());
        });
  }

  /**
   * How our side stands against what MercadoPago says of these payments of an account.
   *
   * @return by MercadoPago's id
   */
  public Map<String, PaymentDrift> standings(Scope scope, Collection<PaymentSnapshot> snapshots) {
    return jdbi.withHandle(handle -> PaymentDrift.of(handle, account(scope), snapshots));
  }

  /**
   * Which payments that an account's merchant orders list are missing here, older, or without the
   * checkout that their order leads to.
   *
   * @return MercadoPago's ids
   */
  public Set<String> behind(Scope scope, Collection<ListedPayment> listed) {
    return jdbi.withHandle(handle -> OrderDrift.of(handle, account(scope), listed));
  }

  /** The tags that are due for a payment, on the contact or not. */
  public List<ContactTag> tags(Scope scope, long paymentId) {
    return jdbi.withHandle(handle -> look(handle, scope).tags(paymentId));
  }

  /** A checkout by our own id. */
  public Optional<Checkout> checkout(Scope scope, long id) {
    return jdbi.withHandle(handle -> look(handle, scope).checkout(id));
  }

  /** A checkout by the merchant's id of it. */
  public Optional<Checkout> checkoutByReference(Scope scope, String externalReference) {
    String reference = Text.exact(externalReference, 256);
    return reference == null
        ? Optional.empty()
        : jdbi.withHandle(handle -> look(handle, scope).checkoutByReference(reference));
  }

  /**
   * Checkouts, newest first.
   *
   * @param externalReference only the one with this reference; null for any
   * @param before only checkouts that were stored before the one with this id; null for the newest
   */
  public List<Checkout> checkouts(
      Scope scope, @Nullable String externalReference, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(
                handle,
                () ->
                    PaymentSearch.checkouts(
                        handle, new Whose(scope, known), externalReference, before, limit)));
  }
}
