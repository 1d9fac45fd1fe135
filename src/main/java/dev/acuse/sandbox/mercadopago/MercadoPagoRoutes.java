package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.Routes;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of MercadoPago's REST API that Acuse uses. Thread-safe. */
final class MercadoPagoRoutes implements Routes {
  private static final int DEFAULT_LIMIT = 30;

  private final Sellers sellers;
  private final PaymentSearch search;
  private final Supplier<URI> base;

  /**
   * @param base the address of this server, once it has one
   */
  MercadoPagoRoutes(Sellers sellers, PaymentSearch search, Supplier<URI> base) {
    this.sellers = sellers;
    this.search = search;
    this.base = base;
  }

  @Override
  public Reply answer(Request request) throws Refusal {
    SandboxSeller caller = sellers.caller(request).orElseThrow(MercadoPagoErrors::unauthorized);
    if (request.is("POST", "/checkout/preferences")) {
      return createPreference(request, caller);
    }
    if (!request.method().equals("GET")) {
      throw new Refusal(MercadoPagoErrors.of(405));
    }
    return read(request, caller);
  }

  private Reply read(Request request, SandboxSeller caller) throws Refusal {
    if (request.path().equals("/v1/payments/search")) {
      return search.answer(request, sellers.found(caller));
    }
    if (OnlineOrderRoutes.isOurs(request)) {
      return OnlineOrderRoutes.answer(request, caller);
    }
    if (DisputeRoutes.isOurs(request)) {
      return DisputeRoutes.answer(request, caller);
    }
    if (request.path().equals("/users/me")) {
      return account(caller);
    }
    if (request.path().equals("/merchant_orders/search")) {
      return searchOrders(request, caller);
    }
    String paymentId = request.segment("/v1/payments/", "");
    if (paymentId != null) {
      return payment(paymentId, caller);
    }
    String orderId = request.segment("/merchant_orders/", "");
    if (orderId != null) {
      return order(orderId, caller);
    }
    String preferenceId = request.segment("/checkout/preferences/", "");
    if (preferenceId != null) {
      return preference(preferenceId, caller);
    }
    throw new Refusal(MercadoPagoErrors.of(404));
  }

  private static Reply account(SandboxSeller caller) {
    ObjectNode json = Json.object();
    json.put("id", caller.userId());
    json.put("nickname", caller.nickname());
    json.put("site_id", caller.site().name());
    ArrayNode tags = json.putArray("tags");
    if (caller.isTestUser()) {
      tags.add("test_user");
    }
    return Reply.json(200, json);
  }

  private Reply payment(String id, SandboxSeller caller) throws Refusal {
    return sellers
        .payment(number(id), caller)
        .map(payment -> Reply.json(200, PaymentJson.of(payment)))
        .orElseThrow(MercadoPagoErrors::paymentNotFound);
  }

  private Reply order(String id, SandboxSeller caller) throws Refusal {
    Optional<SandboxOrder> own = caller.order(number(id));
    boolean givenAway = caller.books().isOfAnotherSeller(number(id));
    if (givenAway || (own.isEmpty() && sellers.anyOtherHasOrder(number(id), caller))) {
      throw MercadoPagoErrors.otherSeller();
    }
    return own.map(order -> Reply.json(200, OrderJson.of(order, caller)))
        .orElseThrow(() -> MercadoPagoErrors.notFound("Merchant order not found"));
  }

  private Reply preference(String id, SandboxSeller caller) throws Refusal {
    return caller
        .books()
        .preferenceOfId(id)
        .map(preference -> Reply.json(200, PreferenceJson.of(preference, caller, base.get())))
        .orElseThrow(() -> MercadoPagoErrors.notFound("The preference was not found"));
  }

  private Reply createPreference(Request request, SandboxSeller caller) throws Refusal {
    SandboxPreference preference =
        caller
            .books()
            .createPreference(
                request.header("x-idempotency-key"), PreferenceJson.read(request.body()));
    return Reply.json(201, PreferenceJson.of(preference, caller, base.get()));
  }

  /** Pages by {@code elements}, {@code next_offset} and {@code total}, unlike payments do. */
  private Reply searchOrders(Request request, SandboxSeller caller) throws Refusal {
    int limit = PaymentSearch.number(request, "limit", DEFAULT_LIMIT);
    int offset = PaymentSearch.number(request, "offset", 0);
    Instant from = search.instant(request, "last_updated_from", Instant.MIN);
    Instant to = search.instant(request, "last_updated_to", Instant.MAX);
    List<SandboxOrder> found =
        caller.books().orders().stream()
            .filter(order -> !order.lastUpdated().isBefore(from))
            .filter(order -> !order.lastUpdated().isAfter(to))
            .filter(order -> fits(request.parameter("preference_id"), order.preferenceId()))
            .filter(
                order -> fits(request.parameter("external_reference"), order.externalReference()))
            .filter(order -> fits(request.parameter("status"), order.status()))
            .toList();
    ArrayNode elements = Json.array();
    found.stream()
        .skip(offset)
        .limit(limit)
        .map(order -> OrderJson.of(order, caller))
        .forEach(elements::add);
    ObjectNode json = Json.object();
    // null and not an empty list, as some have seen it: a client must take both
    json.set("elements", elements.isEmpty() ? null : elements);
    json.put("next_offset", offset + elements.size());
    json.put("total", found.size());
    return Reply.json(200, json);
  }

  private static boolean fits(@Nullable String asked, @Nullable String value) {
    return asked == null || Objects.equals(asked, value);
  }

  /** An id that can't be one is an id that nobody has. */
  static long number(String id) {
    return id.matches("\\d{1,18}") ? Long.parseLong(id) : -1;
  }
}
