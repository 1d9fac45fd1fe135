package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.JsonServer;
import dev.acuse.sandbox.http.RequestLog;
import dev.acuse.sandbox.http.Routes;
import dev.acuse.sandbox.http.SandboxRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A MercadoPago on this machine: payments, their search, merchant orders and preferences over HTTP,
 * and the customers' side of them as methods. One seller is there from the start, and what this
 * class does without naming a seller is of that one. Thread-safe.
 */
public final class SandboxMercadoPago {
  /** Keeps the chances of sellers' faults from being those of a server's. */
  private static final long FAULTS_APART = 2_000;

  private final Sellers sellers;
  private final SandboxSeller first;
  private final PaymentSearch search;
  private final Faults faults;
  private final JsonServer server;

  /**
   * Not listening yet.
   *
   * @param port 0 for a free one
   * @param accessToken that requests of the first seller must bring
   * @param webhookSecret of the first application
   * @param collectorId the first seller
   */
  public SandboxMercadoPago(
      int port,
      String accessToken,
      String webhookSecret,
      long collectorId,
      long seed,
      InstantSource clock,
      ExecutorService threads) {
    this.sellers = new Sellers(seed + FAULTS_APART, clock, this::log);
    this.sellers.application(SandboxApplication.FIRST, webhookSecret);
    this.first = sellers.findOrMake(collectorId, "SANDBOX", accessToken).testUser();
    this.faults = new Faults(seed);
    this.search = new PaymentSearch(clock);
    var routes = new MercadoPagoRoutes(sellers, search, this::url);
    this.server = new JsonServer(port, routes, MercadoPagoErrors::of, faults, sellers, threads);
  }

  private RequestLog log() {
    return server.log();
  }

  /** The seller that is there from the start. */
  public SandboxSeller seller() {
    return first;
  }

  /**
   * The seller of this user id. If it is new it is of the first application, in Argentina, with the
   * token {@code APP_USR-sandbox-token-<id>}.
   */
  public SandboxSeller seller(long userId) {
    return sellers.findOrMake(userId);
  }

  /**
   * The same.
   *
   * @throws NumberFormatException if that is no number
   */
  public SandboxSeller seller(String userId) {
    return seller(Long.parseLong(userId));
  }

  /**
   * The seller of this user id, with this token beside those that it has; a new one has no other.
   *
   * @throws IllegalStateException if another seller has, or had, this token; none is made then
   */
  public SandboxSeller seller(long userId, String token) {
    return sellers.findOrMake(userId, token);
  }

  /** The seller of this user id, if there is one. */
  public Optional<SandboxSeller> findSeller(long userId) {
    return sellers.find(userId);
  }

  /** Every seller, the first one first. */
  public List<SandboxSeller> sellers() {
    return sellers.all();
  }

  /** The application of this id; a new one, with an invented secret, if it is new. */
  public SandboxApplication application(String id) {
    return sellers.application(id);
  }

  /**
   * Whether {@code GET /v1/payments/ID} shows a payment to the seller that paid it as well. If not,
   * as at first, it is a 404 to that one too, and only the search lists it.
   */
  public void payersMayRead(boolean may) {
    sellers.payersMayRead(may);
  }

  /** Where it listens, without a slash at the end. */
  public URI url() {
    return server.url();
  }

  /** What goes wrong here. */
  public Faults faults() {
    return faults;
  }

  /** Refuses connections, as a host whose process is gone, until {@link #startListening}. */
  public void stopListening() {
    server.stopListening();
  }

  /** Listens on the same port again. */
  public void startListening() {
    server.listen();
  }

  /** Every payment that the first seller was paid, oldest first. */
  public List<SandboxPayment> payments() {
    return first.payments();
  }

  /** The payment with this id. */
  public Optional<SandboxPayment> payment(long id) {
    return first.payment(id);
  }

  /** The merchant order with this id, with its payments as they are now. */
  public Optional<SandboxOrder> order(long id) {
    return first.order(id);
  }

  /** From now on the merchant order with this id is another seller's: it may not be read. */
  public void giveOrderAway(long id) {
    first.books().giveOrderAway(id);
  }

  /**
   * Puts a payment exactly as given, dates included, in place of the one with its id. Notifies
   * nobody.
   */
  public void put(SandboxPayment payment) {
    first.put(payment);
  }

  /**
   * Has the search show payments otherwise than they are, as MercadoPago shows their dates without
   * milliseconds at some endpoints.
   */
  public void showInSearch(UnaryOperator<SandboxPayment> view) {
    search.show(view);
  }

  /**
   * A customer pays, or tries to: a new payment on the preference's merchant order.
   *
   * @param preference its id or its external reference
   * @throws NoSuchElementException if there is no such preference
   */
  public PaymentChange pay(String preference, PaymentOutcome outcome) {
    return first.pay(preference, outcome);
  }

  /**
   * A customer pays a part of the preference's price, as with one of two cards.
   *
   * @param preference its id or its external reference
   * @param amount in units of the preference's currency; MercadoPago lets nobody pay more than the
   *     price, the sandbox does
   * @throws NoSuchElementException if there is no such preference
   */
  public PaymentChange pay(String preference, PaymentOutcome outcome, BigDecimal amount) {
    return first.pay(preference, outcome, amount, null);
  }

  /** A payment without preference and order, as made by MercadoPago's payments API. */
  public PaymentChange payDirectly(SandboxPayment.Terms terms, PaymentOutcome outcome) {
    return first.payDirectly(terms, outcome);
  }

  /**
   * Another status for a payment, with a later {@code date_last_updated}.
   *
   * @throws NoSuchElementException if there is no such payment
   */
  public PaymentChange change(long paymentId, PaymentOutcome outcome) {
    return change(paymentId, outcome.status(), outcome.detail());
  }

  /** As the other {@code change}, with any texts: MercadoPago adds some from time to time. */
  public PaymentChange change(long paymentId, String status, String statusDetail) {
    return first.change(paymentId, status, statusDetail);
  }

  /**
   * Gives all the money back that is left.
   *
   * @throws NoSuchElementException if there is no such payment
   * @throws IllegalStateException if it is not approved
   */
  public PaymentChange refund(long paymentId) {
    return first.refund(paymentId, null);
  }

  /** Gives a part of the money back; less than all leaves the payment approved. */
  public PaymentChange refund(long paymentId, @Nullable BigDecimal amount) {
    return first.refund(paymentId, amount);
  }

  /**
   * Tells of every later change, except by {@link #put}. Called in the thread of the change, after
   * it: must be quick and must not throw.
   */
  public void onPaymentChanged(Consumer<PaymentChange> listener) {
    first.onPaymentChanged(listener);
  }

  /**
   * How many requests came for a path or for one below it, answered or not: {@code
   * /v1/payments/123}, {@code /merchant_orders}.
   */
  public long requestCount(String path) {
    return server.log().count(path);
  }

  /** How many of them brought this token, good or not; {@code /} for all paths. */
  public long requestCount(String token, String path) {
    return server.log().count(token, path);
  }

  /** The latest requests, at most 10,000. */
  public List<SandboxRequest> requests() {
    return server.log().latest();
  }

  /**
   * Begins to listen.
   *
   * @param prefix of the paths that {@code control} answers, which meet no faults
   */
  public void start(String prefix, Routes control) {
    server.addFaultless(prefix, control);
    server.addFaultless(CheckoutPage.PATH, new CheckoutPage(id -> sellers.preference(id, first)));
    server.listen();
  }

  /** What the first seller keeps, for the levers of a sandbox. */
  public SandboxState books() {
    return first.books();
  }
}
