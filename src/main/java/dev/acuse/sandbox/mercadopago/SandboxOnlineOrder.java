package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An order of the Orders API, as it is at a moment. Immutable.
 *
 * @param id {@code ORD…}, in upper case
 * @param lastUpdated with each change later
 * @param version counts the changes
 * @param payments in the order in which they were made
 * @param chargebacks of these payments, oldest first
 */
public record SandboxOnlineOrder(
    String id,
    Terms terms,
    Instant created,
    Instant lastUpdated,
    OrderStanding standing,
    int version,
    List<Payment> payments,
    List<Chargeback> chargebacks,
    Set<OrderTrait> traits) {
  public SandboxOnlineOrder {
    payments = List.copyOf(payments);
    chargebacks = List.copyOf(chargebacks);
    traits = Set.copyOf(traits);
  }

  /**
   * What was ordered.
   *
   * @param type {@code online}, {@code point} or {@code qr}
   * @param total in units of the currency
   * @param currency ISO 4217
   */
  public record Terms(
      String type, @Nullable String externalReference, BigDecimal total, String currency) {}

  /**
   * A payment in an order. It is an ordinary payment as well, which has the number.
   *
   * @param id {@code PAY…}; no payment of the Payments API has this id
   * @param referenceId of ten characters; no payment of the Payments API has this id either
   * @param payment the ordinary payment that it is
   */
  public record Payment(
      String id, String referenceId, SandboxPayment payment, OrderStanding standing) {
    /** What was paid, whether or not it was given back later, in units of the currency. */
    BigDecimal paid() {
      return payment.state().approved() == null ? BigDecimal.ZERO : payment.terms().amount();
    }
  }

  /**
   * A chargeback in an order.
   *
   * @param id {@code CBK…}
   * @param transactionId {@code PAY…} of the payment
   * @param caseId of the chargeback's own API
   * @param amount in units of the currency
   */
  public record Chargeback(
      String id, String transactionId, String caseId, String status, BigDecimal amount) {}

  /** {@code status} in MercadoPago's JSON. */
  public String status() {
    return standing.status();
  }

  /** The ids that its payments have in the Payments API. */
  public List<Long> paymentIds() {
    return payments.stream().map(each -> each.payment().id()).toList();
  }

  /** What was paid, whether or not it was given back later, in units of the currency. */
  BigDecimal paid() {
    return payments.stream().map(Payment::paid).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  boolean has(OrderTrait trait) {
    return traits.contains(trait);
  }
}
