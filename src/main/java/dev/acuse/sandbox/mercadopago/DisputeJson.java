package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Chargebacks and claims as MercadoPago answers them. */
final class DisputeJson {
  /** The one customer of the sandbox. */
  private static final long BUYER = 128_100_001;

  private DisputeJson() {}

  static ObjectNode of(SandboxChargeback chargeback) {
    ObjectNode json = Json.object();
    json.put("id", chargeback.id());
    json.set("payments", payments(chargeback));
    json.put("currency", chargeback.currency());
    BigDecimal amount = Json.money(chargeback.amount());
    if (chargeback.has(SandboxChargeback.Trait.AMOUNT_AS_TEXT)) {
      json.put("amount", amount.toPlainString());
    } else {
      json.put("amount", amount);
    }
    json.put("reason", "general");
    putCoverage(json, chargeback);
    boolean eligible = chargeback.has(SandboxChargeback.Trait.COVERAGE_ELIGIBLE);
    json.put(eligible ? "coverage_eligible" : "coverage_elegible", true);
    json.put("documentation_required", chargeback.deadline() != null);
    json.put("documentation_status", chargeback.documentationStatus());
    json.putArray("documentation");
    json.put("date_documentation_deadline", date(chargeback.deadline()));
    json.put("date_created", date(chargeback.created()));
    json.put("date_last_updated", date(chargeback.lastUpdated()));
    json.put("live_mode", true);
    return json;
  }

  /** Null until it is decided. */
  private static void putCoverage(ObjectNode json, SandboxChargeback chargeback) {
    Boolean coverage = chargeback.coverage();
    if (coverage != null && chargeback.has(SandboxChargeback.Trait.COVERAGE_AS_TEXT)) {
      json.put("coverage_applied", coverage.toString());
    } else {
      json.put("coverage_applied", coverage);
    }
  }

  private static ArrayNode payments(SandboxChargeback chargeback) {
    ArrayNode payments = Json.array();
    for (long id : chargeback.payments()) {
      if (chargeback.has(SandboxChargeback.Trait.PAYMENTS_AS_OBJECTS)) {
        payments.addObject().put("id", id);
      } else {
        payments.add(id);
      }
    }
    return payments;
  }

  static ObjectNode of(SandboxClaim claim, SandboxSeller seller) {
    ObjectNode json = Json.object();
    json.put("id", claim.id());
    json.put("resource", claim.resource());
    // a number for a payment, a text for an order: its ids hold letters
    if (claim.resourceId().matches("\\d{1,18}")) {
      json.put("resource_id", Long.parseLong(claim.resourceId()));
    } else {
      json.put("resource_id", claim.resourceId());
    }
    json.put("status", claim.status());
    json.put("type", claim.type());
    json.put("stage", claim.stage());
    json.putNull("parent_id");
    json.put("reason_id", claim.reasonId());
    json.put("fulfilled", true);
    json.put("quantity_type", "total");
    json.set("players", players(claim, seller));
    json.set("resolution", resolution(claim));
    json.put("site_id", seller.site().name());
    json.put("date_created", date(claim.created()));
    json.put("last_updated", date(claim.lastUpdated()));
    return json;
  }

  private static ArrayNode players(SandboxClaim claim, SandboxSeller seller) {
    ArrayNode players = Json.array();
    ObjectNode buyer = players.addObject();
    buyer.put("role", "complainant").put("type", "buyer").put("user_id", BUYER);
    buyer.putArray("available_actions");
    ObjectNode respondent = players.addObject();
    respondent.put("role", "respondent").put("type", "seller").put("user_id", seller.userId());
    ArrayNode actions = respondent.putArray("available_actions");
    if (claim.dueDate() != null) {
      actions
          .addObject()
          .put("action", "send_message_to_complainant")
          .put("due_date", date(claim.dueDate()))
          .put("mandatory", true);
      actions.addObject().put("action", "refund").putNull("due_date").put("mandatory", false);
    }
    if (claim.stage().equals("dispute")) {
      ObjectNode mediator = players.addObject();
      mediator.put("role", "mediator").put("type", "internal").put("user_id", 0);
      mediator.putArray("available_actions");
    }
    return players;
  }

  private static @Nullable ObjectNode resolution(SandboxClaim claim) {
    if (claim.resolution() == null) {
      return null;
    }
    ObjectNode resolution = Json.object();
    resolution.put("reason", claim.resolution());
    resolution.putArray("decision").add(claim.resolution());
    resolution.put("date_created", date(claim.lastUpdated()));
    return resolution;
  }

  private static @Nullable String date(@Nullable Instant instant) {
    return MercadoPagoDates.write(instant);
  }
}
