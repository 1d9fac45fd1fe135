package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A preference: the page on which a checkout is paid.
 *
 * @param id {@code <collector>-<uuid>}
 * @param title of its first item
 * @param terms of the payments made on it
 * @param posted the request that created it; not to be changed
 */
record SandboxPreference(
    String id, String title, SandboxPayment.Terms terms, Instant created, ObjectNode posted) {
  private static final Set<String> WITHOUT_DECIMALS = Set.of("CLP", "COP", "PYG");

  static SandboxPreference of(String id, long collectorId, Instant now, ObjectNode posted) {
    BigDecimal total = BigDecimal.ZERO;
    for (JsonNode item : posted.path("items")) {
      total =
          total.add(
              item.path("unit_price")
                  .decimalValue()
                  .multiply(item.path("quantity").decimalValue()));
    }
    JsonNode first = posted.path("items").path(0);
    String currency = first.path("currency_id").asText("ARS");
    var terms =
        new SandboxPayment.Terms(
            charged(total, currency),
            currency,
            Json.text(posted, "external_reference"),
            Json.text(posted.path("payer"), "email"),
            collectorId,
            Json.map(posted.path("metadata")));
    return new SandboxPreference(id, first.path("title").asText(), terms, now, posted);
  }

  /**
   * MercadoPago takes any price and charges what the currency has: 100 for 99.999 ARS, whole pesos
   * in Chile and Colombia.
   */
  private static BigDecimal charged(BigDecimal total, String currency) {
    int decimals = WITHOUT_DECIMALS.contains(currency) ? 0 : 2;
    return total.scale() > decimals ? total.setScale(decimals, RoundingMode.CEILING) : total;
  }

  @Nullable String externalReference() {
    return terms.externalReference();
  }
}
