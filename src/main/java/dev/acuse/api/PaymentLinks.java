package dev.acuse.api;

import dev.acuse.dispute.Dispute;
import dev.acuse.dispute.DisputeFilter;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.event.Scope;
import dev.acuse.order.Order;
import dev.acuse.order.OrderReader;
import dev.acuse.payment.PaymentIds;
import dev.acuse.payment.PaymentIds.MpPayment;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What names payments: orders and disputes. Each names them by MercadoPago's ids. */
public final class PaymentLinks {
  /** The most disputes of one payment that are read; there are few. */
  private static final int MOST_OF_ONE = 100;

  private final PaymentReader payments;
  private final PaymentIds ids;
  private final OrderReader orders;
  private final DisputeReader disputes;

  /**
   * @param payments tells whose a payment is
   * @param ids tells which payments are here
   */
  public PaymentLinks(
      PaymentReader payments, PaymentIds ids, OrderReader orders, DisputeReader disputes) {
    this.payments = payments;
    this.ids = ids;
    this.orders = orders;
    this.disputes = disputes;
  }

  /** The orders that a payment belongs to, newest first. */
  public List<Order> orders(Scope scope, Payment payment) {
    return orders.ofPayment(scopeOf(scope, payment), payment.mpPaymentId());
  }

  /** What is held against a payment, newest first. */
  public List<Dispute> disputes(Scope scope, Payment payment) {
    return disputes.page(
        scopeOf(scope, payment),
        DisputeFilter.ALL.withMpPaymentId(payment.mpPaymentId()),
        null,
        MOST_OF_ONE);
  }

  /** Another account may have a payment of the same id. */
  private Scope scopeOf(Scope scope, Payment payment) {
    return payments.scopeOf(scope, List.of(payment.id()));
  }

  /** The payments of an order. */
  public List<NamedPayment> of(Scope scope, Order order) {
    List<MpPayment> named =
        orders.paymentIds(scope, order.id()).stream()
            .map(id -> new MpPayment(order.accountId(), id))
            .toList();
    return known(named, ids.of(scope, named));
  }

  /**
   * The payments of disputes.
   *
   * @return by our id of the dispute; each is there
   */
  public Map<Long, List<NamedPayment>> of(Scope scope, Collection<Dispute> these) {
    Map<MpPayment, Long> known =
        ids.of(scope, these.stream().flatMap(dispute -> named(dispute).stream()).toList());
    Map<Long, List<NamedPayment>> byDispute = new HashMap<>();
    these.forEach(dispute -> byDispute.put(dispute.id(), known(named(dispute), known)));
    return byDispute;
  }

  private static List<MpPayment> named(Dispute dispute) {
    return dispute.mpPaymentIds().stream()
        .map(id -> new MpPayment(dispute.accountId(), id))
        .toList();
  }

  private static List<NamedPayment> known(List<MpPayment> named, Map<MpPayment, Long> known) {
    return named.stream()
        .map(payment -> new NamedPayment(known.get(payment), payment.mpPaymentId()))
        .toList();
  }
}
