package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.math.BigDecimal;
import java.time.Instant;
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
            total,
            currency,
            Json.text(posted, "external_reference"),
            Json.text(posted.path("payer"), "email"),
            collectorId,
            Json.map(posted.path("metadata")));
    return new SandboxPreference(id, first.path("title").asText(), terms, now, posted);
  }

  @Nullable String externalReference() {
    return terms.externalReference();
  }
}
