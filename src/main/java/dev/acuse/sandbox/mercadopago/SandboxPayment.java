package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment at the sandbox's MercadoPago. Immutable.
 *
 * @param orderId its merchant order; 0 for a payment without one, as made by the payments API
 */
public record SandboxPayment(long id, long orderId, Terms terms, State state) {
  /** The one customer of the sandbox, as MercadoPago numbers it. */
  private static final long CUSTOMER = 128_100_001;

  /**
   * What is paid, by whom, to whom.
   *
   * @param currency ISO 4217
   * @param payerEmail shown by the API only while the status is approved, refunded or charged_back
   * @param metadata as given to the preference
   * @param payerId the seller that paid; 0 for a customer without an account
   * @param onlineOrderId the order of the Orders API that it is a payment of; null for none
   */
  public record Terms(
      BigDecimal amount,
      String currency,
      @Nullable String externalReference,
      @Nullable String payerEmail,
      long collectorId,
      Map<String, Object> metadata,
      long payerId,
      @Nullable String onlineOrderId) {
    public Terms {
      metadata = Map.copyOf(metadata);
    }

    /** Paid by a customer without an account. */
    public Terms(
        BigDecimal amount,
        String currency,
        @Nullable String externalReference,
        @Nullable String payerEmail,
        long collectorId,
        Map<String, Object> metadata) {
      this(amount, currency, externalReference, payerEmail, collectorId, metadata, 0, null);
    }

    /** The same for another amount, in units of the currency. */
    public Terms withAmount(BigDecimal other) {
      return new Terms(
          other,
          currency,
          externalReference,
          payerEmail,
          collectorId,
          metadata,
          payerId,
          onlineOrderId);
    }

    /**
     * The same, paid by a seller.
     *
     * @param payer its user id; 0 for a customer without an account
     */
    public Terms paidBy(long payer) {
      return new Terms(
          amount,
          currency,
          externalReference,
          payerEmail,
          collectorId,
          metadata,
          payer,
          onlineOrderId);
    }

    /** The same, as a payment of an order of the Orders API. */
    Terms onOrder(String orderId) {
      return new Terms(
          amount, currency, externalReference, payerEmail, collectorId, metadata, payerId, orderId);
    }

    /** MercadoPago's id of the payer; customers without an account have one as well. */
    long shownPayerId() {
      return payerId == 0 ? CUSTOMER : payerId;
    }
  }

  /**
   * How the payment stands.
   *
   * @param approved when it was first approved; null if it never was
   * @param lastUpdated MercadoPago's version of the payment
   */
  public record State(
      String status,
      String statusDetail,
      Instant created,
      @Nullable Instant approved,
      Instant lastUpdated,
      List<Refund> refunds) {
    public State {
      refunds = List.copyOf(refunds);
    }
  }

  /** Money given back. */
  public record Refund(long id, BigDecimal amount, Instant created) {}

  /** A payment of ARS that has just been made, without order and references. */
  public static SandboxPayment of(
      long id, BigDecimal amount, long collectorId, PaymentOutcome outcome, Instant now) {
    var terms = new Terms(amount, "ARS", null, null, collectorId, Map.of());
    return of(id, 0, terms, outcome, now);
  }

  static SandboxPayment of(
      long id, long orderId, Terms terms, PaymentOutcome outcome, Instant now) {
    Instant approved = outcome == PaymentOutcome.APPROVED ? now : null;
    return new SandboxPayment(
        id,
        orderId,
        terms,
        new State(outcome.status(), outcome.detail(), now, approved, now, List.of()));
  }

  /** The same payment with another state. */
  public SandboxPayment with(State other) {
    return new SandboxPayment(id, orderId, terms, other);
  }

  /** The same payment with other terms. */
  public SandboxPayment with(Terms other) {
    return new SandboxPayment(id, orderId, other, state);
  }

  /** The same payment after a change of status at an instant. */
  SandboxPayment changed(String status, String statusDetail, Instant at, List<Refund> refunds) {
    Instant approved = state.approved();
    if (approved == null && status.equals(PaymentOutcome.APPROVED.status())) {
      approved = at;
    }
    return with(new State(status, statusDetail, state.created(), approved, at, refunds));
  }

  /** What was given back in all. */
  public BigDecimal refunded() {
    return state.refunds().stream().map(Refund::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** {@code status} in MercadoPago's JSON. */
  public String status() {
    return state.status();
  }

  boolean is(PaymentOutcome outcome) {
    return state.status().equals(outcome.status());
  }
}
