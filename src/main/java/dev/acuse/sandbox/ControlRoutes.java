package dev.acuse.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.Routes;
import dev.acuse.sandbox.mercadopago.PaymentChange;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.RefusedCaller;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxOrder;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
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
 *   <li>{@code POST /_sandbox/contact?id=c1&email=a@example.test} adds a contact
 *   <li>{@code POST /_sandbox/faults?target=mercadopago&kind=status&status=500&times=3}; targets
 *       are {@code mercadopago} and {@code gohighlevel}; kinds {@code none}, {@code down}, {@code
 *       up}, {@code drop}, {@code lose_answer}, {@code status}, {@code too_many_requests} ({@code
 *       retry_after}), {@code html}, {@code empty}, {@code truncated_json}, {@code wrong_id},
 *       {@code page} ({@code status}), {@code refused_caller} ({@code refusal}, as {@code
 *       policy_agent}), {@code body_of_size} ({@code bytes}), {@code latency} ({@code ms}); without
 *       {@code times} a fault stays until {@code none}
 *   <li>{@code GET /_sandbox/state}
 * </ul>
 */
final class ControlRoutes implements Routes {
  static final String PREFIX = "/_sandbox/";
  private static final int MAX_TIMES = 1_000_000;

  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;
  private final long collectorId;

  ControlRoutes(SandboxMercadoPago mercadoPago, SandboxGoHighLevel goHighLevel, long collectorId) {
    this.mercadoPago = mercadoPago;
    this.goHighLevel = goHighLevel;
    this.collectorId = collectorId;
  }

  @Override
  public Reply answer(Request request) throws Refusal {
    if (request.is("GET", PREFIX + "state")) {
      return Reply.json(200, state());
    }
    if (!request.method().equals("POST")) {
      throw refusal(405, "POST, or GET /_sandbox/state");
    }
    try {
      return switch (request.path().substring(PREFIX.length())) {
        case "pay" -> pay(request);
        case "change" -> change(request);
        case "refund" -> refund(request);
        case "contact" -> addContact(request);
        case "faults" -> faults(request);
        default -> throw refusal(404, "pay, change, refund, contact, faults or state");
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
    String amount = request.parameter("amount");
    String preference = request.parameter("preference_id");
    String reference = preference == null ? required(request, "external_reference") : preference;
    if (amount == null) {
      return Reply.json(200, view(mercadoPago.pay(reference, outcome)));
    }
    if (preference != null || mercadoPago.books().preference(reference).isPresent()) {
      return Reply.json(200, view(mercadoPago.pay(reference, outcome, new BigDecimal(amount))));
    }
    var terms =
        new SandboxPayment.Terms(
            new BigDecimal(amount),
            request.query().getOrDefault("currency", "ARS"),
            reference,
            request.parameter("payer_email"),
            collectorId,
            Map.of());
    return Reply.json(200, view(mercadoPago.payDirectly(terms, outcome)));
  }

  private Reply change(Request request) throws Refusal {
    String status = required(request, "status");
    String usual = PaymentOutcome.of(status).map(PaymentOutcome::detail).orElse(status);
    String detail = request.query().getOrDefault("status_detail", usual);
    return Reply.json(200, view(mercadoPago.change(paymentId(request), status, detail)));
  }

  private Reply refund(Request request) throws Refusal {
    String amount = request.parameter("amount");
    BigDecimal back = amount == null ? null : new BigDecimal(amount);
    return Reply.json(200, view(mercadoPago.refund(paymentId(request), back)));
  }

  private Reply addContact(Request request) throws Refusal {
    String id = required(request, "id");
    goHighLevel.addContact(id, request.parameter("email"));
    return Reply.json(200, Json.object().put("contact", id));
  }

  private Reply faults(Request request) throws Refusal {
    Faults faults =
        switch (required(request, "target")) {
          case "mercadopago" -> mercadoPago.faults();
          case "gohighlevel" -> goHighLevel.faults();
          default -> throw refusal(400, "target is mercadopago or gohighlevel");
        };
    String kind = required(request, "kind");
    switch (kind) {
      case "none" -> faults.none();
      case "down" -> faults.down();
      case "up" -> faults.up();
      case "latency" -> faults.latency(Duration.ofMillis(Long.parseLong(required(request, "ms"))));
      default -> order(faults, fault(kind, request), request.parameter("times"));
    }
    return Reply.json(200, Json.object().put("faults", faults.toString()));
  }

  private static void order(Faults faults, Fault fault, @Nullable String times) throws Refusal {
    if (times == null) {
      faults.always(fault);
      return;
    }
    int number = Integer.parseInt(times);
    if (number < 0 || number > MAX_TIMES) {
      throw refusal(400, "times is a number up to " + MAX_TIMES);
    }
    faults.next(number, fault);
  }

  private static Fault fault(String kind, Request request) throws Refusal {
    return switch (kind) {
      case "page" -> Fault.page(Integer.parseInt(required(request, "status")));
      case "refused_caller" -> refusedCaller(required(request, "refusal"));
      case "drop" -> Fault.drop();
      case "lose_answer" -> Fault.loseAnswer();
      case "status" -> Fault.status(Integer.parseInt(required(request, "status")));
      case "too_many_requests" -> Fault.tooManyRequests(request.parameter("retry_after"));
      case "body_of_size" -> Fault.bodyOfSize(Integer.parseInt(required(request, "bytes")));
      default ->
          Fault.garbage(
              Arrays.stream(GarbageKind.values())
                  .filter(garbage -> garbage.name().toLowerCase(Locale.ROOT).equals(kind))
                  .findFirst()
                  .orElseThrow(() -> refusal(400, "unknown kind")));
    };
  }

  private static Fault refusedCaller(String refusal) throws Refusal {
    return Arrays.stream(RefusedCaller.values())
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(refusal))
        .findFirst()
        .orElseThrow(() -> refusal(400, "unknown refusal"))
        .fault();
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
    return json;
  }

  private static ObjectNode view(PaymentChange change) {
    ObjectNode json = Json.object();
    json.put("payment_id", change.payment().id());
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

  private static String required(Request request, String name) throws Refusal {
    String value = request.parameter(name);
    if (value == null) {
      throw refusal(400, name + " is missing");
    }
    return value;
  }

  private static Refusal refusal(int status, String message) {
    return new Refusal(Reply.json(status, Json.object().put("message", message)));
  }
}
