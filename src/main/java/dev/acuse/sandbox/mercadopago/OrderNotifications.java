package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds notifications about orders of the Orders API in every shape that sources show
 * (MercadoPago's pages on notifications of orders; captures of real ones). Real ones are signed
 * over the id in lower case and have no {@code id} of their own in the body. Thread-safe.
 */
public final class OrderNotifications {
  private static final String TYPE = "order";

  private final NotificationOrigin origin;

  OrderNotifications(NotificationOrigin origin) {
    this.origin = origin;
  }

  /**
   * As for Point and QR: {@code reference.id} of each payment in the body is its number in the
   * Payments API.
   */
  public Notification full(SandboxOnlineOrder order) {
    return real(order, TYPE, body(order, payment -> Long.toString(payment.payment().id())));
  }

  /** As for an order of the type online: {@code reference.id} looks like an id and is none. */
  public Notification online(SandboxOnlineOrder order) {
    return real(order, TYPE, body(order, SandboxOnlineOrder.Payment::referenceId));
  }

  /** As {@link #online}, by the topic's name of older tables, the plural. */
  public Notification older(SandboxOnlineOrder order) {
    return real(order, "orders", body(order, SandboxOnlineOrder.Payment::referenceId));
  }

  /** As {@link #online}, but signed over the id in upper case, as SDKs verify it. */
  public Notification verbatim(SandboxOnlineOrder order) {
    return origin.signed(
        query(order, TYPE), TYPE, body(order, SandboxOnlineOrder.Payment::referenceId));
  }

  /** With no more than the id, in query and body. */
  public Notification minimal(String orderId, String action) {
    ObjectNode body = frame(action);
    body.putObject("data").put("id", orderId);
    return origin.signedLowered(NotificationOrigin.query(orderId, TYPE), TYPE, body);
  }

  /**
   * What the panel's "Simulate" sends: with an {@code id} of its own, and signed over the order's
   * id as it is.
   */
  public Notification simulated(String orderId) {
    ObjectNode body = frame("order.processed");
    body.put("id", Long.toString(origin.nextId()));
    body.putObject("data").put("id", orderId);
    return origin.signed(NotificationOrigin.query(orderId, TYPE), TYPE, body);
  }

  /**
   * A chargeback of an order as MercadoPago's page on optional notifications shows it: the query
   * names a chargeback, the body an order.
   *
   * @param caseId of the chargeback
   */
  public Notification chargedBack(SandboxOnlineOrder order, String caseId) {
    String type = DisputeNotifications.CHARGEBACKS;
    ObjectNode body = body(order, SandboxOnlineOrder.Payment::referenceId);
    return origin.signed(NotificationOrigin.query(caseId, type), type, body);
  }

  /**
   * A webhook about an order that no sandbox need have: {@link #full} with the number of its
   * payment, else {@link #online}.
   *
   * @param paymentId in the Payments API; null for an invented payment
   */
  public Notification sample(String orderId, OrderStanding standing, @Nullable Long paymentId) {
    SandboxOnlineOrder order = SampleOrders.of(orderId, standing, paymentId, origin);
    return paymentId == null ? online(order) : full(order);
  }

  /** {@link #older} about an order that no sandbox need have. */
  public Notification olderSample(String orderId) {
    return older(SampleOrders.of(orderId, OrderStanding.ACCREDITED, null, origin));
  }

  /** {@link #chargedBack} about an order that no sandbox need have. */
  public Notification chargedBackSample(String orderId, String caseId) {
    var standing = new OrderStanding("charged_back", "in_process");
    return chargedBack(SampleOrders.of(orderId, standing, null, origin), caseId);
  }

  /** Signed over the lower-cased id, with the reference in the query if there is one. */
  private Notification real(SandboxOnlineOrder order, String type, ObjectNode body) {
    body.put("type", type);
    return origin.signedLowered(query(order, type), type, body);
  }

  private static String query(SandboxOnlineOrder order, String type) {
    String reference = order.terms().externalReference();
    String named = NotificationOrigin.query(order.id(), type);
    return reference == null
        ? named
        : named + "&data.external_reference=" + NotificationOrigin.encode(reference);
  }

  private ObjectNode frame(String action) {
    ObjectNode body = Json.object();
    body.put("action", action);
    body.put("api_version", "v1");
    body.put("application_id", origin.application().get().id());
    body.put("date_created", OnlineOrderJson.nanos(origin.clock().instant()));
    body.put("live_mode", false);
    body.put("type", TYPE);
    body.put("user_id", Long.toString(origin.userId()));
    return body;
  }

  private ObjectNode body(
      SandboxOnlineOrder order, Function<SandboxOnlineOrder.Payment, String> reference) {
    ObjectNode body = frame(order.standing().action());
    ObjectNode data = body.putObject("data");
    data.put("id", order.id());
    putIfThere(data, "external_reference", order.terms().externalReference());
    data.put("status", order.status());
    data.put("status_detail", order.standing().detail());
    data.put("total_amount", OnlineOrderJson.amount(order, order.terms().total()));
    data.put("total_paid_amount", OnlineOrderJson.amount(order, order.paid()));
    data.put("type", order.terms().type());
    data.put("version", order.version());
    if (order.terms().type().equals("qr")) {
      data.putArray("cash_outs");
    }
    ObjectNode transactions = data.putObject("transactions");
    ArrayNode payments = transactions.putArray("payments");
    for (SandboxOnlineOrder.Payment payment : order.payments()) {
      ObjectNode json = payments.addObject();
      json.put("id", payment.id());
      json.put("status", payment.standing().status());
      json.put("status_detail", payment.standing().detail());
      json.put("paid_amount", OnlineOrderJson.amount(order, payment.paid()));
      json.putObject("reference").put("id", reference.apply(payment));
    }
    if (!order.chargebacks().isEmpty()) {
      transactions.set("chargebacks", OnlineOrderJson.chargebacks(order));
    }
    return body;
  }

  private static void putIfThere(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
