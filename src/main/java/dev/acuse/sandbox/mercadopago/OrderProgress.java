package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How an order of the Orders API stands by its payments. */
final class OrderProgress {
  private OrderProgress() {}

  /** How a payment stands in an order of these traits. */
  static OrderStanding of(SandboxPayment payment, Set<OrderTrait> traits) {
    return OrderStanding.of(payment, whollyRefunded(traits));
  }

  /**
   * How the order stands.
   *
   * @param total of the order, in units of its currency
   * @param payments in the order in which they were made
   */
  static OrderStanding of(BigDecimal total, List<SandboxPayment> payments, Set<OrderTrait> traits) {
    if (payments.isEmpty()) {
      return OrderStanding.CREATED;
    }
    return first(payments, PaymentOutcome.CHARGED_BACK)
        .or(() -> first(payments, PaymentOutcome.IN_MEDIATION))
        .map(disputed -> of(disputed, traits))
        .orElseGet(() -> undisputed(total, payments, traits));
  }

  private static OrderStanding undisputed(
      BigDecimal total, List<SandboxPayment> payments, Set<OrderTrait> traits) {
    BigDecimal approved = sum(payments, PaymentOutcome.APPROVED);
    BigDecimal everPaid = approved.add(sum(payments, PaymentOutcome.REFUNDED));
    if (everPaid.compareTo(total) >= 0) {
      if (approved.signum() == 0) {
        return whollyRefunded(traits);
      }
      boolean givenBack = payments.stream().anyMatch(each -> each.refunded().signum() > 0);
      return givenBack ? OrderStanding.PARTLY_REFUNDED : OrderStanding.ACCREDITED;
    }
    SandboxPayment latest = payments.get(payments.size() - 1);
    boolean partOnly = latest.is(PaymentOutcome.APPROVED);
    boolean open =
        latest.is(PaymentOutcome.REJECTED) && traits.contains(OrderTrait.OPEN_WHEN_REFUSED);
    return partOnly || open ? OrderStanding.WAITING : of(latest, traits);
  }

  private static OrderStanding whollyRefunded(Set<OrderTrait> traits) {
    return traits.contains(OrderTrait.REFUNDED_BY_STATUS)
        ? OrderStanding.REFUNDED
        : OrderStanding.PROCESSED_REFUNDED;
  }

  private static Optional<SandboxPayment> first(
      List<SandboxPayment> payments, PaymentOutcome outcome) {
    return payments.stream().filter(payment -> payment.is(outcome)).findFirst();
  }

  private static BigDecimal sum(List<SandboxPayment> payments, PaymentOutcome outcome) {
    return payments.stream()
        .filter(payment -> payment.is(outcome))
        .map(payment -> payment.terms().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
