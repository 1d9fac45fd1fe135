package dev.acuse.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shapes of MercadoPago's answers, as its API reference and real traffic have them. */
final class MercadoPagoJson {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.ofHours(-4));

  /** Only then does MercadoPago tell who paid. */
  private static final Set<String> SHOWS_PAYER = Set.of("approved", "refunded", "charged_back");

  private MercadoPagoJson() {}

  static Map<String, @Nullable Object> payment(PaymentState payment, long collectorId) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", payment.id());
    json.put("date_created", date(payment.createdAt()));
    json.put(
        "date_approved", payment.status().equals("approved") ? date(payment.updatedAt()) : null);
    json.put("date_last_updated", date(payment.updatedAt()));
    json.put("status", payment.status());
    json.put("status_detail", payment.statusDetail());
    json.put("operation_type", "regular_payment");
    json.put("payment_method_id", "visa");
    json.put("payment_type_id", "credit_card");
    json.put("currency_id", payment.currency());
    json.put("transaction_amount", payment.amount());
    json.put("transaction_amount_refunded", BigDecimal.ZERO);
    json.put("external_reference", payment.externalReference());
    json.put("payer", payer(payment));
    json.put("collector_id", collectorId);
    json.put(
        "order",
        payment.orderId() == 0
            ? Map.of()
            : Map.of("id", String.valueOf(payment.orderId()), "type", "mercadopago"));
    json.put(
        "metadata",
        payment.contactId() == null ? Map.of() : Map.of("contact_id", payment.contactId()));
    json.put("live_mode", true);
    json.put("captured", true);
    json.put("refunds", List.of());
    return json;
  }

  private static Map<String, @Nullable Object> payer(PaymentState payment) {
    Map<String, @Nullable Object> payer = new LinkedHashMap<>();
    payer.put("id", "128100001");
    payer.put("email", SHOWS_PAYER.contains(payment.status()) ? payment.email() : null);
    payer.put("type", null);
    return payer;
  }

  static Map<String, @Nullable Object> order(
      long id,
      @Nullable PreferenceState preference,
      List<PaymentState> payments,
      long collectorId) {
    boolean paid = payments.stream().anyMatch(payment -> payment.status().equals("approved"));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("status", paid ? "closed" : "opened");
    json.put("order_status", paid ? "paid" : "payment_required");
    json.put("external_reference", preference == null ? null : preference.externalReference());
    json.put("preference_id", preference == null ? null : preference.id());
    json.put("payments", payments.stream().map(MercadoPagoJson::orderPayment).toList());
    json.put("total_amount", preference == null ? null : preference.amount());
    json.put("payer", Map.of("id", 128_100_001, "email", ""));
    json.put("collector", Map.of("id", collectorId));
    json.put("cancelled", false);
    return json;
  }

  private static Map<String, Object> orderPayment(PaymentState payment) {
    return Map.of(
        "id", payment.id(),
        "transaction_amount", payment.amount(),
        "total_paid_amount", payment.amount(),
        "currency_id", payment.currency(),
        "status", payment.status(),
        "status_detail", payment.statusDetail(),
        "date_created", date(payment.createdAt()),
        "last_modified", date(payment.updatedAt()),
        "amount_refunded", 0);
  }

  static Map<String, @Nullable Object> preference(
      PreferenceState preference, String host, long collectorId) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", preference.id());
    json.put("init_point", host + "/checkout/v1/redirect?pref_id=" + preference.id());
    json.put("sandbox_init_point", host + "/checkout/v1/redirect?pref_id=" + preference.id());
    json.put("external_reference", preference.externalReference());
    json.put("collector_id", collectorId);
    json.put(
        "items",
        List.of(
            Map.of(
                "title", preference.title(),
                "quantity", 1,
                "unit_price", preference.amount(),
                "currency_id", preference.currency())));
    return json;
  }

  static Reply error(int status, String error, int code, String message) {
    return Reply.json(
        status,
        Map.of(
            "message", message,
            "error", error,
            "status", status,
            "cause", List.of(Map.of("code", code, "description", message))));
  }

  private static String date(Instant instant) {
    return DATE.format(instant);
  }
}
