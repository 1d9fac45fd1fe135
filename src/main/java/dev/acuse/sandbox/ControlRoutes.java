package dev.acuse.sandbox;

import static dev.acuse.sandbox.Levers.refusal;
import static dev.acuse.sandbox.Levers.required;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.Routes;
import dev.acuse.sandbox.mercadopago.PaymentChange;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxOrder;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.math.BigDecimal;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's levers for people and other processes, on MercadoPago's port. They meet no faults
 * and need no token; all parameters are in the query.
 *
 * <ul>
 *   <li>{@code POST /_sandbox/pay?external_reference=order-1&status=approved} pays a checkout; by
 *       {@code preference_id} too, and with {@code amount} a part of it, as one of two cards does.
 *       Without a checkout of that reference, {@code amount} and {@code currency} make a payment
 *       that no checkout knows.
 *   <li>{@code POST /_sandbox/change?payment_id=1&status=cancelled&status_detail=expired}
 *   <li>{@code POST /_sandbox/refund?payment_id=1&amount=10}, all of it without an amount
 *   <li>These three by {@code seller} for another than the first; {@code pay} has another seller
 *       pay by {@code payer}, and gives the payment {@code payment_id} and its order {@code
 *       order_id}.
 *   <li>{@code POST /_sandbox/contact?id=c1&email=a@example.test} adds a contact, with {@code
 *       location} to another than the first
 *   <li>{@code POST /_sandbox/faults?target=mercadopago&kind=status&status=500&times=3}; targets
 *       are {@code mercadopago} and {@code gohighlevel}, of one {@code seller} or {@code location}
 *       only if it is named; kinds {@code none}, {@code down}, {@code up}, {@code drop}, {@code
 *       lose_answer}, {@code status}, {@code too_many_requests} ({@code retry_after}), {@code
 *       html}, {@code empty}, {@code truncated_json}, {@code wrong_id}, {@code page} ({@code
 *       status}), {@code refused_caller} ({@code refusal}, as {@code policy_agent}), {@code
 *       body_of_size} ({@code bytes}), {@code latency} ({@code ms}); without {@code times} a fault
 *       stays until {@code none}
 *   <li>{@code seller}, {@code location}, {@code token}, {@code revoke} and {@code calls}: see
 *       {@link AccountLevers}
 *   <li>{@code order} and those below it: see {@link OrderLevers}; {@code chargeback}, {@code
 *       claim}, {@code dispute}: see {@link DisputeLevers}; {@code announce}, {@code send}: see
 *       {@link SendLevers}
 *   <li>{@code GET /_sandbox/state}
 * </ul>
 */
final class ControlRoutes implements Routes {
  static final String PREFIX = "/_sandbox/";

  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;
  private final AccountLevers accounts;
  private final FaultLevers faults;
  private final OrderLevers orders;
  private final DisputeLevers disputes;
  private final SendLevers samples;

  ControlRoutes(
      SandboxMercadoPago mercadoPago,
      SandboxGoHighLevel goHighLevel,
      AccountLevers accounts,
      SendLevers samples) {
    this.mercadoPago = mercadoPago;
    this.goHighLevel = goHighLevel;
    this.accounts = accounts;
    this.faults = new FaultLevers(mercadoPago, goHighLevel, accounts);
    this.orders = new OrderLevers(mercadoPago, accounts);
    this.disputes = new DisputeLevers(mercadoPago, accounts);
    this.samples = samples;
  }

  @Override
  public Reply answer(Request request) throws Refusal {
    if (request.is("GET", PREFIX + "state")) {
      return Reply.json(200, state());
    }
    try {
      if (request.is("GET", PREFIX + "calls")) {
        return accounts.calls(request);
      }
      if (!request.method().equals("POST")) {
        throw refusal(405, "POST, or GET /_sandbox/state or /_sandbox/calls");
      }
      String lever = request.path().substring(PREFIX.length());
      String family = lever.split("/", 2)[0];
      if (family.equals(OrderLevers.NAME)) {
        return orders.answer(lever, request);
      }
      if (DisputeLevers.NAMES.contains(family)) {
        return disputes.answer(lever, request);
      }
      return switch (lever) {
        case "pay" -> pay(request);
        case "change" -> change(request);
        case "refund" -> refund(request);
        case "contact" -> addContact(request);
        case "faults" -> faults.order(request);
        case "seller" -> accounts.makeSeller(request);
        case "location" -> accounts.makeLocation(request);
        case "token" -> accounts.giveToken(request);
        case "revoke" -> accounts.revoke(request);
        case "announce" -> samples.announce(request);
        case "send" -> samples.send(request);
        default ->
            throw refusal(
                404,
                "pay, change, refund, order, chargeback, claim, dispute, contact, faults, seller,"
                    + " location, token, revoke, announce, send, calls or state");
      };
    } catch (NoSuchElementException e) {
      throw refusal(404, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw refusal(409, String.valueOf(e.getMessage()));
    } catch (NumberFormatException e) {
      throw refusal(400, "not a number");
    }
  }

  private Reply pay(Request request) throws Refusal {
    PaymentOutcome outcome = outcome(request);
    BigDecimal amount = Levers.amount(request);
    String preference = request.parameter("preference_id");
    String reference = preference == null ? required(request, "external_reference") : preference;
    SandboxSeller seller = payee(request, preference);
    SandboxSeller payer = accounts.payer(request);
    // the ids that were asked for must not go to a payment of another call
    synchronized (seller) {
      boolean onPreference = preference != null || seller.books().preference(reference).isPresent();
      if (!onPreference && amount == null) {
        throw new NoSuchElementException("no preference " + reference);
      }
      String paymentId = request.parameter("payment_id");
      if (paymentId != null) {
        String orderId = request.parameter("order_id");
        seller.nextIds(Long.parseLong(paymentId), orderId == null ? null : Long.valueOf(orderId));
      }
      return Reply.json(
          200,
          view(
              amount == null || onPreference
                  ? seller.pay(reference, outcome, amount, payer)
                  : seller.payDirectly(terms(request, amount, seller, payer), outcome)));
    }
  }

  private static SandboxPayment.Terms terms(
      Request request, BigDecimal amount, SandboxSeller seller, @Nullable SandboxSeller payer) {
    var terms =
        new SandboxPayment.Terms(
            amount,
            request.query().getOrDefault("currency", seller.site().currency()),
            request.parameter("external_reference"),
            request.parameter("payer_email"),
            seller.userId(),
            Map.of());
    return payer == null ? terms : terms.paidBy(payer.userId());
  }

  /** The seller that is named, or else whose preference this is, or else the first one. */
  private SandboxSeller payee(Request request, @Nullable String preference) throws Refusal {
    if (request.parameter("seller") != null || preference == null) {
      return accounts.seller(request);
    }
    return mercadoPago.sellers().stream()
        .filter(seller -> seller.hasPreference(preference))
        .findFirst()
        .orElseGet(mercadoPago::seller);
  }

  private Reply change(Request request) throws Refusal {
    String status = required(request, "status");
    String usual = PaymentOutcome.of(status).map(PaymentOutcome::detail).orElse(status);
    String detail = request.query().getOrDefault("status_detail", usual);
    long id = paymentId(request);
    return Reply.json(200, view(accounts.holder(request, id).change(id, status, detail)));
  }

  private Reply refund(Request request) throws Refusal {
    BigDecimal back = Levers.amount(request);
    long id = paymentId(request);
    return Reply.json(200, view(accounts.holder(request, id).refund(id, back)));
  }

  private Reply addContact(Request request) throws Refusal {
    String id = required(request, "id");
    accounts.location(request).addContact(id, request.parameter("email"));
    return Reply.json(200, Json.object().put("contact", id));
  }

  private ObjectNode state() {
    ObjectNode json = Json.object();
    ObjectNode payments = json.putObject("payments_by_status");
    mercadoPago.payments().stream()
        .collect(Collectors.groupingBy(SandboxPayment::status, Collectors.counting()))
        .forEach(payments::put);
    json.put("preferences", mercadoPago.books().preferences().size());
    json.put("merchant_orders", mercadoPago.books().orders().size());
    json.put("contacts", goHighLevel.contactCount());
    json.put("tag_calls", goHighLevel.tagCalls().size());
    json.putObject("requests")
        .put("mercadopago", mercadoPago.requestCount("/"))
        .put("gohighlevel", goHighLevel.requestCount("/"));
    json.putObject("faults")
        .put("mercadopago", mercadoPago.faults().toString())
        .put("gohighlevel", goHighLevel.faults().toString());
    accounts.describe(json);
    return json;
  }

  private static ObjectNode view(PaymentChange change) {
    ObjectNode json = Json.object();
    json.put("payment_id", change.payment().id());
    json.put("collector_id", change.payment().terms().collectorId());
    json.put("status", change.payment().status());
    json.put("status_detail", change.payment().state().statusDetail());
    json.put("external_reference", change.payment().terms().externalReference());
    SandboxOrder order = change.order();
    if (order != null) {
      json.put("merchant_order_id", order.id());
      json.put("preference_id", order.preferenceId());
    }
    return json;
  }

  private static PaymentOutcome outcome(Request request) throws Refusal {
    String status = request.query().getOrDefault("status", "approved");
    return PaymentOutcome.of(status).orElseThrow(() -> refusal(400, "unknown status"));
  }

  private static long paymentId(Request request) throws Refusal {
    return Long.parseLong(required(request, "payment_id"));
  }
}
