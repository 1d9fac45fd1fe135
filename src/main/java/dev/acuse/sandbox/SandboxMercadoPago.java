package dev.acuse.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * MercadoPago's API: payments, their search, merchant orders and preferences, with its errors. And
 * what happens on its side: somebody pays, a payment changes. Thread-safe.
 */
public final class SandboxMercadoPago {
  private static final int MAX_ROWS = 10_000;
  private static final int MAX_LIMIT = 100;
  private static final int DEFAULT_LIMIT = 30;

  /** A payment that was made. */
  public record Paid(String paymentId, String orderId) {}

  private final SandboxOptions options;
  private final SandboxServer server;
  private final MercadoPagoBooks books;

  SandboxMercadoPago(SandboxOptions options) {
    this.options = options;
    this.server = new SandboxServer(options.mercadoPagoPort());
    this.books = new MercadoPagoBooks(options.clock());
    api("GET", "/v1/payments/search", this::search);
    api("GET", "/v1/payments/[^/]+", this::payment);
    api("GET", "/merchant_orders/[^/]+", this::order);
    api("POST", "/checkout/preferences", this::createPreference);
    api("GET", "/checkout/preferences/[^/]+", this::preference);
  }

  private void api(String method, String path, Function<Call, Reply> answer) {
    server.route(
        method,
        path,
        call ->
            call.bears(options.accessToken())
                ? answer.apply(call)
                : Reply.json(
                    401,
                    Map.of(
                        "message",
                        "invalid access token",
                        "error",
                        "unauthorized",
                        "status",
                        401)));
  }

  SandboxServer server() {
    return server;
  }

  /** What goes wrong on this side. */
  public Faults faults() {
    return server.faults();
  }

  /** How many requests came in. */
  public long requests() {
    return server.requests();
  }

  /** Somebody pays the checkout with this reference, or tries to. */
  public Paid pay(String externalReference, String status, String detail) {
    PreferenceState preference =
        books
            .preferenceOf(externalReference)
            .orElseThrow(
                () -> new IllegalArgumentException("no preference for " + externalReference));
    return paid(books.pay(preference, status, detail));
  }

  /** A payment that belongs to no preference, as one that the merchant takes by other means. */
  public Paid payDirectly(
      @Nullable String externalReference,
      @Nullable String contactId,
      BigDecimal amount,
      String currency,
      String status) {
    return paid(books.add(0, externalReference, contactId, amount, currency, status, "accredited"));
  }

  /** A payment changes its state, and with it its date of last update. */
  public void change(String paymentId, String status, String detail) {
    books.change(Long.parseLong(paymentId), status, detail);
  }

  /** The state of every payment, by its id. */
  public Map<String, String> statuses() {
    return books.payments().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                payment -> String.valueOf(payment.id()), PaymentState::status));
  }

  private static Paid paid(PaymentState payment) {
    return new Paid(String.valueOf(payment.id()), String.valueOf(payment.orderId()));
  }

  private Reply payment(Call call) {
    return books
        .payment(number(call.lastSegment()))
        .map(payment -> Reply.json(200, MercadoPagoJson.payment(payment, options.collectorId())))
        .orElseGet(() -> MercadoPagoJson.error(404, "not_found", 2000, "Payment not found"));
  }

  private Reply order(Call call) {
    long id = number(call.lastSegment());
    Optional<PreferenceState> preference = books.preferenceOfOrder(id);
    List<PaymentState> payments = books.paymentsOfOrder(id);
    if (preference.isEmpty() && payments.isEmpty()) {
      return MercadoPagoJson.error(404, "not_found", 0, "Merchant order not found");
    }
    return Reply.json(
        200, MercadoPagoJson.order(id, preference.orElse(null), payments, options.collectorId()));
  }

  private Reply preference(Call call) {
    return books
        .preferenceById(call.lastSegment())
        .map(preference -> preferenceReply(200, preference))
        .orElseGet(() -> MercadoPagoJson.error(404, "not_found", 0, "Preference not found"));
  }

  private Reply createPreference(Call call) {
    JsonNode body = call.json();
    JsonNode item = body.path("items").path(0);
    if (!item.path("unit_price").isNumber() || !item.path("title").isTextual()) {
      return MercadoPagoJson.error(400, "invalid_items", 1, "items needs a title and a unit_price");
    }
    PreferenceState preference =
        books.preference(
            call.headers().get("x-idempotency-key"),
            () ->
                new PreferenceState(
                    options.collectorId() + "-" + UUID.randomUUID(),
                    books.newOrderId(),
                    body.path("external_reference").asText(null),
                    body.path("metadata").path("contact_id").asText(null),
                    item.path("unit_price").decimalValue(),
                    item.path("currency_id").asText("ARS"),
                    item.path("title").asText()));
    return preferenceReply(201, preference);
  }

  private Reply preferenceReply(int status, PreferenceState preference) {
    return Reply.json(
        status,
        MercadoPagoJson.preference(preference, server.url().toString(), options.collectorId()));
  }

  private Reply search(Call call) {
    int limit = call.number("limit", DEFAULT_LIMIT);
    int offset = call.number("offset", 0);
    if (limit > MAX_LIMIT || offset + limit > MAX_ROWS) {
      return MercadoPagoJson.error(400, "bad_request", 1000, "Number of rows exceeded the limits");
    }
    List<PaymentState> found = matching(call.query()).toList();
    List<Map<String, @Nullable Object>> results =
        found.stream()
            .skip(offset)
            .limit(limit)
            .map(payment -> MercadoPagoJson.payment(payment, options.collectorId()))
            .toList();
    return Reply.json(
        200,
        Map.of(
            "paging",
            Map.of("total", found.size(), "limit", limit, "offset", offset),
            "results",
            results));
  }

  private Stream<PaymentState> matching(Map<String, String> query) {
    Instant begin = date(query.get("begin_date"), Instant.MIN);
    Instant end = date(query.get("end_date"), Instant.MAX);
    String reference = query.get("external_reference");
    String status = query.get("status");
    return books.payments().stream()
        .filter(
            payment -> !payment.updatedAt().isBefore(begin) && !payment.updatedAt().isAfter(end))
        .filter(payment -> reference == null || reference.equals(payment.externalReference()))
        .filter(payment -> status == null || status.equals(payment.status()));
  }

  private static Instant date(@Nullable String text, Instant absent) {
    return text == null ? absent : OffsetDateTime.parse(text).toInstant();
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
