package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Faults;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A seller at the sandbox's MercadoPago: its tokens, payments, merchant orders, preferences and
 * faults are apart from those of every other. Two sellers may have preferences of one external
 * reference, and by {@link #nextIds} payments of one id. Thread-safe.
 */
public final class SandboxSeller {
  private final long userId;
  private final String nickname;
  private final Sellers sellers;
  private final SandboxState books;
  private final Faults faults;
  private final List<Consumer<PaymentChange>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<PaymentChange>> purchaseListeners = new CopyOnWriteArrayList<>();
  private volatile SandboxApplication application;
  private volatile Site site = Site.MLA;
  private volatile boolean testUser;

  SandboxSeller(
      long userId,
      String nickname,
      SandboxApplication application,
      Sellers sellers,
      SandboxState books,
      long seed) {
    this.userId = userId;
    this.nickname = nickname;
    this.application = application;
    this.sellers = sellers;
    this.books = books;
    this.faults = new Faults(seed);
  }

  /** MercadoPago's id of it: {@code user_id} of notifications, {@code collector_id} of payments. */
  public long userId() {
    return userId;
  }

  /** As {@code GET /users/me} says it. */
  public String nickname() {
    return nickname;
  }

  /** Its country's MercadoPago. Argentina's at first. */
  public Site site() {
    return site;
  }

  /** Moves it to another country. */
  public SandboxSeller site(Site other) {
    site = other;
    return this;
  }

  /** Whose secret signs its notifications. */
  public SandboxApplication application() {
    return application;
  }

  /**
   * Its application from now on.
   *
   * @param id of a known application, or of a new one with an invented secret
   */
  public SandboxSeller application(String id) {
    application = sellers.application(id);
    return this;
  }

  /** Whether {@code GET /users/me} says that it is a test user. */
  public boolean isTestUser() {
    return testUser;
  }

  /** From now on it is a test user. */
  public SandboxSeller testUser() {
    testUser = true;
    return this;
  }

  /**
   * Makes one more token good, beside the others.
   *
   * @throws IllegalStateException if another seller has, or had, this token
   */
  public SandboxSeller token(String token) {
    sellers.tokens().add(token, this);
    return this;
  }

  /**
   * The newest good token.
   *
   * @throws IllegalStateException if all are revoked
   */
  public String token() {
    List<String> good = sellers.tokens().good(this);
    if (good.isEmpty()) {
      throw new IllegalStateException("seller " + userId + " has no good token");
    }
    return good.get(good.size() - 1);
  }

  /** Every good token, the newest last. */
  public List<String> tokens() {
    return sellers.tokens().good(this);
  }

  /** Makes this the only good token. */
  public SandboxSeller replaceToken(String token) {
    sellers.tokens().revokeAll(this);
    return token(token);
  }

  /**
   * From now on calls with this token are answered 401.
   *
   * @throws IllegalStateException if the seller does not have it
   */
  public SandboxSeller revoke(String token) {
    sellers.tokens().revoke(token, this);
    return this;
  }

  /** From now on every call with a token of this seller is answered 401. */
  public SandboxSeller revokeAll() {
    sellers.tokens().revokeAll(this);
    return this;
  }

  /** What goes wrong with calls of this seller's tokens, beside the server's own faults. */
  public Faults faults() {
    return faults;
  }

  /**
   * How many requests brought a token of this seller, good or revoked, to a path or to one below
   * it, answered or not; {@code /} for all.
   */
  public long requestCount(String path) {
    return sellers.tokens().all(this).stream()
        .mapToLong(token -> sellers.log().count(token, path))
        .sum();
  }

  /** Builds notifications to this seller, signed with the secret that its application then has. */
  public Notifications notifications() {
    return new Notifications(
        this::application, userId, this::site, sellers.clock(), sellers.lastNotificationId());
  }

  /** Every payment that it was paid, oldest first. */
  public List<SandboxPayment> payments() {
    return books.payments();
  }

  /** The payment with this id that it was paid. */
  public Optional<SandboxPayment> payment(long id) {
    return books.payment(id);
  }

  /** Its merchant order with this id, with its payments as they are now. */
  public Optional<SandboxOrder> order(long id) {
    return books.findOrder(id);
  }

  /** Whether it has a preference of this id; a reference is no id. */
  public boolean hasPreference(String id) {
    return books.preferenceOfId(id).isPresent();
  }

  /**
   * The ids of this seller's next payment and next merchant order, in place of those that their
   * turn would give them: another seller may have the same.
   *
   * @param orderId null to leave it to its turn
   * @throws IllegalStateException if this seller has a payment or an order of that id
   */
  public SandboxSeller nextIds(long paymentId, @Nullable Long orderId) {
    books.nextIds(paymentId, orderId);
    return this;
  }

  /**
   * Puts a payment exactly as given, dates included, in place of this seller's with its id.
   * Notifies of nothing.
   */
  public void put(SandboxPayment payment) {
    books.put(payment);
  }

  /**
   * A customer pays, or tries to: a new payment on the preference's merchant order.
   *
   * @param preference its id or its external reference
   * @throws NoSuchElementException if this seller has no such preference
   */
  public PaymentChange pay(String preference, PaymentOutcome outcome) {
    return pay(preference, outcome, null, null);
  }

  /**
   * A customer, or another seller, pays a preference or a part of its price.
   *
   * @param preference its id or its external reference
   * @param amount in units of the preference's currency; null for the whole price
   * @param payer null for a customer without an account
   * @throws NoSuchElementException if this seller has no such preference
   */
  public PaymentChange pay(
      String preference,
      PaymentOutcome outcome,
      @Nullable BigDecimal amount,
      @Nullable SandboxSeller payer) {
    return announced(books.pay(preference, outcome, amount, payer == null ? 0 : payer.userId));
  }

  /** A payment without preference and order, as made by MercadoPago's payments API. */
  public PaymentChange payDirectly(SandboxPayment.Terms terms, PaymentOutcome outcome) {
    return announced(books.payDirectly(terms, outcome));
  }

  /**
   * Another seller buys here, without preference and order.
   *
   * @param amount in units of this seller's currency
   */
  public PaymentChange sellTo(
      SandboxSeller payer,
      BigDecimal amount,
      @Nullable String externalReference,
      PaymentOutcome outcome) {
    var terms =
        new SandboxPayment.Terms(
            amount, site.currency(), externalReference, payer.email(), userId, Map.of());
    return payDirectly(terms.paidBy(payer.userId), outcome);
  }

  /**
   * Another status for a payment, with a later {@code date_last_updated}.
   *
   * @throws NoSuchElementException if this seller has no such payment
   */
  public PaymentChange change(long paymentId, PaymentOutcome outcome) {
    return change(paymentId, outcome.status(), outcome.detail());
  }

  /** As the other {@code change}, with any texts: MercadoPago adds some from time to time. */
  public PaymentChange change(long paymentId, String status, String statusDetail) {
    return announced(books.change(paymentId, status, statusDetail));
  }

  /**
   * Gives a part of the money back; less than all leaves the payment approved.
   *
   * @param amount null for all that is left
   * @throws NoSuchElementException if this seller has no such payment
   * @throws IllegalStateException if it is not approved, or less than the amount is left
   */
  public PaymentChange refund(long paymentId, @Nullable BigDecimal amount) {
    return announced(books.refund(paymentId, amount));
  }

  /**
   * Tells of every later change of what this seller was paid, except by {@link #put}. Called in the
   * thread of the change, after it: must be quick and must not throw.
   */
  public void onPaymentChanged(Consumer<PaymentChange> listener) {
    listeners.add(listener);
  }

  /**
   * Tells of every later change of what this seller paid to another. The change comes without the
   * merchant order, which is the other's. Called as the other listeners are.
   */
  public void onPurchaseChanged(Consumer<PaymentChange> listener) {
    purchaseListeners.add(listener);
  }

  /** What it keeps, for the levers of a sandbox. */
  public SandboxState books() {
    return books;
  }

  private PaymentChange announced(PaymentChange change) {
    listeners.forEach(listener -> listener.accept(change));
    sellers
        .find(change.payment().terms().payerId())
        .filter(payer -> payer != this)
        .ifPresent(payer -> payer.hearOfPurchase(change));
    return change;
  }

  private void hearOfPurchase(PaymentChange change) {
    var withoutOrder = new PaymentChange(change.payment(), null, change.created(), false);
    purchaseListeners.forEach(listener -> listener.accept(withoutOrder));
  }

  private String email() {
    return "seller-" + userId + "@example.test";
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "SandboxSeller[" + userId + "]";
  }
}
