package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The payments, merchant orders and preferences of one seller, in memory. Thread-safe: one lock, no
 * I/O under it.
 */
public final class SandboxState {
  private final long collectorId;
  private final InstantSource clock;
  private final Map<Long, SandboxPayment> payments = new LinkedHashMap<>();
  private final Map<Long, Order> orders = new LinkedHashMap<>();
  private final Map<String, SandboxPreference> preferences = new LinkedHashMap<>();
  private final Map<String, SandboxPreference> preferencesByReference = new HashMap<>();
  private final Map<String, SandboxPreference> preferencesByKey = new HashMap<>();
  private final Map<String, Long> ordersByPreference = new HashMap<>();
  private final Set<Long> ordersOfOtherSellers = new HashSet<>();
  private final Map<Long, Set<Long>> paymentsByPayer = new HashMap<>();
  private final ResourceIds ids;
  private @Nullable Long orderedPaymentId;
  private @Nullable Long orderedOrderId;

  /** The fixed part of a merchant order and the payments made on it. */
  private record Order(
      long id, SandboxPreference preference, Instant created, List<Long> paymentIds) {}

  SandboxState(long collectorId, InstantSource clock, ResourceIds ids) {
    this.collectorId = collectorId;
    this.clock = clock;
    this.ids = ids;
  }

  /** Ids of the next payment and of the next order; null leaves the order's to its turn. */
  synchronized void nextIds(long paymentId, @Nullable Long orderId) {
    if (payments.containsKey(paymentId) || (orderId != null && orders.containsKey(orderId))) {
      throw new IllegalStateException("the seller has a payment or an order of this id");
    }
    orderedPaymentId = paymentId;
    orderedOrderId = orderId;
  }

  /** A new preference, or with a key seen before the one of then. */
  public synchronized SandboxPreference createPreference(@Nullable String key, ObjectNode posted) {
    SandboxPreference known = key == null ? null : preferencesByKey.get(key);
    if (known != null) {
      return known;
    }
    var preference =
        SandboxPreference.of(
            collectorId + "-" + UUID.randomUUID(), collectorId, seconds(), posted.deepCopy());
    preferences.put(preference.id(), preference);
    if (preference.externalReference() != null) {
      preferencesByReference.put(preference.externalReference(), preference);
    }
    if (key != null) {
      preferencesByKey.put(key, preference);
    }
    return preference;
  }

  /** By id, or else the latest one with this external reference. */
  public synchronized Optional<SandboxPreference> preference(String idOrReference) {
    SandboxPreference preference = preferences.get(idOrReference);
    return Optional.ofNullable(
        preference != null ? preference : preferencesByReference.get(idOrReference));
  }

  synchronized Optional<SandboxPreference> preferenceOfId(String id) {
    return Optional.ofNullable(preferences.get(id));
  }

  /**
   * A new payment on a preference; the first one opens its merchant order.
   *
   * @param amount of this payment; null for the whole price
   * @param payerId the seller that pays; 0 for a customer without an account
   * @throws NoSuchElementException if there is no such preference
   */
  synchronized PaymentChange pay(
      String idOrReference, PaymentOutcome outcome, @Nullable BigDecimal amount, long payerId) {
    SandboxPreference preference =
        preference(idOrReference)
            .orElseThrow(() -> new NoSuchElementException("no preference " + idOrReference));
    Long known = ordersByPreference.get(preference.id());
    long orderId = known != null ? known : openOrder(preference);
    SandboxPayment.Terms price = preference.terms().paidBy(payerId);
    SandboxPayment.Terms terms = amount == null ? price : price.withAmount(amount);
    var payment = SandboxPayment.of(nextPaymentId(), orderId, terms, outcome, seconds());
    keep(payment);
    order(orderId).paymentIds().add(payment.id());
    return new PaymentChange(payment, view(orderId), true, known == null);
  }

  private long openOrder(SandboxPreference preference) {
    Long ordered = orderedOrderId;
    orderedOrderId = null;
    long id = ordered == null ? ids.nextOrder() : ordered;
    orders.put(id, new Order(id, preference, seconds(), new ArrayList<>()));
    ordersByPreference.put(preference.id(), id);
    return id;
  }

  /** A new payment without preference and order, as made by the payments API. */
  synchronized PaymentChange payDirectly(SandboxPayment.Terms terms, PaymentOutcome outcome) {
    var payment = SandboxPayment.of(nextPaymentId(), 0, terms, outcome, seconds());
    keep(payment);
    return new PaymentChange(payment, null, true, false);
  }

  private long nextPaymentId() {
    Long ordered = orderedPaymentId;
    orderedPaymentId = null;
    return ordered == null ? ids.nextPayment() : ordered;
  }

  /** Puts a payment as it is in place of the one with its id. */
  synchronized void put(SandboxPayment payment) {
    boolean known = payments.containsKey(payment.id());
    keep(payment);
    Order order = orders.get(payment.orderId());
    if (!known && order != null) {
      order.paymentIds().add(payment.id());
    }
  }

  /**
   * Another status, and a later {@code date_last_updated}.
   *
   * @throws NoSuchElementException if there is no such payment
   */
  synchronized PaymentChange change(long id, String status, String statusDetail) {
    SandboxPayment old = existing(id);
    return replace(old.changed(status, statusDetail, after(old), old.state().refunds()));
  }

  /**
   * Gives money back: all of it makes the payment refunded, a part leaves it approved.
   *
   * @param amount null for all that is left
   * @throws NoSuchElementException if there is no such payment
   * @throws IllegalStateException if it is not approved, or less than the amount is left
   */
  synchronized PaymentChange refund(long id, @Nullable BigDecimal amount) {
    SandboxPayment old = existing(id);
    BigDecimal left = old.terms().amount().subtract(old.refunded());
    BigDecimal back = amount == null ? left : amount;
    if (!old.is(PaymentOutcome.APPROVED) || back.signum() <= 0 || back.compareTo(left) > 0) {
      throw new IllegalStateException("not valid for the current payment state");
    }
    Instant now = after(old);
    var refunds = new ArrayList<>(old.state().refunds());
    refunds.add(new SandboxPayment.Refund(ids.nextPayment(), back, now));
    boolean whole = back.compareTo(left) == 0;
    return replace(
        whole
            ? old.changed("refunded", "refunded", now, refunds)
            : old.changed("approved", "partially_refunded", now, refunds));
  }

  private void keep(SandboxPayment payment) {
    payments.put(payment.id(), payment);
    long payer = payment.terms().payerId();
    if (payer != 0) {
      paymentsByPayer.computeIfAbsent(payer, unused -> new LinkedHashSet<>()).add(payment.id());
    }
  }

  private PaymentChange replace(SandboxPayment payment) {
    keep(payment);
    SandboxOrder order = orders.containsKey(payment.orderId()) ? view(payment.orderId()) : null;
    return new PaymentChange(payment, order, false, false);
  }

  synchronized Optional<SandboxPayment> payment(long id) {
    return Optional.ofNullable(payments.get(id));
  }

  synchronized List<SandboxPayment> payments() {
    return List.copyOf(payments.values());
  }

  /** What another seller paid here. */
  synchronized List<SandboxPayment> paidBy(long payerId) {
    // a payment may have been put anew with another payer
    return paymentsByPayer.getOrDefault(payerId, Set.of()).stream()
        .map(this::existing)
        .filter(payment -> payment.terms().payerId() == payerId)
        .toList();
  }

  synchronized void giveOrderAway(long id) {
    ordersOfOtherSellers.add(id);
  }

  synchronized boolean isOfAnotherSeller(long orderId) {
    return ordersOfOtherSellers.contains(orderId);
  }

  synchronized Optional<SandboxOrder> findOrder(long id) {
    return orders.containsKey(id) ? Optional.of(view(id)) : Optional.empty();
  }

  /** Every merchant order. */
  public synchronized List<SandboxOrder> orders() {
    return orders.keySet().stream().map(this::view).toList();
  }

  /** Every preference. */
  public synchronized Collection<SandboxPreference> preferences() {
    return List.copyOf(preferences.values());
  }

  private SandboxOrder view(long id) {
    Order order = order(id);
    return new SandboxOrder(
        id,
        order.preference().id(),
        order.preference().externalReference(),
        order.preference().terms().amount(),
        order.created(),
        order.paymentIds().stream().map(this::existing).toList());
  }

  private Order order(long id) {
    Order order = orders.get(id);
    if (order == null) {
      throw new NoSuchElementException("no merchant order " + id);
    }
    return order;
  }

  private SandboxPayment existing(long id) {
    SandboxPayment payment = payments.get(id);
    if (payment == null) {
      throw new NoSuchElementException("no payment " + id);
    }
    return payment;
  }

  /** MercadoPago's dates have whole seconds. */
  private Instant seconds() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Now; a change within the second of the last one still gets a date that tells them apart. */
  private Instant after(SandboxPayment old) {
    Instant last = old.state().lastUpdated();
    Instant now = seconds();
    return now.isAfter(last) ? now : last.plusSeconds(1);
  }
}
