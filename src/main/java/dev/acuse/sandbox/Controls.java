package dev.acuse.sandbox;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What people and other processes steer the sandbox by, on MercadoPago's port:
 *
 * <ul>
 *   <li>{@code POST /_sandbox/pay?external_reference=…&status=approved}
 *   <li>{@code POST /_sandbox/change?payment_id=…&status=refunded}
 *   <li>{@code POST /_sandbox/contact?id=…&email=…}
 *   <li>{@code POST /_sandbox/faults?target=mercadopago|gohighlevel&kind=server_error&times=3}
 *       ({@code times=0} for every answer; {@code kind=none} ends it)
 *   <li>{@code GET /_sandbox/state}
 * </ul>
 */
final class Controls {
  static final String PREFIX = "/_sandbox/";

  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;

  Controls(SandboxMercadoPago mercadoPago, SandboxGoHighLevel goHighLevel) {
    this.mercadoPago = mercadoPago;
    this.goHighLevel = goHighLevel;
  }

  void addTo(SandboxServer server) {
    server.route("POST", PREFIX + "pay", call -> answer(() -> pay(call.query())));
    server.route("POST", PREFIX + "change", call -> answer(() -> change(call.query())));
    server.route("POST", PREFIX + "contact", call -> answer(() -> contact(call.query())));
    server.route("POST", PREFIX + "faults", call -> answer(() -> faults(call.query())));
    server.route("GET", PREFIX + "state", call -> Reply.json(200, state()));
  }

  private interface Action {
    Map<String, ?> run();
  }

  private static Reply answer(Action action) {
    try {
      return Reply.json(200, action.run());
    } catch (IllegalArgumentException e) {
      return Reply.json(400, Map.of("message", String.valueOf(e.getMessage())));
    }
  }

  private Map<String, ?> pay(Map<String, String> query) {
    String status = query.getOrDefault("status", "approved");
    var paid = mercadoPago.pay(required(query, "external_reference"), status, detail(query));
    return Map.of("payment_id", paid.paymentId(), "order_id", paid.orderId(), "status", status);
  }

  private Map<String, ?> change(Map<String, String> query) {
    mercadoPago.change(required(query, "payment_id"), required(query, "status"), detail(query));
    return Map.of("payment_id", required(query, "payment_id"), "status", required(query, "status"));
  }

  private Map<String, ?> contact(Map<String, String> query) {
    goHighLevel.addContact(required(query, "id"), query.get("email"));
    return Map.of("id", required(query, "id"));
  }

  private Map<String, ?> faults(Map<String, String> query) {
    Faults faults =
        switch (required(query, "target")) {
          case "mercadopago" -> mercadoPago.faults();
          case "gohighlevel" -> goHighLevel.faults();
          default -> throw new IllegalArgumentException("target is mercadopago or gohighlevel");
        };
    String kind = required(query, "kind");
    if (kind.equals("none")) {
      faults.none();
      return Map.of("faults", "none");
    }
    int times = Integer.parseInt(query.getOrDefault("times", "1"));
    Faults.Kind fault = Faults.Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    if (times == 0) {
      faults.always(fault);
    } else {
      faults.next(times, fault);
    }
    return Map.of("kind", kind, "times", times);
  }

  private Map<String, ?> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("payments", mercadoPago.statuses());
    state.put("tag_calls", goHighLevel.tagCalls().size());
    state.put("requests", mercadoPago.requests());
    return state;
  }

  private static String detail(Map<String, String> query) {
    return query.getOrDefault("status_detail", "accredited");
  }

  private static String required(Map<String, String> query, String name) {
    String value = query.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
