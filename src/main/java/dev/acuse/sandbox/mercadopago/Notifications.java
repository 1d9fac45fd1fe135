package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Builds notifications of every kind that MercadoPago sends, as it sends them (its pages Webhooks,
 * IPN and Additional information about notifications; and captures of real ones). Thread-safe.
 */
public final class Notifications {
  /** What MercadoPago's panel sends for a resource if nobody types another id. */
  public static final String SIMULATED_ID = "123456";

  /** Ids of these notifications have 17 digits, more than a JavaScript number holds. */
  private static final long SUBSCRIPTION_IDS = 39_000_000_000_000_000L;

  private static final String ORDER_TOPIC = "topic_merchant_order_wh";

  private final NotificationOrigin origin;

  /**
   * @param secret of the application, as text, as MercadoPago's panel shows it
   * @param collectorId the account that is paid; {@code user_id} in the body
   */
  public Notifications(String secret, long collectorId, InstantSource clock) {
    this(of(new SandboxApplication(SandboxApplication.FIRST, secret), collectorId, clock));
  }

  Notifications(NotificationOrigin origin) {
    this.origin = origin;
  }

  private static NotificationOrigin of(
      SandboxApplication application, long collectorId, InstantSource clock) {
    return new NotificationOrigin(
        () -> application, collectorId, () -> Site.MLA, clock, new AtomicLong(clock.millis() / 10));
  }

  /** Those about orders of the Orders API. */
  public OrderNotifications orders() {
    return new OrderNotifications(origin);
  }

  /** Those about chargebacks, claims and suspected fraud. */
  public DisputeNotifications disputes() {
    return new DisputeNotifications(origin);
  }

  /** Those about anything else than money. */
  public OtherNotifications others() {
    return new OtherNotifications(origin);
  }

  /** A webhook about a new payment. */
  public Notification paymentCreated(String paymentId) {
    return webhook("payment", paymentId, "payment.created");
  }

  /** A webhook about a payment that changed. */
  public Notification paymentUpdated(String paymentId) {
    return webhook("payment", paymentId, "payment.updated");
  }

  /** What the panel's "Simulate" sends: signed like a genuine one, about a payment nobody has. */
  public Notification simulated() {
    return webhook("payment", SIMULATED_ID, "test.created");
  }

  /**
   * What the panel's "Simulate" sends of any topic: signed like a genuine one, about the id that
   * nobody types another for.
   */
  public Notification simulated(String topic) {
    return switch (topic) {
      case "payment" -> simulated();
      case "order" -> orders().simulated(SIMULATED_ID);
      case ORDER_TOPIC -> merchantOrder(SIMULATED_ID, "opened");
      case "merchant_order" -> ipnMerchantOrder(SIMULATED_ID);
      case "stop_delivery_op_wh" -> webhook(topic, SIMULATED_ID, "Created");
      default -> webhook(topic, SIMULATED_ID, topic + ".updated");
    };
  }

  /**
   * A webhook of any topic in the common form: {@code type} and {@code data.id} in the query, an
   * {@code id} of its own in the body.
   */
  public Notification webhook(String type, String dataId, String action) {
    return origin.common(type, dataId, action);
  }

  /**
   * A webhook about a subscription. Its body names the application by a number and no seller, and
   * has a version of the resource.
   *
   * @param type {@code subscription_preapproval}, for one
   * @param entity what {@code dataId} is the id of: {@code preapproval}, for one
   */
  public Notification subscription(
      String type, String entity, String dataId, String action, int version) {
    ObjectNode body = Json.object();
    body.put("action", action);
    body.put("application_id", Long.parseLong(origin.application().get().id()));
    body.putObject("data").put("id", dataId);
    body.put("date", origin.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
    body.put("entity", entity);
    body.put("id", SUBSCRIPTION_IDS + origin.nextId());
    body.put("type", type);
    body.put("version", version);
    return origin.signed(NotificationOrigin.query(dataId, type), type, body);
  }

  /**
   * A webhook about a merchant order. Its body's {@code id} is the order, not the notification, and
   * {@code data} has none.
   *
   * @param status of the order; {@code opened} for a new one
   */
  public Notification merchantOrder(String orderId, String status) {
    ObjectNode body = Json.object();
    body.put("action", status.equals("opened") ? "create" : "update");
    body.put("application_id", origin.application().get().id());
    body.putObject("data").put("currency_id", "").put("marketplace", "NONE").put("status", status);
    body.put("date_created", MercadoPagoDates.write(origin.clock().instant()));
    body.put("id", orderId);
    body.put("live_mode", false);
    body.put("status", status);
    body.put("type", ORDER_TOPIC);
    body.put("user_id", userId());
    body.put("version", 1);
    return origin.signed(NotificationOrigin.query(orderId, ORDER_TOPIC), ORDER_TOPIC, body);
  }

  /**
   * A fraud alert: no {@code data.id}, neither in the query nor in the body, which names its
   * payment and order by numbers. MercadoPago does not repeat it.
   */
  public Notification fraudAlert(long paymentId, long orderId) {
    ObjectNode body = Json.object();
    body.put("action", "Created");
    body.put("api_version", "v1");
    body.putObject("data")
        .put("description", "d")
        .put("merchant_order", orderId)
        .put("payment_id", paymentId)
        .put("site_id", origin.site().get().name());
    body.put("date_created", MercadoPagoDates.write(origin.clock().instant()));
    body.put("id", Long.toString(paymentId));
    body.put("live_mode", true);
    body.put("type", "stop_delivery_op_wh");
    body.put("user_id", origin.userId());
    body.put("version", 1);
    return origin.signed("type=stop_delivery_op_wh", "stop_delivery_op_wh", body);
  }

  /** The older channel about a payment: {@code resource} is the bare id. */
  public Notification ipnPayment(String paymentId) {
    return origin.ipn(
        "topic=payment&id=" + NotificationOrigin.encode(paymentId), "payment", paymentId);
  }

  /** The older channel about a merchant order: {@code resource} is a URL that nobody must fetch. */
  public Notification ipnMerchantOrder(String orderId) {
    return origin.ipn(
        "id=" + NotificationOrigin.encode(orderId) + "&topic=merchant_order",
        "merchant_order",
        "https://api.mercadolibre.com/merchant_orders/" + orderId);
  }

  /**
   * The same notification as MercadoPago repeats it when it was not answered with 200: with another
   * {@code x-request-id}, time and signature, and another {@code id} in the body where that is the
   * notification's own.
   */
  public Notification resign(Notification notification) {
    ObjectNode body = Json.readObject(notification.body());
    // A number is the notification's own id; a string is that of an order or a payment.
    boolean ownId = body != null && body.path("id").isNumber();
    Notification repeated =
        body != null && ownId
            ? notification.withBody(Json.bytes(body.put("id", origin.nextId())))
            : notification;
    return origin.resigned(repeated);
  }

  private String userId() {
    return Long.toString(origin.userId());
  }

  /** With this request id (null for none) and time in place of its own. */
  static Notification signedAt(
      Notification notification, String secret, @Nullable String requestId, long timestamp) {
    return NotificationOrigin.signedAt(notification, secret, requestId, timestamp);
  }
}
