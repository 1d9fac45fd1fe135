package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumSet;
import java.util.Set;

/** A payment as {@code GET /v1/payments/{id}} answers it: no {@code preference_id}, for one. */
final class PaymentJson {
  /** What MercadoPago keeps of a payment here; its real share depends on country and method. */
  private static final BigDecimal FEE_SHARE = new BigDecimal("0.0648");

  /** MercadoPago, Payments reference: "only … when status=approved, refunded or charged_back". */
  private static final Set<PaymentOutcome> WITH_EMAIL =
      EnumSet.of(PaymentOutcome.APPROVED, PaymentOutcome.REFUNDED, PaymentOutcome.CHARGED_BACK);

  private PaymentJson() {}

  static ObjectNode of(SandboxPayment payment) {
    SandboxPayment.State state = payment.state();
    SandboxPayment.Terms terms = payment.terms();
    ObjectNode json = Json.object();
    json.put("id", payment.id());
    json.put("date_created", MercadoPagoDates.write(state.created()));
    json.put("date_approved", MercadoPagoDates.write(state.approved()));
    json.put("date_last_updated", MercadoPagoDates.write(state.lastUpdated()));
    json.putNull("date_of_expiration");
    json.put("money_release_date", MercadoPagoDates.write(state.approved()));
    json.put("operation_type", "regular_payment");
    json.put("issuer_id", "310");
    json.put("payment_method_id", "visa");
    json.put("payment_type_id", "credit_card");
    json.put("status", state.status());
    json.put("status_detail", state.statusDetail());
    json.put("currency_id", terms.currency());
    json.putNull("description");
    json.put("live_mode", true);
    json.put("collector_id", terms.collectorId());
    json.set("payer", payer(payment));
    json.set("metadata", Json.tree(terms.metadata()));
    json.set("order", order(payment));
    json.put("external_reference", terms.externalReference());
    putMoney(json, payment);
    json.put("captured", !payment.is(PaymentOutcome.AUTHORIZED));
    json.put("binary_mode", false);
    json.put("installments", 1);
    json.putObject("card").put("last_four_digits", lastFour(payment));
    json.set("refunds", refunds(payment));
    json.put("processing_mode", "aggregator");
    json.set("point_of_interaction", pointOfInteraction(payment));
    return json;
  }

  /** Where alone a payment names its order of the Orders API: its {@code order} is empty. */
  private static ObjectNode pointOfInteraction(SandboxPayment payment) {
    ObjectNode point = Json.object();
    String orderId = payment.terms().onlineOrderId();
    if (orderId != null) {
      point.putArray("references").addObject().put("type", "ORDER_MP").put("id", orderId);
    }
    return point;
  }

  private static String lastFour(SandboxPayment payment) {
    return "%04d".formatted(payment.id() % 10_000);
  }

  private static void putMoney(ObjectNode json, SandboxPayment payment) {
    BigDecimal amount = Json.money(payment.terms().amount());
    json.put("transaction_amount", amount);
    json.put("transaction_amount_refunded", Json.money(payment.refunded()));
    json.put("coupon_amount", 0);
    json.put("shipping_amount", 0);
    json.put("taxes_amount", 0);
    BigDecimal fee = Json.money(amount.multiply(FEE_SHARE).setScale(2, RoundingMode.HALF_UP));
    json.putArray("fee_details")
        .addObject()
        .put("type", "mercadopago_fee")
        .put("amount", fee)
        .put("fee_payer", "collector");
    json.putObject("transaction_details")
        .put("net_received_amount", Json.money(amount.subtract(fee)))
        .put("total_paid_amount", amount)
        .put("installment_amount", amount)
        .put("overpaid_amount", 0);
  }

  private static ObjectNode payer(SandboxPayment payment) {
    boolean shown = PaymentOutcome.of(payment.status()).filter(WITH_EMAIL::contains).isPresent();
    ObjectNode payer = Json.object();
    payer.put("id", Long.toString(payment.terms().shownPayerId()));
    payer.put("email", shown ? payment.terms().payerEmail() : null);
    payer.putNull("type");
    payer.putNull("first_name");
    payer.putNull("last_name");
    return payer;
  }

  /** A string here, a number in the merchant order itself: both are seen of MercadoPago. */
  private static ObjectNode order(SandboxPayment payment) {
    ObjectNode order = Json.object();
    if (payment.orderId() != 0) {
      order.put("id", Long.toString(payment.orderId()));
      order.put("type", "mercadopago");
    }
    return order;
  }

  private static ArrayNode refunds(SandboxPayment payment) {
    ArrayNode refunds = Json.array();
    for (SandboxPayment.Refund refund : payment.state().refunds()) {
      refunds
          .addObject()
          .put("id", refund.id())
          .put("payment_id", payment.id())
          .put("amount", Json.money(refund.amount()))
          .put("status", "approved")
          .put("date_created", MercadoPagoDates.write(refund.created()))
          .put("refund_mode", "standard")
          .putNull("reason");
    }
    return refunds;
  }
}
