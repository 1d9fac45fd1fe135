package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds notifications about chargebacks, claims and suspected fraud in every shape that sources
 * show (MercadoPago's pages Chargebacks, Optional notifications and Additional information about
 * notifications). Thread-safe.
 */
public final class DisputeNotifications {
  static final String CHARGEBACKS = "topic_chargebacks_wh";

  private static final String CLAIMS = "claim";
  private static final String FRAUD = "stop_delivery_op_wh";

  private final NotificationOrigin origin;

  DisputeNotifications(NotificationOrigin origin) {
    this.origin = origin;
  }

  /**
   * A chargeback was opened or has changed: numbers beyond 2^53, a list of actions, a date of the
   * year 1.
   *
   * @param caseId of the chargeback, digits
   * @param paymentId null to leave it out
   */
  public Notification chargeback(String caseId, @Nullable Long paymentId) {
    ObjectNode body = Json.object();
    body.putArray("actions").add("changed_case_status");
    body.put("api_version", "v1");
    body.put("application_id", applicationId());
    ObjectNode data = body.putObject("data");
    data.put("checkout", "PRO");
    data.put("date_updated", "0001-01-01T00:00:00Z");
    data.put("id", Long.parseLong(caseId));
    if (paymentId != null) {
      data.put("payment_id", paymentId);
    }
    data.put("product_id", "X");
    data.put("site_id", origin.site().get().name());
    data.put("transaction_intent_id", "");
    body.put("date_created", MercadoPagoDates.write(origin.clock().instant()));
    body.put("id", origin.nextId());
    body.put("live_mode", true);
    body.put("type", CHARGEBACKS);
    body.put("user_id", origin.userId());
    body.put("version", origin.clock().instant().getEpochSecond());
    return origin.signed(NotificationOrigin.query(caseId, CHARGEBACKS), CHARGEBACKS, body);
  }

  /** The older channel about a chargeback, which can't be verified. */
  public Notification ipnChargeback(String caseId) {
    return origin.ipn(
        "topic=chargebacks&id=" + NotificationOrigin.encode(caseId), "chargebacks", caseId);
  }

  /** A claim was opened or has changed. The body's path is of an API that is gone. */
  public Notification claim(long claimId) {
    return claim(claimId, CLAIMS);
  }

  /** The same by the name that is ticked in MercadoPago's panel. */
  public Notification claimByPanelName(long claimId) {
    return claim(claimId, "topic_claims_integration_wh");
  }

  private Notification claim(long claimId, String type) {
    ObjectNode body = Json.object();
    body.put("action", "updated");
    body.put("api_version", "v1");
    body.put("application_id", applicationId());
    body.putObject("data").put("id", claimId).put("resource", "/v1/claims/" + claimId);
    body.put("date_created", origin.clock().instant().toString());
    body.put("id", UUID.randomUUID().toString());
    body.put("live_mode", true);
    body.put("type", type);
    body.put("user_id", Long.toString(origin.userId()));
    return origin.signed(NotificationOrigin.query(Long.toString(claimId), type), type, body);
  }

  /**
   * A fraud alert as it was captured in 2026: the query's {@code data.id} and the body's {@code id}
   * are the notification's, and only {@code data.payment_id} is the payment's. MercadoPago sends it
   * once. {@link Notifications#fraudAlert} is the one of 2022.
   *
   * @param alertId of the notification; 123456 in the capture
   * @param orderId the merchant order; null to leave it out
   */
  public Notification fraudAlert(String alertId, long paymentId, @Nullable Long orderId) {
    ObjectNode body = Json.object();
    body.put("action", "created");
    body.put("api_version", "v1");
    body.put("application_id", applicationId());
    ObjectNode data = body.putObject("data");
    data.put("description", "d");
    if (orderId != null) {
      data.put("merchant_order", orderId);
    }
    data.put("payment_id", paymentId);
    data.put("site_id", origin.site().get().name());
    body.put("date_created", MercadoPagoDates.write(origin.clock().instant()));
    body.put("id", alertId);
    body.put("live_mode", true);
    body.put("type", FRAUD);
    body.put("user_id", origin.userId());
    body.put("version", 1);
    return origin.signed(NotificationOrigin.query(alertId, FRAUD), FRAUD, body);
  }

  /** A fraud alert by the older channel, which can't be verified. */
  public Notification ipnFraudAlert(long paymentId) {
    return origin.ipn(
        "topic=delivery_cancellation&id=" + paymentId,
        "delivery_cancellation",
        Long.toString(paymentId));
  }

  private long applicationId() {
    return Long.parseLong(origin.application().get().id());
  }
}
