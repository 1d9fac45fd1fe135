package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.mercadopago.MercadoPagoOrder.Entry;
import dev.acuse.order.OrderPaymentStatus;
import dev.acuse.order.OrderSnapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads orders of the Orders API (MercadoPago's Java SDK, {@code resources.order}): amounts are
 * texts, some with three decimals, {@code user_id} is a text or a number, and of newer orders only
 * the currency is told.
 */
final class MercadoPagoOrderJson {
  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoOrderJson.class);
  private static final int MAX_REFERENCE_LENGTH = 256;

  /** What {@link OrderSnapshot} and a log can take; 1e999999 is cheap to write. */
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,12})?");

  private static final Pattern NUMERIC = Pattern.compile("[0-9]{1,32}");

  /** The countries in which MercadoPago has sellers, by both of their codes. */
  private static final Map<String, String> CURRENCIES =
      Map.ofEntries(
          Map.entry("ARG", "ARS"),
          Map.entry("AR", "ARS"),
          Map.entry("BRA", "BRL"),
          Map.entry("BR", "BRL"),
          Map.entry("CHL", "CLP"),
          Map.entry("CL", "CLP"),
          Map.entry("COL", "COP"),
          Map.entry("CO", "COP"),
          Map.entry("MEX", "MXN"),
          Map.entry("MX", "MXN"),
          Map.entry("PER", "PEN"),
          Map.entry("PE", "PEN"),
          Map.entry("URY", "UYU"),
          Map.entry("UY", "UYU"));

  private MercadoPagoOrderJson() {}

  /**
   * An order.
   *
   * @return null if it has no id or no status
   */
  static @Nullable MercadoPagoOrder order(JsonNode json) {
    String id = MercadoPagoJson.id(json);
    String status = MercadoPagoJson.text(json, "status", 64);
    if (id == null || status == null) {
      return null;
    }
    var snapshot =
        new OrderSnapshot(
            id,
            MercadoPagoJson.text(json, "type", 32),
            MercadoPagoJson.whole(json, "external_reference", MAX_REFERENCE_LENGTH),
            status,
            MercadoPagoJson.text(json, "status_detail", 128),
            total(json, "total_amount", "amount", id),
            total(json, "total_paid_amount", "paid_amount", id),
            currency(json),
            MercadoPagoJson.date(json, "created_date", "Order " + id),
            MercadoPagoJson.date(json, "last_updated_date", "Order " + id));
    List<Entry> entries = new ArrayList<>();
    for (JsonNode payment : json.path("transactions").path("payments")) {
      entries.add(entry(payment));
    }
    return new MercadoPagoOrder(snapshot, MercadoPagoJson.id(json, "user_id"), entries);
  }

  /** Only Point and QR orders name the numeric id, and theirs may be something else as well. */
  private static Entry entry(JsonNode payment) {
    String id = MercadoPagoJson.id(payment.path("reference"));
    return new Entry(
        MercadoPagoJson.text(payment, "status", 64),
        id != null && NUMERIC.matcher(id).matches() ? id : null);
  }

  private static @Nullable String currency(JsonNode json) {
    String told = MercadoPagoJson.whole(json, "currency", 8);
    String country = MercadoPagoJson.whole(json, "country_code", 8);
    return told == null && country != null
        ? CURRENCIES.get(country.toUpperCase(Locale.ROOT))
        : told;
  }

  /** Where an order tells no total, as of Point, those of its payments that got money are one. */
  private static @Nullable BigDecimal total(
      JsonNode order, String field, String fieldOfOne, String orderId) {
    if (order.hasNonNull(field)) {
      return amount(order, field, orderId);
    }
    BigDecimal total = null;
    for (JsonNode payment : order.path("transactions").path("payments")) {
      String status = MercadoPagoJson.text(payment, "status", 64);
      if (status == null || !OrderPaymentStatus.saysMoney(status)) {
        continue;
      }
      BigDecimal its = amount(payment, fieldOfOne, orderId);
      if (its == null) {
        return null;
      }
      total = total == null ? its : total.add(its);
    }
    return total;
  }

  private static @Nullable BigDecimal amount(JsonNode json, String field, String orderId) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    String text = node.asText().strip();
    if ((node.isTextual() || node.isNumber()) && AMOUNT.matcher(text).matches()) {
      return new BigDecimal(text);
    }
    LOGGER.warn("Order {}: {} is not an amount", orderId, field);
    return null;
  }
}
