package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.JsonServer;
import dev.acuse.sandbox.http.Routes;
import dev.acuse.sandbox.http.SandboxRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A MercadoPago on this machine: payments, their search, merchant orders and preferences over HTTP,
 * and the customers' side of them as methods. Thread-safe.
 */
public final class SandboxMercadoPago {
  private final SandboxState books;
  private final PaymentSearch search;
  private final Faults faults;
  private final JsonServer server;
  private final List<Consumer<PaymentChange>> listeners = new CopyOnWriteArrayList<>();

  /**
   * Not listening yet.
   *
   * @param port 0 for a free one
   * @param accessToken that requests must bring
   * @param collectorId the account that is paid
   */
  public SandboxMercadoPago(
      int port,
      String accessToken,
      long collectorId,
      long seed,
      InstantSource clock,
      ExecutorService threads) {
    this.books = new SandboxState(collectorId, clock);
    this.faults = new Faults(seed);
    this.search = new PaymentSearch(books, clock);
    var routes = new MercadoPagoRoutes(books, search, accessToken, collectorId, this::url);
    this.server = new JsonServer(port, routes, MercadoPagoErrors::of, faults, threads);
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

  /** Every payment, oldest first. */
  public List<SandboxPayment> payments() {
    return books.payments();
  }

  /** The payment with this id. */
  public Optional<SandboxPayment> payment(long id) {
    return books.payment(id);
  }

  /** The merchant order with this id, with its payments as they are now. */
  public Optional<SandboxOrder> order(long id) {
    return books.findOrder(id);
  }

  /** From now on the merchant order with this id is another seller's: it may not be read. */
  public void giveOrderAway(long id) {
    books.giveOrderAway(id);
  }

  /**
   * Puts a payment exactly as given, dates included, in place of the one with its id. Notifies
   * nobody.
   */
  public void put(SandboxPayment payment) {
    books.put(payment);
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
    return announced(books.pay(preference, outcome, null));
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
    return announced(books.pay(preference, outcome, amount));
  }

  /** A payment without preference and order, as made by MercadoPago's payments API. */
  public PaymentChange payDirectly(SandboxPayment.Terms terms, PaymentOutcome outcome) {
    return announced(books.payDirectly(terms, outcome));
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
    return announced(books.change(paymentId, status, statusDetail));
  }

  /**
   * Gives all the money back that is left.
   *
   * @throws NoSuchElementException if there is no such payment
   * @throws IllegalStateException if it is not approved
   */
  public PaymentChange refund(long paymentId) {
    return announced(books.refund(paymentId, null));
  }

  /** Gives a part of the money back; less than all leaves the payment approved. */
  public PaymentChange refund(long paymentId, @Nullable BigDecimal amount) {
    return announced(books.refund(paymentId, amount));
  }

  /**
   * Tells of every later change, except by {@link #put}. Called in the thread of the change, after
   * it: must be quick and must not throw.
   */
  public void onPaymentChanged(Consumer<PaymentChange> listener) {
    listeners.add(listener);
  }

  /**
   * How many requests came for a path or for one below it, answered or not: {@code
   * /v1/payments/123}, {@code /merchant_orders}.
   */
  public long requestCount(String path) {
    return server.log().count(path);
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
    server.addFaultless(CheckoutPage.PATH, new CheckoutPage(books));
    server.listen();
  }

  /** What it keeps, for the levers of a sandbox. */
  public SandboxState books() {
    return books;
  }

  private PaymentChange announced(PaymentChange change) {
    listeners.forEach(listener -> listener.accept(change));
    return change;
  }
}
