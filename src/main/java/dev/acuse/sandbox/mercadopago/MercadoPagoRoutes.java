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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of MercadoPago's REST API that Acuse uses. Thread-safe. */
final class MercadoPagoRoutes implements Routes {
  private static final int DEFAULT_LIMIT = 30;

  private final SandboxState books;
  private final PaymentSearch search;
  private final String authorization;
  private final long collectorId;
  private final Supplier<URI> base;

  /**
   * @param base the address of this server, once it has one
   */
  MercadoPagoRoutes(
      SandboxState books,
      PaymentSearch search,
      String token,
      long collectorId,
      Supplier<URI> base) {
    this.books = books;
    this.search = search;
    this.authorization = "Bearer " + token;
    this.collectorId = collectorId;
    this.base = base;
  }

  @Override
  public Reply answer(Request request) throws Refusal {
    if (!authorization.equals(request.header("authorization"))) {
      throw MercadoPagoErrors.unauthorized();
    }
    if (request.is("POST", "/checkout/preferences")) {
      return createPreference(request);
    }
    if (!request.method().equals("GET")) {
      throw new Refusal(MercadoPagoErrors.of(405));
    }
    return read(request);
  }

  private Reply read(Request request) throws Refusal {
    if (request.path().equals("/v1/payments/search")) {
      return search.answer(request);
    }
    if (request.path().equals("/users/me")) {
      return account();
    }
    if (request.path().equals("/merchant_orders/search")) {
      return searchOrders(request);
    }
    String paymentId = request.segment("/v1/payments/", "");
    if (paymentId != null) {
      return payment(paymentId);
    }
    String orderId = request.segment("/merchant_orders/", "");
    if (orderId != null) {
      return order(orderId);
    }
    String preferenceId = request.segment("/checkout/preferences/", "");
    if (preferenceId != null) {
      return preference(preferenceId);
    }
    throw new Refusal(MercadoPagoErrors.of(404));
  }

  private Reply account() {
    ObjectNode json = Json.object();
    json.put("id", collectorId);
    json.put("nickname", "SANDBOX");
    json.put("site_id", "MLA");
    json.putArray("tags").add("test_user");
    return Reply.json(200, json);
  }

  private Reply payment(String id) throws Refusal {
    return books
        .payment(number(id))
        .map(payment -> Reply.json(200, PaymentJson.of(payment)))
        .orElseThrow(MercadoPagoErrors::paymentNotFound);
  }

  private Reply order(String id) throws Refusal {
    if (books.isOfAnotherSeller(number(id))) {
      throw MercadoPagoErrors.otherSeller();
    }
    return books
        .findOrder(number(id))
        .map(order -> Reply.json(200, OrderJson.of(order, collectorId)))
        .orElseThrow(() -> MercadoPagoErrors.notFound("Merchant order not found"));
  }

  private Reply preference(String id) throws Refusal {
    return books
        .preference(id)
        .filter(preference -> preference.id().equals(id))
        .map(preference -> Reply.json(200, PreferenceJson.of(preference, base.get())))
        .orElseThrow(() -> MercadoPagoErrors.notFound("The preference was not found"));
  }

  private Reply createPreference(Request request) throws Refusal {
    SandboxPreference preference =
        books.createPreference(
            request.header("x-idempotency-key"), PreferenceJson.read(request.body()));
    return Reply.json(201, PreferenceJson.of(preference, base.get()));
  }

  /** Pages by {@code elements}, {@code next_offset} and {@code total}, unlike payments do. */
  private Reply searchOrders(Request request) throws Refusal {
    int limit = PaymentSearch.number(request, "limit", DEFAULT_LIMIT);
    int offset = PaymentSearch.number(request, "offset", 0);
    Instant from = search.instant(request, "last_updated_from", Instant.MIN);
    Instant to = search.instant(request, "last_updated_to", Instant.MAX);
    List<SandboxOrder> found =
        books.orders().stream()
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
        .map(order -> OrderJson.of(order, collectorId))
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
  private static long number(String id) {
    return id.matches("\\d{1,18}") ? Long.parseLong(id) : -1;
  }
}
