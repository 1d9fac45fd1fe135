package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Faults;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A seller at the sandbox's MercadoPago: its tokens, payments, merchant orders, preferences and
 * faults are apart from those of every other. Two sellers may have preferences of one external
 * reference, and by {@link #nextIds} payments of one id. Thread-safe.
 */
public final class SandboxSeller extends SellerPayments {
  private final long userId;
  private final String nickname;
  private final Sellers sellers;
  private final SandboxState books;
  private final Faults faults;
  private final SandboxOrders onlineOrders;
  private final SandboxDisputes disputes;
  private volatile SandboxApplication application;
  private volatile Set<PanelTopic> topics = Set.of(PanelTopic.PAYMENT);
  private volatile Site site = Site.MLA;
  private volatile boolean testUser;

  SandboxSeller(
      long userId,
      String nickname,
      SandboxApplication application,
      Sellers sellers,
      SandboxState books,
      long seed) {
    super(sellers, books);
    this.userId = userId;
    this.nickname = nickname;
    this.application = application;
    this.sellers = sellers;
    this.books = books;
    this.faults = new Faults(seed);
    var disputeBook = new DisputeBook();
    var sources = new OnlineOrderBook.Sources(books::payment, disputeBook::chargebacksOf);
    this.disputes = new SandboxDisputes(this, disputeBook, sellers.disputeIds(), sellers.clock());
    this.onlineOrders =
        new SandboxOrders(this, new OnlineOrderBook(sources, sellers.clock(), sellers.orderIds()));
    // first of all: orders are right before a listener hears of a payment
    onPaymentChanged(change -> onlineOrders.paymentChanged(change.payment(), false));
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
        new NotificationOrigin(
            this::application, userId, this::site, sellers.clock(), sellers.lastNotificationId()));
  }

  /**
   * The boxes that its application has ticked in MercadoPago's panel, in place of those before;
   * {@link PanelTopic#PAYMENT} alone at first.
   */
  public SandboxSeller tick(PanelTopic... ticked) {
    topics = Set.copyOf(Arrays.asList(ticked));
    return this;
  }

  /** Whether its application has ticked this box. */
  public boolean ticks(PanelTopic topic) {
    return topics.contains(topic);
  }

  /** Its orders of the Orders API. */
  public SandboxOrders onlineOrders() {
    return onlineOrders;
  }

  /** Its chargebacks and claims. */
  public SandboxDisputes disputes() {
    return disputes;
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

  /** What it keeps, for the levers of a sandbox. */
  public SandboxState books() {
    return books;
  }

  /** As {@code change}, but no listener hears of it. */
  void changeQuietly(long paymentId, String status, String statusDetail) {
    PaymentChange change = books.change(paymentId, status, statusDetail);
    onlineOrders.paymentChanged(change.payment(), true);
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
