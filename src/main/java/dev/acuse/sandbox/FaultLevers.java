package dev.acuse.sandbox;

import static dev.acuse.sandbox.Levers.refusal;
import static dev.acuse.sandbox.Levers.required;

import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.RefusedCaller;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lever that breaks one of the two APIs, for all callers or for one account. */
final class FaultLevers {
  private static final int MAX_TIMES = 1_000_000;

  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;
  private final AccountLevers accounts;

  FaultLevers(
      SandboxMercadoPago mercadoPago, SandboxGoHighLevel goHighLevel, AccountLevers accounts) {
    this.mercadoPago = mercadoPago;
    this.goHighLevel = goHighLevel;
    this.accounts = accounts;
  }

  Reply order(Request request) throws Refusal {
    Faults faults = target(request);
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

  private Faults target(Request request) throws Refusal {
    return switch (required(request, "target")) {
      case "mercadopago" ->
          request.parameter("seller") == null
              ? mercadoPago.faults()
              : accounts.seller(request).faults();
      case "gohighlevel" ->
          request.parameter("location") == null
              ? goHighLevel.faults()
              : accounts.location(request).faults();
      default -> throw refusal(400, "target is mercadopago or gohighlevel");
    };
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
}
