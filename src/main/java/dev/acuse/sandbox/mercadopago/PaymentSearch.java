package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/payments/search}: the parameters, limits and errors of MercadoPago's page "Search
 * payments". It reaches back twelve months.
 */
final class PaymentSearch {
  private static final int DEFAULT_LIMIT = 30;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_ROWS = 10_000;
  private static final Duration REACH = Duration.ofDays(365);

  private final InstantSource clock;
  private volatile UnaryOperator<SandboxPayment> shown = payment -> payment;

  PaymentSearch(InstantSource clock) {
    this.clock = clock;
  }

  /** Has payments shown otherwise than they are; what is found, and in which order, stays. */
  void show(UnaryOperator<SandboxPayment> view) {
    shown = view;
  }

  /**
   * @param all that the caller may find
   */
  Reply answer(Request request, List<SandboxPayment> all) throws Refusal {
    int limit = number(request, "limit", DEFAULT_LIMIT);
    int offset = number(request, "offset", 0);
    if (limit > MAX_LIMIT || (long) offset + limit > MAX_ROWS) {
      throw MercadoPagoErrors.badRequest(1000, "Number of rows exceeded the limits");
    }
    List<SandboxPayment> found = find(request, all);
    ObjectNode json = Json.object();
    json.putObject("paging").put("total", found.size()).put("limit", limit).put("offset", offset);
    ArrayNode results = json.putArray("results");
    found.stream().skip(offset).limit(limit).map(shown).map(PaymentJson::of).forEach(results::add);
    return Reply.json(200, json);
  }

  private List<SandboxPayment> find(Request request, List<SandboxPayment> all) throws Refusal {
    Comparator<SandboxPayment> order = order(request);
    Instant oldest = clock.instant().minus(REACH);
    Stream<SandboxPayment> found =
        all.stream().filter(payment -> payment.state().created().isAfter(oldest));
    String reference = request.parameter("external_reference");
    if (reference != null) {
      found = found.filter(payment -> reference.equals(payment.terms().externalReference()));
    }
    String status = request.parameter("status");
    if (status != null) {
      found = found.filter(payment -> status.equals(payment.status()));
    }
    String collector = request.parameter("collector.id");
    if (collector != null) {
      found =
          found.filter(payment -> collector.equals(String.valueOf(payment.terms().collectorId())));
    }
    return inWindow(found, request).sorted(order).toList();
  }

  /** Both ends of the window belong to it. */
  private Stream<SandboxPayment> inWindow(Stream<SandboxPayment> payments, Request request)
      throws Refusal {
    Function<SandboxPayment, @Nullable Instant> date =
        date(request.query().getOrDefault("range", "date_created"));
    if (date == null) {
      throw MercadoPagoErrors.badRequest(1, "Invalid range");
    }
    Instant begin = instant(request, "begin_date", Instant.MIN);
    Instant end = instant(request, "end_date", Instant.MAX);
    if (request.parameter("begin_date") == null && request.parameter("end_date") == null) {
      return payments;
    }
    return payments.filter(
        payment -> {
          Instant at = date.apply(payment);
          return at != null && !at.isBefore(begin) && !at.isAfter(end);
        });
  }

  private static Comparator<SandboxPayment> order(Request request) throws Refusal {
    String sort = request.query().getOrDefault("sort", "date_created");
    Comparator<SandboxPayment> byId = Comparator.comparingLong(SandboxPayment::id);
    Function<SandboxPayment, @Nullable Instant> date = date(sort);
    if (date == null && !sort.equals("id")) {
      throw MercadoPagoErrors.badRequest(1003, "Invalid sort");
    }
    Comparator<SandboxPayment> order =
        date == null
            ? byId
            : Comparator.comparing(
                    (SandboxPayment payment) -> orLast(date.apply(payment)),
                    Comparator.naturalOrder())
                .thenComparing(byId);
    String criteria = request.query().getOrDefault("criteria", "desc");
    if (!criteria.equals("asc") && !criteria.equals("desc")) {
      throw MercadoPagoErrors.badRequest(1004, "Invalid criteria");
    }
    return criteria.equals("asc") ? order : order.reversed();
  }

  private static @Nullable Function<SandboxPayment, @Nullable Instant> date(String name) {
    return switch (name) {
      case "date_created" -> payment -> payment.state().created();
      case "date_last_updated" -> payment -> payment.state().lastUpdated();
      case "date_approved", "money_release_date" -> payment -> payment.state().approved();
      default -> null;
    };
  }

  private static Instant orLast(@Nullable Instant instant) {
    return instant == null ? Instant.MAX : instant;
  }

  /** A date of MercadoPago's form, or what stands for none. */
  Instant instant(Request request, String name, Instant absent) throws Refusal {
    String text = request.parameter(name);
    if (text == null) {
      return absent;
    }
    try {
      return MercadoPagoDates.read(text, clock);
    } catch (DateTimeParseException e) {
      throw MercadoPagoErrors.badRequest(
          1001, "Date format must be yyyy-MM-dd'T'HH:mm:ss.SSSZ: " + name);
    }
  }

  static int number(Request request, String name, int absent) throws Refusal {
    String text = request.parameter(name);
    if (text == null) {
      return absent;
    }
    if (!text.matches("\\d{1,9}")) {
      throw MercadoPagoErrors.badRequest(1, "Invalid " + name);
    }
    return Integer.parseInt(text);
  }
}
