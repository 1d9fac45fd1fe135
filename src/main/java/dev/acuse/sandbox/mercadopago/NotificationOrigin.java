package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all notifications to one seller share: the seller, its application, whose secret signs, and
 * MercadoPago's series of notification ids. Thread-safe.
 *
 * @param application of the moment, whose secret of the moment signs
 * @param userId the seller that is notified: who is paid, or who paid
 * @param lastId shared by all sellers, because ids are of the whole MercadoPago
 */
record NotificationOrigin(
    Supplier<SandboxApplication> application,
    long userId,
    Supplier<Site> site,
    InstantSource clock,
    AtomicLong lastId) {

  long nextId() {
    return lastId.incrementAndGet();
  }

  /** A webhook, signed over its query's {@code data.id} as that is written. */
  Notification signed(String query, String topic, ObjectNode body) {
    return sign(webhook(query, topic, body), application.get().secret());
  }

  /** A webhook, signed over its query's {@code data.id} in lower case. */
  Notification signedLowered(String query, String topic, ObjectNode body) {
    return sign(webhook(query, topic, body).withLoweredId(true), application.get().secret());
  }

  /** A webhook in the form that most topics have: with an {@code id} of its own in the body. */
  Notification common(String type, String dataId, String action) {
    ObjectNode body = Json.object();
    body.put("id", nextId());
    body.put("live_mode", true);
    body.put("type", type);
    body.put("date_created", clock.instant().toString());
    body.put("user_id", Long.toString(userId));
    body.put("api_version", "v1");
    body.put("action", action);
    body.putObject("data").put("id", dataId);
    return signed(query(dataId, type), type, body);
  }

  /** An IPN: it carries a signature, but made with a key that no receiver can know. */
  Notification ipn(String query, String topic, String resource) {
    ObjectNode body = Json.object();
    body.put("resource", resource);
    body.put("topic", topic);
    return sign(
        new Notification(query, headers("Feed v2.0 " + topic), Json.bytes(body)), unknownSecret());
  }

  /** The same with another {@code x-request-id}, time and signature. */
  Notification resigned(Notification notification) {
    return sign(notification, isIpn(notification) ? unknownSecret() : application.get().secret());
  }

  private Notification sign(Notification notification, String key) {
    String requestId = UUID.randomUUID().toString();
    return signedAt(notification, key, requestId, clock.instant().getEpochSecond());
  }

  /** With this request id (null for none) and time in place of its own. */
  static Notification signedAt(
      Notification notification, String secret, @Nullable String requestId, long timestamp) {
    String id = notification.signedId();
    return notification
        .withHeader("x-request-id", requestId)
        .withHeader("x-signature", NotificationSigner.sign(secret, id, requestId, timestamp));
  }

  private static Notification webhook(String query, String topic, ObjectNode body) {
    return new Notification(query, headers("WebHook v1.0 " + topic), Json.bytes(body));
  }

  private static String unknownSecret() {
    return UUID.randomUUID().toString();
  }

  private static boolean isIpn(Notification notification) {
    String agent = notification.header("user-agent");
    return agent != null && agent.startsWith("MercadoPago Feed");
  }

  private static Map<String, String> headers(String agent) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("accept", "application/json");
    headers.put("content-type", "application/json");
    headers.put("user-agent", "MercadoPago " + agent);
    return headers;
  }

  /** The query of a webhook that names a resource. */
  static String query(String dataId, String type) {
    return "data.id=" + encode(dataId) + "&type=" + encode(type);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
