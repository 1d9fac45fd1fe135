package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.util.UUID;

/**
 * Builds notifications that tell of no payment (MercadoPago's pages Optional notifications and
 * Additional information about notifications; captures of real ones). Thread-safe.
 */
public final class OtherNotifications {
  private static final String LINK = "mp-connect";

  private final NotificationOrigin origin;

  OtherNotifications(NotificationOrigin origin) {
    this.origin = origin;
  }

  /** The seller has let the application act for it. */
  public Notification sellerLinked() {
    return link("application.authorized");
  }

  /** The seller no longer lets the application act for it. */
  public Notification sellerUnlinked() {
    return link("application.deauthorized");
  }

  private Notification link(String action) {
    String seller = Long.toString(origin.userId());
    ObjectNode body = Json.object();
    body.put("action", action);
    body.put("api_version", "v1");
    body.putObject("data").put("id", seller);
    body.put("date_created", origin.clock().instant().toString());
    body.put("id", origin.nextId());
    body.put("live_mode", true);
    body.put("type", LINK);
    body.put("user_id", origin.userId());
    return origin.signed(NotificationOrigin.query(seller, LINK), LINK, body);
  }

  /** A customer's card was replaced: no {@code data.id}, and two names of one topic. */
  public Notification cardUpdated() {
    ObjectNode body = Json.object();
    body.put("action", "card.updated");
    body.put("api_version", "v1");
    body.put("application_id", Long.parseLong(origin.application().get().id()));
    body.putObject("data")
        .put("customer_id", "448800001-aBcDeFgHiJkLmN")
        .put("new_card_id", 1_700_000_000_002L)
        .put("old_card_id", 1_700_000_000_001L);
    body.put("date_created", origin.clock().instant().toString());
    body.put("id", UUID.randomUUID().toString().replace("-", ""));
    body.put("live_mode", true);
    body.put("type", "automatic-payments");
    body.put("user_id", Long.toString(origin.userId()));
    return origin.signed("type=topic_card_id_wh", "topic_card_id_wh", body);
  }

  /** A parcel moved. Its body has names of its own, and it wants its answer within 500 ms. */
  public Notification delivery(String shipmentId) {
    String now = origin.clock().instant().toString();
    ObjectNode body = Json.object();
    body.put("_id", UUID.randomUUID().toString());
    body.put("topic", "delivery");
    body.put("resource", "/shipments/" + shipmentId);
    body.put("user_id", origin.userId());
    body.put("application_id", Long.parseLong(origin.application().get().id()));
    body.put("attempts", 1);
    body.put("sent", now);
    body.put("received", now);
    return origin.signed("topic=delivery", "delivery", body);
  }

  /** A buyer has linked its wallet with a large seller. */
  public Notification walletConnect(String agreementId) {
    return origin.common("wallet_connect", agreementId, "status.updated");
  }

  /** A device of the time before orders has taken a payment, or not. */
  public Notification point(String intentId) {
    return origin.common("point_integration_wh", intentId, "state_FINISHED");
  }

  /** Any topic in the common form, also one that MercadoPago does not have. */
  public Notification invented(String topic, String dataId) {
    return origin.common(topic, dataId, topic + ".updated");
  }

  /** The same notification without a signature. */
  public static Notification unsigned(Notification notification) {
    return notification.withHeader("x-signature", null);
  }
}
