package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;

/** A merchant order as {@code GET /merchant_orders/{id}} answers it. */
final class OrderJson {
  private OrderJson() {}

  static ObjectNode of(SandboxOrder order, SandboxSeller seller) {
    ObjectNode json = Json.object();
    json.put("id", order.id());
    json.put("status", order.status());
    json.put("order_status", order.orderStatus());
    json.put("external_reference", order.externalReference());
    json.put("preference_id", order.preferenceId());
    json.set("payments", payments(order));
    json.putArray("shipments");
    json.putArray("payouts");
    json.putArray("items");
    json.put("total_amount", Json.money(order.total()));
    json.put("paid_amount", Json.money(order.paid()));
    json.put("refunded_amount", Json.money(order.refunded()));
    json.put("shipping_cost", 0);
    // deprecated there: always empty
    json.putObject("payer").put("id", payerId(order)).put("email", "");
    json.putObject("collector").put("id", seller.userId()).put("email", "");
    json.put("site_id", seller.site().name());
    json.put("marketplace", "NONE");
    json.put("cancelled", false);
    json.put("date_created", MercadoPagoDates.write(order.created()));
    json.put("last_updated", MercadoPagoDates.write(order.lastUpdated()));
    return json;
  }

  private static long payerId(SandboxOrder order) {
    return order.payments().get(order.payments().size() - 1).terms().shownPayerId();
  }

  private static ArrayNode payments(SandboxOrder order) {
    ArrayNode payments = Json.array();
    for (SandboxPayment payment : order.payments()) {
      payments
          .addObject()
          .put("id", payment.id())
          .put("transaction_amount", Json.money(payment.terms().amount()))
          .put("total_paid_amount", Json.money(payment.terms().amount()))
          .put("shipping_cost", 0)
          .put("currency_id", payment.terms().currency())
          .put("status", payment.status())
          .put("status_detail", payment.state().statusDetail())
          .put("operation_type", "regular_payment")
          .put("date_created", MercadoPagoDates.write(payment.state().created()))
          .put("date_approved", MercadoPagoDates.write(payment.state().approved()))
          .put("last_modified", MercadoPagoDates.write(payment.state().lastUpdated()))
          .put("amount_refunded", Json.money(payment.refunded()));
    }
    return payments;
  }
}
