package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.payment.state.PaymentDetails;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a payment what no rule judges it by. What is not as expected is left out without a word,
 * because nothing depends on it and MercadoPago gives much of it in some statuses only.
 */
final class PaymentDetailsJson {
  private static final int MAX_TEXT = 256;
  private static final int MAX_INSTALMENTS = 1_000;

  private PaymentDetailsJson() {}

  static PaymentDetails read(JsonNode json) {
    return new PaymentDetails(
        MercadoPagoJson.text(json, "payment_method_id", 64),
        MercadoPagoJson.text(json, "payment_type_id", 64),
        lastFour(json.path("card")),
        instalments(json.path("installments")),
        fee(json.path("fee_details")),
        amount(json.path("transaction_details").path("net_received_amount")),
        releaseAt(json.path("money_release_date")),
        payerName(json),
        product(json));
  }

  /** Digits and nothing else: a card's number must never be kept in full. */
  private static @Nullable String lastFour(JsonNode card) {
    String digits = MercadoPagoJson.whole(card, "last_four_digits", 4);
    return digits != null && digits.matches("[0-9]{4}") ? digits : null;
  }

  private static @Nullable Integer instalments(JsonNode number) {
    return number.isIntegralNumber()
            && number.canConvertToInt()
            && number.asInt() > 0
            && number.asInt() <= MAX_INSTALMENTS
        ? number.asInt()
        : null;
  }

  /** What the seller pays; a payer's own costs, as for instalments, are none of the seller's. */
  private static @Nullable BigDecimal fee(JsonNode fees) {
    BigDecimal sum = null;
    for (JsonNode fee : fees) {
      BigDecimal amount = amount(fee.path("amount"));
      if (amount != null && !fee.path("fee_payer").asText("").equals("payer")) {
        sum = sum == null ? amount : sum.add(amount);
      }
    }
    return sum;
  }

  private static @Nullable BigDecimal amount(JsonNode number) {
    if (!number.isNumber()) {
      return null;
    }
    BigDecimal amount = number.decimalValue();
    boolean isMoney =
        Math.abs((long) amount.scale()) <= 12 && amount.precision() - amount.scale() <= 15;
    return !isMoney ? null : amount.scale() < 0 ? amount.setScale(0) : amount;
  }

  /** A date, or by one of MercadoPago's documents a word such as {@code pending}. */
  private static @Nullable Instant releaseAt(JsonNode date) {
    return date.isTextual() ? LenientDate.parse(date.asText()) : null;
  }

  private static @Nullable String payerName(JsonNode json) {
    String first = name(json.path("payer"), "first_name");
    String last = name(json.path("payer"), "last_name");
    if (first == null && last == null) {
      return name(json.path("card").path("cardholder"), "name");
    }
    return first == null ? last : last == null ? first : first + " " + last;
  }

  private static @Nullable String name(JsonNode json, String field) {
    String name = MercadoPagoJson.text(json, field, MAX_TEXT);
    return name == null || name.isBlank() ? null : name.strip();
  }

  private static @Nullable String product(JsonNode json) {
    String description = name(json, "description");
    return description == null
        ? name(json.path("additional_info").path("items").path(0), "title")
        : description;
  }
}
