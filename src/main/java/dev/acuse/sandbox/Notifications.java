package dev.acuse.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes notifications as MercadoPago does: each call is a delivery of its own, with a new request
 * id, a new notification id and a new signature. Thread-safe.
 */
public final class Notifications {
  private static final AtomicLong NEXT_ID = new AtomicLong(127_550_000_001L);

  private final String secret;
  private final InstantSource clock;

  /**
   * Notifications signed with a secret.
   *
   * @param secret the panel's secret signature
   */
  public Notifications(String secret, InstantSource clock) {
    this.secret = secret;
    this.clock = clock;
  }

  /** The webhook of a payment; {@code action} is {@code payment.created} or {@code …updated}. */
  public Notification payment(String paymentId, String action) {
    return webhook(
        "payment",
        paymentId,
        """
        {"id": %d, "live_mode": true, "type": "payment", "date_created": "%s", "user_id": "44444", \
        "api_version": "v1", "action": "%s", "data": {"id": "%s"}}"""
            .formatted(NEXT_ID.getAndIncrement(), clock.instant(), action, paymentId));
  }

  /** The webhook of a merchant order: its id is the body's own, and {@code data} has none. */
  public Notification merchantOrder(String orderId, String action, String status) {
    return webhook(
        "topic_merchant_order_wh",
        orderId,
        """
        {"action": "%s", "application_id": "7910000000000001", "data": {"currency_id": "", \
        "marketplace": "NONE", "status": "%s"}, "date_created": "%s", "id": "%s", \
        "live_mode": false, "status": "%s", "type": "topic_merchant_order_wh", \
        "user_id": 2010000001, "version": 1}"""
            .formatted(action, status, clock.instant(), orderId, status));
  }

  /** A webhook of any topic. */
  public Notification topic(String type, String id) {
    return webhook(
        type,
        id,
        "{\"id\": \"%d\", \"type\": \"%s\", \"action\": \"updated\", \"data\": {\"id\": \"%s\"}}"
            .formatted(NEXT_ID.getAndIncrement(), type, id));
  }

  /** What the panel's "Simulate" button sends. */
  public Notification simulated() {
    return payment("123456", "test.created");
  }

  /** A fraud alert: its payment is a number in the body, and the query names no resource. */
  public Notification fraudAlert(String paymentId) {
    return signed(
        "type=stop_delivery_op_wh",
        null,
        """
        {"action": "Created", "api_version": "v1", "data": {"description": "d", \
        "merchant_order": 249900000001, "payment_id": %s, "site_id": "MLA"}, \
        "date_created": "%s", "id": "%s", "live_mode": true, "type": "stop_delivery_op_wh", \
        "user_id": 224400001, "version": 1}"""
            .formatted(paymentId, clock.instant(), paymentId),
        "MercadoPago WebHook v1.0 stop_delivery_op_wh");
  }

  /** The legacy IPN of a payment: {@code resource} is the bare id. */
  public Notification ipnPayment(String paymentId) {
    return ipn("payment", paymentId, paymentId);
  }

  /** The legacy IPN of a merchant order: {@code resource} is a URL. */
  public Notification ipnMerchantOrder(String orderId) {
    return ipn(
        "merchant_order", orderId, "https://api.mercadolibre.com/merchant_orders/" + orderId);
  }

  private Notification webhook(String type, String id, String body) {
    return signed("data.id=" + id + "&type=" + type, id, body, "MercadoPago WebHook v1.0 " + type);
  }

  private Notification signed(
      String query, @Nullable String dataId, String body, String userAgent) {
    String requestId = UUID.randomUUID().toString();
    Instant now = clock.instant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", userAgent);
    headers.put("x-request-id", requestId);
    headers.put("x-signature", signature(secret, dataId, requestId, now.getEpochSecond()));
    return new Notification(query, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** IPN has the header as well, made with a key that nobody outside MercadoPago has. */
  private Notification ipn(String topic, String id, String resource) {
    String requestId = UUID.randomUUID().toString();
    String foreignKey = UUID.randomUUID().toString();
    return new Notification(
        "id=" + id + "&topic=" + topic,
        "{\"resource\": \"%s\", \"topic\": \"%s\"}"
            .formatted(resource, topic)
            .getBytes(StandardCharsets.UTF_8),
        Map.of(
            "Content-Type",
            "application/json",
            "User-Agent",
            "MercadoPago Feed v2.0 " + topic,
            "x-request-id",
            requestId,
            "x-signature",
            signature(foreignKey, id, requestId, clock.instant().getEpochSecond())));
  }

  /** The header {@code x-signature} (MercadoPago, Webhooks page: manifest and HMAC-SHA256). */
  static String signature(String secret, @Nullable String dataId, String requestId, long ts) {
    String manifest =
        (dataId == null ? "" : "id:" + dataId + ";")
            + "request-id:"
            + requestId
            + ";ts:"
            + ts
            + ";";
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] digest = mac.doFinal(manifest.getBytes(StandardCharsets.UTF_8));
      return "ts=" + ts + ",v1=" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
