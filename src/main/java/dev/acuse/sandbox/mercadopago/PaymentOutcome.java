package dev.acuse.sandbox.mercadopago;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a payment can stand, with the usual detail (MercadoPago, Payments reference). */
public enum PaymentOutcome {
  PENDING("pending_waiting_payment"),
  IN_PROCESS("pending_contingency"),
  AUTHORIZED("pending_capture"),
  APPROVED("accredited"),
  IN_MEDIATION("pending"),
  REJECTED("cc_rejected_insufficient_amount"),
  CANCELLED("expired"),
  REFUNDED("refunded"),
  CHARGED_BACK("in_process");

  private final String detail;

  PaymentOutcome(String detail) {
    this.detail = detail;
  }

  /** The outcome of this name in MercadoPago's JSON; empty for an unknown one. */
  public static Optional<PaymentOutcome> of(String status) {
    return Arrays.stream(values()).filter(outcome -> outcome.status().equals(status)).findFirst();
  }

  /** MercadoPago's {@code status}. */
  public String status() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** MercadoPago's {@code status_detail}. */
  public String detail() {
    return detail;
  }
}
