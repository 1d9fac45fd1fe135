package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import java.math.BigDecimal;
import java.net.URI;

/** A preference as Checkout Pro reads and answers it. */
final class PreferenceJson {
  private PreferenceJson() {}

  /**
   * What a preference must have: items with a title, a quantity and a price.
   *
   * @throws Refusal a 400; its wording is ours, only its shape is MercadoPago's
   */
  static ObjectNode read(byte[] body) throws Refusal {
    ObjectNode posted = Json.readObject(body);
    if (posted == null) {
      throw MercadoPagoErrors.invalid("bad_request", "The body is not a JSON object");
    }
    JsonNode items = posted.path("items");
    if (!items.isArray() || items.isEmpty()) {
      throw MercadoPagoErrors.invalid("invalid_items", "items needed");
    }
    for (JsonNode item : items) {
      boolean usable =
          Json.text(item, "title") != null
              && item.path("quantity").canConvertToInt()
              && item.path("quantity").intValue() > 0
              && item.path("unit_price").isNumber()
              && item.path("unit_price").decimalValue().compareTo(BigDecimal.ZERO) > 0;
      if (!usable) {
        throw MercadoPagoErrors.invalid(
            "invalid_items", "an item needs a title, a quantity and a unit_price");
      }
    }
    return posted;
  }

  /**
   * The answer to creating and to reading a preference.
   *
   * @param seller whose it is
   * @param base of the page on which it is paid
   */
  static ObjectNode of(SandboxPreference preference, SandboxSeller seller, URI base) {
    ObjectNode json = preference.posted().deepCopy();
    String page = base + CheckoutPage.PATH + "?pref_id=" + preference.id();
    json.put("id", preference.id());
    json.put("collector_id", preference.terms().collectorId());
    json.put("client_id", seller.application().id());
    json.put("date_created", MercadoPagoDates.write(preference.created()));
    json.put("init_point", page);
    json.put("sandbox_init_point", page);
    json.putNull("total_amount");
    json.put("site_id", seller.site().name());
    if (!json.has("external_reference")) {
      json.put("external_reference", "");
    }
    if (!json.has("metadata")) {
      json.putObject("metadata");
    }
    return json;
  }
}
