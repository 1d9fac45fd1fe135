package dev.acuse.sandbox;

import static dev.acuse.sandbox.Levers.refusal;
import static dev.acuse.sandbox.Levers.required;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.OrderStanding;
import dev.acuse.sandbox.mercadopago.OrderTrait;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxOrders;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The levers of the Orders API: {@code POST /_sandbox/order} makes an order, and the others below
 * it take an {@code order_id}; {@code docs/reference/sandbox.md} lists them.
 */
final class OrderLevers {
  static final String NAME = "order";

  private static final Set<String> TYPES = Set.of("online", "point", "qr");

  private final SandboxMercadoPago mercadoPago;
  private final AccountLevers accounts;

  OrderLevers(SandboxMercadoPago mercadoPago, AccountLevers accounts) {
    this.mercadoPago = mercadoPago;
    this.accounts = accounts;
  }

  /**
   * Moves a lever.
   *
   * @param name of the lever, {@code order} or one below it
   */
  Reply answer(String name, Request request) throws Refusal {
    return switch (name) {
      case "order" -> make(request);
      case "order/pay" -> pay(request);
      case "order/change" -> change(request);
      case "order/refund" -> view(orders(request).refund(id(request), Levers.amount(request)));
      case "order/end" ->
          view(orders(request).end(id(request), standing(request, OrderStanding.CANCELED_EXPIRED)));
      case "order/stand" ->
          view(
              orders(request)
                  .stand(
                      id(request),
                      new OrderStanding(required(request, "status"), detail(request))));
      case "order/lag" -> lag(request);
      case "order/traits" -> traits(request);
      default ->
          throw refusal(
              404,
              "order, order/pay, order/change, order/refund, order/end, order/stand, order/lag or"
                  + " order/traits");
    };
  }

  private Reply make(Request request) throws Refusal {
    String type = request.query().getOrDefault("type", "online");
    if (!TYPES.contains(type)) {
      throw refusal(400, "type is online, point or qr");
    }
    var total = new BigDecimal(required(request, "amount"));
    return view(
        accounts
            .seller(request)
            .onlineOrders()
            .make(request.parameter("external_reference"), total, type));
  }

  private Reply pay(Request request) throws Refusal {
    String status = request.query().getOrDefault("status", "approved");
    PaymentOutcome outcome =
        PaymentOutcome.of(status).orElseThrow(() -> refusal(400, "unknown status"));
    return view(orders(request).pay(id(request), outcome, Levers.amount(request)));
  }

  private Reply change(Request request) throws Refusal {
    String status = required(request, "status");
    String usual = PaymentOutcome.of(status).map(PaymentOutcome::detail).orElse(status);
    return view(
        orders(request)
            .change(id(request), status, request.query().getOrDefault("status_detail", usual)));
  }

  private Reply lag(Request request) throws Refusal {
    int times = Integer.parseInt(required(request, "times"));
    orders(request).showFormer(id(request), times);
    return Reply.json(200, Json.object().put("order_id", id(request)).put("times", times));
  }

  private Reply traits(Request request) throws Refusal {
    OrderTrait[] traits =
        Levers.each(request, "trait", OrderTrait::of, "unknown trait").toArray(OrderTrait[]::new);
    if (request.parameter("order_id") == null) {
      accounts.seller(request).onlineOrders().traits(traits);
    } else {
      orders(request).traitsOf(id(request), traits);
    }
    return Reply.json(200, Json.object().put("traits", traits.length));
  }

  private static OrderStanding standing(Request request, OrderStanding usual) {
    String status = request.parameter("status");
    return status == null ? usual : new OrderStanding(status, detail(request));
  }

  private static String detail(Request request) {
    String detail = request.parameter("status_detail");
    return detail == null ? String.valueOf(request.parameter("status")) : detail;
  }

  private static String id(Request request) throws Refusal {
    return required(request, "order_id");
  }

  /** Of the seller that is named, or else of the one that has the order. */
  private SandboxOrders orders(Request request) throws Refusal {
    String id = id(request);
    SandboxSeller named = request.parameter("seller") == null ? null : accounts.seller(request);
    return (named != null ? named : holder(id)).onlineOrders();
  }

  private SandboxSeller holder(String id) {
    @Nullable SandboxSeller found =
        mercadoPago.sellers().stream()
            .filter(seller -> seller.onlineOrders().find(id).isPresent())
            .findFirst()
            .orElse(null);
    return found == null ? mercadoPago.seller() : found;
  }

  private static Reply view(SandboxOnlineOrder order) {
    ObjectNode json = Json.object();
    json.put("order_id", order.id());
    json.put("external_reference", order.terms().externalReference());
    json.put("status", order.status());
    json.put("status_detail", order.standing().detail());
    order.paymentIds().forEach(json.putArray("payment_ids")::add);
    return Reply.json(200, json);
  }
}
