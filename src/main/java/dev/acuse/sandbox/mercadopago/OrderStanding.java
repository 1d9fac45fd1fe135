package dev.acuse.sandbox.mercadopago;

import java.util.Set;

/**
 * How an order of the Orders API stands, or a payment in it: both share one vocabulary
 * (MercadoPago, Checkout API by orders, "Status"). Any text is possible; MercadoPago adds some from
 * time to time.
 */
public record OrderStanding(String status, String detail) {
  public static final OrderStanding CREATED = new OrderStanding("created", "created");
  public static final OrderStanding AT_TERMINAL = new OrderStanding("at_terminal", "at_terminal");
  public static final OrderStanding PROCESSING = new OrderStanding("processing", "in_process");
  public static final OrderStanding WAITING =
      new OrderStanding("action_required", "waiting_payment");
  public static final OrderStanding WAITING_CAPTURE =
      new OrderStanding("action_required", "waiting_capture");
  public static final OrderStanding ACCREDITED = new OrderStanding("processed", "accredited");
  public static final OrderStanding PARTLY_REFUNDED =
      new OrderStanding("processed", "partially_refunded");

  /** How Checkout Pro's documents show an order whose money is given back. */
  public static final OrderStanding PROCESSED_REFUNDED = new OrderStanding("processed", "refunded");

  /** How others show the same. */
  public static final OrderStanding REFUNDED = new OrderStanding("refunded", "refunded");

  public static final OrderStanding CANCELED = new OrderStanding("canceled", "canceled");

  /** What an unpaid Pix turns into. */
  public static final OrderStanding CANCELED_EXPIRED = new OrderStanding("canceled", "expired");

  public static final OrderStanding EXPIRED = new OrderStanding("expired", "expired");

  private static final String CARD_REFUSED = "cc_rejected_";

  /** Details of refused cards that orders and payments call by one name. */
  private static final Set<String> SHARED =
      Set.of("insufficient_amount", "high_risk", "card_disabled", "bad_filled_card_data");

  /** How a payment stands in an order. A status that isn't known is shown as it is. */
  static OrderStanding of(SandboxPayment payment, OrderStanding whollyRefunded) {
    String detail = payment.state().statusDetail();
    return PaymentOutcome.of(payment.status())
        .map(outcome -> of(outcome, detail, payment.refunded().signum() > 0, whollyRefunded))
        .orElseGet(() -> new OrderStanding(payment.status(), detail));
  }

  private static OrderStanding of(
      PaymentOutcome outcome, String detail, boolean partlyRefunded, OrderStanding whollyRefunded) {
    return switch (outcome) {
      case PENDING -> WAITING;
      case IN_PROCESS -> PROCESSING;
      case AUTHORIZED -> WAITING_CAPTURE;
      case APPROVED -> partlyRefunded ? PARTLY_REFUNDED : ACCREDITED;
      case IN_MEDIATION -> new OrderStanding("in_mediation", detail);
      case REJECTED -> new OrderStanding("failed", refusal(detail));
      case CANCELLED -> detail.equals("expired") ? CANCELED_EXPIRED : CANCELED;
      case REFUNDED -> whollyRefunded;
      case CHARGED_BACK -> new OrderStanding("charged_back", detail);
    };
  }

  private static String refusal(String paymentDetail) {
    String bare =
        paymentDetail.startsWith(CARD_REFUSED)
            ? paymentDetail.substring(CARD_REFUSED.length())
            : paymentDetail;
    return switch (bare) {
      case "max_attempts" -> "max_attempts_exceeded";
      case "call_for_authorize" -> "required_call_for_authorize";
      default -> SHARED.contains(bare) ? bare : "rejected_other_reason";
    };
  }

  /** The notification's {@code action}: a refund is told of as one, by whatever status. */
  String action() {
    boolean refund = detail.equals("refunded") || detail.equals("partially_refunded");
    return "order." + (refund ? "refunded" : status);
  }
}
