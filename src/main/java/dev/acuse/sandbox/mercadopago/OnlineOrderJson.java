package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * An order as {@code GET /v1/orders/{id}} answers it: amounts are texts, dates have other names
 * than a payment's, and nothing in it names the payer.
 */
final class OnlineOrderJson {
  private static final DateTimeFormatter MILLIS = date("SSS");
  private static final DateTimeFormatter NANOS = date("SSSSSSSSS");

  private OnlineOrderJson() {}

  static ObjectNode of(SandboxOnlineOrder order, SandboxSeller seller) {
    ObjectNode json = Json.object();
    json.put("id", order.id());
    json.put("type", order.terms().type());
    json.put("processing_mode", "automatic");
    json.put("external_reference", order.terms().externalReference());
    json.put("total_amount", amount(order, order.terms().total()));
    json.put("total_paid_amount", amount(order, order.paid()));
    if (!order.has(OrderTrait.WITHOUT_CURRENCY)) {
      json.put("currency", order.terms().currency());
    }
    json.put("country_code", seller.site().country());
    json.put("user_id", Long.toString(seller.userId()));
    json.put("status", order.status());
    json.put("status_detail", order.standing().detail());
    json.put("created_date", MILLIS.format(order.created()));
    json.put("last_updated_date", nanos(order.lastUpdated()));
    json.putObject("integration_data").put("application_id", seller.application().id());
    json.putObject("payer").put("entity_type", "individual");
    if (!order.has(OrderTrait.WITHOUT_TRANSACTIONS)) {
      json.set("transactions", transactions(order));
    }
    return json;
  }

  private static ObjectNode transactions(SandboxOnlineOrder order) {
    ObjectNode transactions = Json.object();
    ArrayNode payments = transactions.putArray("payments");
    ArrayNode refunds = Json.array();
    for (SandboxOnlineOrder.Payment payment : order.payments()) {
      payments.add(payment(order, payment));
      for (SandboxPayment.Refund refund : payment.payment().state().refunds()) {
        refunds
            .addObject()
            .put("id", "REF01%024d".formatted(refund.id()))
            .put("transaction_id", payment.id())
            .put("amount", amount(order, refund.amount()))
            .put("status", "processed");
      }
    }
    if (!refunds.isEmpty()) {
      transactions.set("refunds", refunds);
    }
    if (!order.chargebacks().isEmpty()) {
      transactions.set("chargebacks", chargebacks(order));
    }
    return transactions;
  }

  private static ObjectNode payment(SandboxOnlineOrder order, SandboxOnlineOrder.Payment payment) {
    BigDecimal refunded = payment.payment().refunded();
    ObjectNode json = Json.object();
    json.put("id", payment.id());
    json.put("amount", amount(order, payment.payment().terms().amount()));
    json.put("paid_amount", amount(order, payment.paid()));
    if (refunded.signum() > 0) {
      json.put("refunded_amount", amount(order, refunded));
    }
    json.put("reference_id", payment.referenceId());
    json.put("status", payment.standing().status());
    json.put("status_detail", payment.standing().detail());
    json.putObject("payment_method")
        .put("id", "visa")
        .put("type", "credit_card")
        .put("installments", 1);
    return json;
  }

  /** The same in an answer and in a webhook. */
  static ArrayNode chargebacks(SandboxOnlineOrder order) {
    ArrayNode chargebacks = Json.array();
    for (SandboxOnlineOrder.Chargeback chargeback : order.chargebacks()) {
      chargebacks
          .addObject()
          .put("id", chargeback.id())
          .put("transaction_id", chargeback.transactionId())
          .put("case_id", chargeback.caseId())
          .put("status", chargeback.status())
          .put("amount", amount(order, chargeback.amount()));
    }
    return chargebacks;
  }

  /** A decimal text with two decimals, or as many as it has, or three where the order has them. */
  static String amount(SandboxOnlineOrder order, BigDecimal amount) {
    int least = order.has(OrderTrait.THREE_DECIMALS) ? 3 : 2;
    BigDecimal plain = amount.stripTrailingZeros();
    return plain.setScale(Math.max(least, plain.scale()), RoundingMode.UNNECESSARY).toPlainString();
  }

  /** With nine decimals. */
  static String nanos(Instant instant) {
    return NANOS.format(instant);
  }

  private static DateTimeFormatter date(String decimals) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss." + decimals + "'Z'", Locale.ROOT)
        .withZone(ZoneOffset.UTC);
  }
}
