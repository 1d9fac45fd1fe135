package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/orders/{id}} and the search {@code GET /v1/orders}, which needs both ends of a
 * window of at most 30 days of creation. Pages are taken by {@code page} and {@code page_size}, as
 * the SDKs do, and by {@code limit} and {@code offset}, as MercadoPago's schema says.
 */
final class OnlineOrderRoutes {
  static final String PATH = "/v1/orders";

  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int DEFAULT_LIMIT = 30;
  private static final int MAX_LIMIT = 100;

  private OnlineOrderRoutes() {}

  /** Which part of what was found is asked for. */
  private record Page(int limit, long offset) {}

  static boolean isOurs(Request request) {
    return request.path().equals(PATH) || request.path().startsWith(PATH + "/");
  }

  static Reply answer(Request request, SandboxSeller caller) throws Refusal {
    if (request.path().equals(PATH)) {
      return search(request, caller);
    }
    String id = request.segment(PATH + "/", "");
    if (id == null) {
      throw new Refusal(MercadoPagoErrors.of(404));
    }
    if (!id.matches("[A-Z0-9_]{1,64}")) {
      throw MercadoPagoErrors.invalid("invalid_path_param", "The path parameter is not valid");
    }
    return caller
        .onlineOrders()
        .answered(id)
        .map(order -> reply(order, caller))
        .orElseThrow(MercadoPagoErrors::orderNotFound);
  }

  private static Reply reply(SandboxOnlineOrder order, SandboxSeller caller) {
    ObjectNode json = OnlineOrderJson.of(order, caller);
    if (!order.has(OrderTrait.PAYMENT_REQUIRED)) {
      return Reply.json(200, json);
    }
    ObjectNode refused = Json.object();
    refused
        .putArray("errors")
        .addObject()
        .put("code", "failed")
        .put("message", "The following transactions failed");
    refused.set("data", json);
    return Reply.json(402, refused);
  }

  private static Reply search(Request request, SandboxSeller caller) throws Refusal {
    Instant begin = date(request, "begin_date");
    Instant end = date(request, "end_date");
    if (end.isBefore(begin) || Duration.between(begin, end).compareTo(LONGEST) > 0) {
      throw refusal("begin_date and end_date must be at most 30 days apart");
    }
    Page page = page(request);
    List<SandboxOnlineOrder> found =
        caller.onlineOrders().all().stream()
            .filter(order -> !order.created().isBefore(begin) && !order.created().isAfter(end))
            .filter(
                order ->
                    fits(request, "external_reference", order.terms().externalReference())
                        && fits(request, "status", order.status())
                        && fits(request, "type", order.terms().type()))
            .sorted(
                Comparator.comparing(SandboxOnlineOrder::created)
                    .thenComparing(SandboxOnlineOrder::id)
                    .reversed())
            .toList();
    ObjectNode json = Json.object();
    ArrayNode data = json.putArray("data");
    found.stream()
        .skip(page.offset())
        .limit(page.limit())
        .map(order -> OnlineOrderJson.of(order, caller))
        .forEach(data::add);
    json.putObject("paging")
        .put("total", found.size())
        .put("total_pages", (found.size() + page.limit() - 1) / page.limit())
        .put("limit", page.limit())
        .put("offset", page.offset());
    return Reply.json(200, json);
  }

  private static Page page(Request request) throws Refusal {
    boolean byPage = request.parameter("page") != null || request.parameter("page_size") != null;
    int limit = number(request, byPage ? "page_size" : "limit", DEFAULT_LIMIT);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw refusal("a page has 1 to " + MAX_LIMIT + " orders");
    }
    int page = number(request, "page", 1);
    if (page < 1) {
      throw refusal("the first page is 1");
    }
    return new Page(limit, byPage ? (page - 1L) * limit : number(request, "offset", 0));
  }

  private static int number(Request request, String name, int absent) throws Refusal {
    String text = request.parameter(name);
    if (text == null) {
      return absent;
    }
    if (!text.matches("\\d{1,9}")) {
      throw refusal(name + " is no number");
    }
    return Integer.parseInt(text);
  }

  private static Instant date(Request request, String name) throws Refusal {
    String text = request.parameter(name);
    if (text == null) {
      throw refusal(name + " is missing");
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw refusal(name + " is no date");
    }
  }

  private static boolean fits(Request request, String name, @Nullable String value) {
    String asked = request.parameter(name);
    return asked == null || Objects.equals(asked, value);
  }

  private static Refusal refusal(String message) {
    return MercadoPagoErrors.invalid("invalid_search_params", message);
  }
}
