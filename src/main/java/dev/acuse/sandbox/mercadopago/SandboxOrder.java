package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A merchant order: what MercadoPago collects for one preference, with every payment tried.
 *
 * @param preferenceId this is how a payment leads to its preference
 * @param payments in the order in which they were made
 */
public record SandboxOrder(
    long id,
    String preferenceId,
    @Nullable String externalReference,
    BigDecimal total,
    Instant created,
    List<SandboxPayment> payments) {
  public SandboxOrder {
    payments = List.copyOf(payments);
  }

  /** {@code closed} once approved payments cover the total, else {@code opened}. */
  public String status() {
    return sum(PaymentOutcome.APPROVED).compareTo(total) >= 0 ? "closed" : "opened";
  }

  /**
   * {@code paid} counts disputed payments too, which is why it proves nothing (MercadoPago,
   * Merchant orders reference).
   */
  String orderStatus() {
    BigDecimal refunded = refunded();
    if (refunded.signum() > 0) {
      return refunded.compareTo(total) >= 0 ? "reverted" : "partially_reverted";
    }
    BigDecimal paid =
        sum(PaymentOutcome.APPROVED)
            .add(sum(PaymentOutcome.IN_MEDIATION))
            .add(sum(PaymentOutcome.CHARGED_BACK));
    if (paid.compareTo(total) >= 0) {
      return "paid";
    }
    if (paid.signum() > 0) {
      return "partially_paid";
    }
    boolean underWay =
        payments.stream()
            .anyMatch(
                payment ->
                    payment.is(PaymentOutcome.PENDING) || payment.is(PaymentOutcome.IN_PROCESS));
    return underWay ? "payment_in_process" : "payment_required";
  }

  BigDecimal paid() {
    return sum(PaymentOutcome.APPROVED);
  }

  BigDecimal refunded() {
    return payments.stream().map(SandboxPayment::refunded).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  Instant lastUpdated() {
    return payments.stream()
        .map(payment -> payment.state().lastUpdated())
        .filter(created::isBefore)
        .max(Instant::compareTo)
        .orElse(created);
  }

  private BigDecimal sum(PaymentOutcome outcome) {
    return payments.stream()
        .filter(payment -> payment.is(outcome))
        .map(payment -> payment.terms().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
