package dev.acuse.it.intake;

import dev.acuse.event.SignatureState;
import dev.acuse.mercadopago.Signer;
import dev.acuse.sandbox.mercadopago.Notification;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A notification as MercadoPago sends it, written out by hand after its documents and what others
 * have seen of it, and what it must be stored as.
 *
 * @param query percent-encoded
 * @param signed the id that the manifest has; empty for one that covers no id, null for no
 *     signature
 * @param type as it is stored
 * @param resourceId as it is stored: a text, to the last digit
 * @param state as it is stored
 */
record TopicShape(
    String query,
    String body,
    @Nullable String signed,
    String type,
    String resourceId,
    SignatureState state) {
  static final String ORDER = "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3";
  static final String HEX = "0123456789abcdef0123456789abcdef";

  /** More than 2^53, so that a number of JavaScript's would be another. */
  static final String CASE = "217000060000000001";

  private static final String ORDER_BODY =
      """
      {"action": "order.processed", "api_version": "v1", "application_id": "7910000000000001",
       "date_created": "2026-09-01T12:00:01.123456789Z", "live_mode": false, "type": "order",
       "user_id": "44444", "data": {"id": "%s", "external_reference": "co_7f3a",
         "status": "processed", "status_detail": "accredited", "total_amount": "1500.000",
         "total_paid_amount": "1500.000", "type": "online", "version": 3, "cash_outs": [],
         "transactions": {"payments": [{"id": "PAY01K0000000000000000000002",
           "status": "processed", "paid_amount": "1500.000",
           "reference": {"id": "115000000001"}}]}}}\
      """
          .formatted(ORDER);

  private static final String SUBSCRIPTION_BODY =
      """
      {"action": "updated", "application_id": 7910000000000001, "data": {"id": "%s"},
       "date": "2026-10-01T15:02:11Z", "entity": "%s", "id": 39300000000000776, "type": "%s",
       "version": 9}\
      """;

  private static final String CHARGEBACK_BODY =
      """
      {"actions": ["changed_case_status"], "api_version": "v1", "application_id": 7910000000000001,
       "data": {"checkout": "PRO", "date_updated": "0001-01-01T00:00:00Z", "id": %s,
         "payment_id": 138400000001, "product_id": "X", "site_id": "MLA",
         "transaction_intent_id": ""},
       "date_created": "2026-03-02T22:03:24-04:00", "id": 114500000001, "live_mode": true,
       "type": "topic_chargebacks_wh", "user_id": 44444, "version": 1720000000}\
      """
          .formatted(CASE);

  private static final String CLAIM_BODY =
      """
      {"action": "updated", "api_version": "v1", "application_id": "7910000000000001",
       "data": {"id": 5200000001, "resource": "/v1/claims/5200000001"}, "live_mode": true,
       "id": "0b5c2f10-6a53-4b6e-8a0e-3d1f5f0a7c11", "type": "claim", "user_id": 44444}\
      """;

  private static final String FRAUD_BODY =
      """
      {"action": "Created", "data": {"merchant_order": 249900000001, "payment_id": 58900000001},
       "id": "%s", "type": "stop_delivery_op_wh", "user_id": 44444}\
      """;

  /** Every topic of MercadoPago's, in each shape. */
  static Stream<TopicShape> all() {
    return Stream.of(payments(), orders(), disputes(), subscriptions(), others())
        .flatMap(List::stream);
  }

  private static List<TopicShape> payments() {
    return List.of(
        signed(
            "payment",
            "138400000001",
            "{\"id\":127550000001,\"type\":\"payment\",\"data\":{\"id\":\"138400000001\"}}"),
        signed("payment", "138400000001", "{\"type\":\"payment\",\"data\":{\"id\":138400000001}}"),
        hint("topic=payment&id=138400000001", "", "payment", "138400000001"),
        hint(
            "id=138400000001&topic=payment",
            "{\"resource\":\"138400000001\",\"topic\":\"payment\"}",
            "payment",
            "138400000001"),
        hint(
            "a=b",
            "{\"resource\":\"https://api.mercadolibre.com/collections/notifications/138400000001\","
                + "\"topic\":\"payment\"}",
            "payment",
            "138400000001"),
        signed(
            "topic_merchant_order_wh",
            "41700000001",
            "{\"action\":\"update\",\"application_id\":\"7910000000000001\",\"data\":{\"status\":"
                + "\"closed\"},\"id\":\"41700000001\",\"live_mode\":false,\"type\":"
                + "\"topic_merchant_order_wh\",\"user_id\":2010000001}"),
        hint(
            "id=41700000001&topic=merchant_order",
            "{\"resource\":\"https://api.mercadolibre.com/merchant_orders/41700000001\","
                + "\"topic\":\"merchant_order\"}",
            "merchant_order",
            "41700000001"));
  }

  private static List<TopicShape> orders() {
    String query = "data.id=" + ORDER + "&type=order";
    String lower = ORDER.toLowerCase(Locale.ROOT);
    return List.of(
        verified(query, ORDER_BODY, ORDER, "order", ORDER),
        verified(query, ORDER_BODY, lower, "order", ORDER),
        verified(query + "&data.external_reference=co_7f3a", ORDER_BODY, lower, "order", ORDER),
        verified("data.id=" + ORDER + "&type=orders", ORDER_BODY, lower, "orders", ORDER),
        verified(query, "{\"data\":{\"id\":\"" + ORDER + "\"}}", lower, "order", ORDER),
        verified(query, "", lower, "order", ORDER),
        verified("data.id=" + lower + "&type=order", ORDER_BODY, lower, "order", ORDER),
        signed("order", "ORDTST01JQ4S4KY8HWQ6NA5PXB65B3D3", "{\"type\":\"order\"}"),
        signed("order", "01JQ4S4KY8HWQ6NA5PXB65B3D3", "{\"type\":\"order\"}"),
        signed("order", "some-new-form_1", "{\"type\":\"order\"}"),
        new TopicShape("type=order", ORDER_BODY, "", "order", ORDER, SignatureState.UNVERIFIABLE));
  }

  private static List<TopicShape> disputes() {
    String claim = "5200000001";
    return List.of(
        signed("topic_chargebacks_wh", CASE, CHARGEBACK_BODY),
        signed("topic_chargebacks_wh", CASE, CHARGEBACK_BODY.replace(CASE, "\"" + CASE + "\"")),
        signed("topic_chargebacks_wh", CASE, CHARGEBACK_BODY.replace(CASE, "[" + CASE + "]")),
        new TopicShape(
            "type=topic_chargebacks_wh",
            CHARGEBACK_BODY,
            "",
            "topic_chargebacks_wh",
            CASE,
            SignatureState.UNVERIFIABLE),
        signed("topic_chargebacks_wh", CASE, ORDER_BODY.replace("processed", "charged_back")),
        signed("order", ORDER, ORDER_BODY.replace("processed", "charged_back")),
        hint("topic=chargebacks&id=" + CASE, "", "chargebacks", CASE),
        signed("claim", claim, CLAIM_BODY),
        signed("topic_claims_integration_wh", claim, CLAIM_BODY),
        signed(
            "topic_claims_integration_wh",
            claim,
            CLAIM_BODY.replace("\"user_id\": 44444", "\"x\": 0")),
        signed("stop_delivery_op_wh", "58900000001", FRAUD_BODY.formatted("58900000001")),
        new TopicShape(
            "data.id=99900000001&type=stop_delivery_op_wh",
            FRAUD_BODY.formatted("99900000001"),
            "99900000001",
            "stop_delivery_op_wh",
            "58900000001",
            SignatureState.UNVERIFIABLE),
        new TopicShape(
            "data.id=123456&type=stop_delivery_op_wh",
            FRAUD_BODY.formatted("123456"),
            "123456",
            "stop_delivery_op_wh",
            "58900000001",
            SignatureState.UNVERIFIABLE),
        hint(
            "topic=delivery_cancellation&id=58900000001",
            "",
            "delivery_cancellation",
            "58900000001"));
  }

  private static List<TopicShape> subscriptions() {
    return List.of(
        signed(
            "subscription_preapproval",
            HEX,
            SUBSCRIPTION_BODY.formatted(HEX, "preapproval", "subscription_preapproval")),
        signed(
            "subscription_authorized_payment",
            "7000000001",
            SUBSCRIPTION_BODY.formatted(
                "7000000001", "authorized_payment", "subscription_authorized_payment")),
        signed(
            "subscription_preapproval_plan",
            HEX,
            SUBSCRIPTION_BODY.formatted(HEX, "preapproval_plan", "subscription_preapproval_plan")));
  }

  private static List<TopicShape> others() {
    return List.of(
        signed(
            "mp-connect",
            "44444",
            "{\"action\":\"application.deauthorized\",\"data\":{\"id\":\"44444\"},\"id\":"
                + "100000000000,\"live_mode\":true,\"type\":\"mp-connect\",\"user_id\":44444}"),
        new TopicShape(
            "type=topic_card_id_wh",
            "{\"action\":\"card.updated\",\"data\":{\"customer_id\":\"1\",\"new_card_id\":2},"
                + "\"id\":\"6f0c2a9be1\",\"type\":\"automatic-payments\"}",
            "",
            "topic_card_id_wh",
            "6f0c2a9be1",
            SignatureState.UNVERIFIABLE),
        signed("automatic-payments", "6f0c2a9be1", "{\"type\":\"automatic-payments\"}"),
        signed("point_integration_wh", "0b5c2f10-6a53-4b6e", "{\"action\":\"state_FINISHED\"}"),
        signed("wallet_connect", "w1", "{\"type\":\"wallet_connect\",\"data\":{\"id\":\"w1\"}}"),
        signed("delivery", "77", "{\"_id\":\"77\",\"topic\":\"delivery\",\"attempts\":1}"),
        signed("brand_new_topic", "9", "{\"type\":\"brand_new_topic\",\"data\":{\"id\":9}}"),
        hint("topic=brand_new_topic&id=9", "", "unknown", "9"));
  }

  static TopicShape signed(String type, String id, String body) {
    return verified("data.id=" + id + "&type=" + type, body, id, type, id);
  }

  private static TopicShape verified(
      String query, String body, String signed, String type, String resourceId) {
    return new TopicShape(query, body, signed, type, resourceId, SignatureState.VERIFIED);
  }

  private static TopicShape hint(String query, String body, String type, String resourceId) {
    return new TopicShape(query, body, null, type, resourceId, SignatureState.UNVERIFIABLE);
  }

  /** As it is sent now, with a request id of its own. */
  Notification notification(String secret, String ts) {
    String requestId = UUID.randomUUID().toString();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("x-request-id", requestId);
    if (signed != null) {
      String id = signed.isEmpty() ? "" : "id:" + signed + ";";
      headers.put(
          "x-signature",
          Signer.header(secret, ts, id + "request-id:" + requestId + ";ts:" + ts + ";"));
    }
    return new Notification(query, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return query + ", " + state.code();
  }
}
