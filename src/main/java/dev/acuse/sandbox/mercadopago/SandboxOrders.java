package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Orders API of a seller: its orders, and what customers, card schemes and the seller do with
 * them. Each payment of an order is an ordinary payment of the seller as well, and so every change
 * of it is a change of the order. Thread-safe.
 */
public final class SandboxOrders {
  private final SandboxSeller seller;
  private final OnlineOrderBook book;
  private final List<Consumer<SandboxOnlineOrder>> listeners = new CopyOnWriteArrayList<>();

  SandboxOrders(SandboxSeller seller, OnlineOrderBook book) {
    this.seller = seller;
    this.book = book;
  }

  /**
   * What ids of new orders begin with: {@code ORD} at first. MercadoPago has {@code ORDTST} for
   * tests, {@code PPORD} for plug-ins, and in one document none.
   */
  public SandboxOrders prefix(String prefix) {
    book.prefix(prefix);
    return this;
  }

  /** How all orders are shown and counted from now on; at first as most sources say. */
  public SandboxOrders traits(OrderTrait... traits) {
    book.traits(setOf(traits));
    return this;
  }

  /**
   * The same for one order, beside the traits of all.
   *
   * @throws NoSuchElementException if this seller has no such order
   */
  public SandboxOrders traitsOf(String id, OrderTrait... traits) {
    book.traits(id, setOf(traits));
    return this;
  }

  /**
   * A new order of the type {@code online}, without a payment.
   *
   * @param total in units of the seller's currency
   */
  public SandboxOnlineOrder make(@Nullable String externalReference, BigDecimal total) {
    return make(externalReference, total, "online");
  }

  /**
   * A new order without a payment.
   *
   * @param total in units of the seller's currency
   * @param type {@code online}, {@code point} or {@code qr}
   */
  public SandboxOnlineOrder make(
      @Nullable String externalReference, BigDecimal total, String type) {
    var terms =
        new SandboxOnlineOrder.Terms(type, externalReference, total, seller.site().currency());
    return told(book.make(terms));
  }

  /**
   * A customer pays what is not paid yet, or tries to.
   *
   * @throws NoSuchElementException if this seller has no such order
   * @throws IllegalStateException if all was paid already
   */
  public SandboxOnlineOrder pay(String id, PaymentOutcome outcome) {
    return pay(id, outcome, null);
  }

  /**
   * A customer pays an order or a part of it, or tries to: a new payment, which is told of as any
   * payment is.
   *
   * @param amount in units of the order's currency; null for what is not paid yet
   * @throws NoSuchElementException if this seller has no such order
   * @throws IllegalStateException if there is no amount, and all was paid already
   */
  public SandboxOnlineOrder pay(String id, PaymentOutcome outcome, @Nullable BigDecimal amount) {
    SandboxOnlineOrder order = existing(id);
    BigDecimal due = amount == null ? order.terms().total().subtract(order.paid()) : amount;
    if (due.signum() <= 0) {
      throw new IllegalStateException("nothing is left to pay of order " + id);
    }
    var terms =
        new SandboxPayment.Terms(
            due,
            order.terms().currency(),
            order.terms().externalReference(),
            null,
            seller.userId(),
            Map.of());
    seller.payDirectly(terms.onOrder(id), outcome);
    return existing(id);
  }

  /**
   * Another status for the newest payment of an order; the order follows.
   *
   * @throws NoSuchElementException if this seller has no such order, or the order no payment
   */
  public SandboxOnlineOrder change(String id, PaymentOutcome outcome) {
    return change(id, outcome.status(), outcome.detail());
  }

  /** As the other {@code change}, with any texts of the Payments API. */
  public SandboxOnlineOrder change(String id, String status, String statusDetail) {
    List<Long> payments = existing(id).paymentIds();
    if (payments.isEmpty()) {
      throw new NoSuchElementException("no payment of order " + id);
    }
    seller.change(payments.get(payments.size() - 1), status, statusDetail);
    return existing(id);
  }

  /**
   * Gives money back, of the oldest payments first.
   *
   * @param amount null for all that is left
   * @throws NoSuchElementException if this seller has no such order
   * @throws IllegalStateException if nothing, or less than the amount, is left
   */
  public SandboxOnlineOrder refund(String id, @Nullable BigDecimal amount) {
    List<SandboxPayment> approved =
        existing(id).payments().stream()
            .map(SandboxOnlineOrder.Payment::payment)
            .filter(payment -> payment.is(PaymentOutcome.APPROVED))
            .toList();
    BigDecimal all =
        approved.stream().map(SandboxOrders::left).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal back = amount == null ? all : amount;
    if (back.signum() <= 0 || back.compareTo(all) > 0) {
      throw new IllegalStateException("cannot_refund_order");
    }
    for (SandboxPayment payment : approved) {
      BigDecimal part = back.min(left(payment));
      if (part.signum() > 0) {
        seller.refund(payment.id(), part);
        back = back.subtract(part);
      }
    }
    return existing(id);
  }

  private static BigDecimal left(SandboxPayment payment) {
    return payment.terms().amount().subtract(payment.refunded());
  }

  /**
   * An unpaid order ends: payments that wait are cancelled, and the order is as given, such as
   * {@link OrderStanding#CANCELED_EXPIRED} or {@link OrderStanding#EXPIRED}.
   *
   * @throws NoSuchElementException if this seller has no such order
   */
  public SandboxOnlineOrder end(String id, OrderStanding standing) {
    for (SandboxOnlineOrder.Payment payment : existing(id).payments()) {
      if (payment.payment().is(PaymentOutcome.PENDING)) {
        seller.change(payment.payment().id(), PaymentOutcome.CANCELLED);
      }
    }
    SandboxOnlineOrder order = existing(id);
    return order.standing().equals(standing) ? order : stand(id, standing);
  }

  /**
   * Has an order stand as given, whatever its payments say, until one of them changes. Any texts
   * will do.
   *
   * @throws NoSuchElementException if this seller has no such order
   */
  public SandboxOnlineOrder stand(String id, OrderStanding standing) {
    return told(book.order(id, standing));
  }

  /**
   * From now on {@code GET /v1/orders/ID} shows so many times what the order was before its last
   * change, as MercadoPago does for some seconds: its webhook can overtake it.
   *
   * @throws NoSuchElementException if this seller has no such order
   */
  public void showFormer(String id, int times) {
    book.showFormer(id, times);
  }

  /** The order of this id, as it is now. */
  public Optional<SandboxOnlineOrder> find(String id) {
    return book.find(id);
  }

  /** Every order, the oldest first. */
  public List<SandboxOnlineOrder> all() {
    return book.all();
  }

  /**
   * Tells of every later change. Called in the thread of the change, after it: must be quick and
   * must not throw.
   */
  public void onChanged(Consumer<SandboxOnlineOrder> listener) {
    listeners.add(listener);
  }

  Optional<SandboxOnlineOrder> answered(String id) {
    return book.answered(id);
  }

  /**
   * Takes in a payment that was made or has changed.
   *
   * @param quietly whether no listener hears of it
   */
  void paymentChanged(SandboxPayment payment, boolean quietly) {
    Optional<SandboxOnlineOrder> changed = book.paymentChanged(payment);
    if (!quietly) {
      changed.ifPresent(this::told);
    }
  }

  private SandboxOnlineOrder told(SandboxOnlineOrder order) {
    listeners.forEach(listener -> listener.accept(order));
    return order;
  }

  private SandboxOnlineOrder existing(String id) {
    return find(id).orElseThrow(() -> new NoSuchElementException("no order " + id));
  }

  private static Set<OrderTrait> setOf(OrderTrait... traits) {
    Set<OrderTrait> set = EnumSet.noneOf(OrderTrait.class);
    set.addAll(Arrays.asList(traits));
    return set;
  }
}
