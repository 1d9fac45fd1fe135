package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.text.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads chargebacks and claims, in each of the shapes that MercadoPago is known to give them. */
final class CaseJson {
  /** A case is about some few payments. */
  private static final int MOST_PAYMENTS = 50;

  private static final int MOST_DECISIONS = 8;
  private static final int SCALE = 4;
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,12})?");

  /** MercadoPago writes {@code 0001-01-01} where it has no date. */
  private static final Instant NO_DATE = Instant.parse("2000-01-01T00:00:00Z");

  private CaseJson() {}

  /**
   * A chargeback.
   *
   * @param id of it
   */
  static Chargeback chargeback(JsonNode json, String id) {
    String whose = "Chargeback " + id;
    Boolean eligible = truth(json, "coverage_eligible");
    return new Chargeback(
        id,
        payments(json),
        MercadoPagoJson.text(json, "status", 64),
        first(
            MercadoPagoJson.text(json, "reason", 128),
            MercadoPagoJson.text(json, "reason_id", 128)),
        amount(json.path("amount")),
        first(
            MercadoPagoJson.text(json, "currency", 8),
            MercadoPagoJson.text(json, "currency_id", 8)),
        date(json, "date_documentation_deadline", whose),
        MercadoPagoJson.text(json, "documentation_status", 64),
        truth(json, "coverage_applied"),
        // sic, in the document
        eligible == null ? truth(json, "coverage_elegible") : eligible,
        date(json, "date_created", whose),
        first(date(json, "date_last_updated", whose), date(json, "last_modified", whose)));
  }

  /** Ids, or objects with an id; beside them, or in their place, a single id. */
  private static List<String> payments(JsonNode json) {
    Set<String> ids = new LinkedHashSet<>();
    for (JsonNode payment : json.path("payments")) {
      if (payment.isObject()) {
        add(
            ids,
            first(MercadoPagoJson.id(payment, "id"), MercadoPagoJson.id(payment, "payment_id")));
      } else {
        add(ids, MercadoPagoJson.idOf(payment));
      }
    }
    add(ids, MercadoPagoJson.id(json, "payment_id"));
    return ids.stream().limit(MOST_PAYMENTS).toList();
  }

  private static void add(Set<String> ids, @Nullable String id) {
    if (id != null) {
      ids.add(id);
    }
  }

  /**
   * A claim.
   *
   * @param id of it
   */
  static Claim claim(JsonNode json, String id) {
    String whose = "Claim " + id;
    return new Claim(
        id,
        MercadoPagoJson.text(json, "resource", 64),
        MercadoPagoJson.id(json, "resource_id"),
        MercadoPagoJson.text(json, "status", 64),
        MercadoPagoJson.text(json, "stage", 64),
        MercadoPagoJson.text(json, "type", 64),
        first(
            MercadoPagoJson.text(json, "reason_id", 128),
            MercadoPagoJson.text(json, "reason", 128)),
        due(json.path("players"), whose),
        resolution(json.path("resolution")),
        date(json, "date_created", whose),
        first(date(json, "last_updated", whose), date(json, "date_last_updated", whose)));
  }

  /** The first date by which the seller must do something. */
  private static @Nullable Instant due(JsonNode players, String whose) {
    Instant first = null;
    for (JsonNode player : players) {
      if (player.path("role").asText().equals("respondent")) {
        for (JsonNode action : player.path("available_actions")) {
          Instant due = date(action, "due_date", whose);
          boolean isMandatory = Boolean.TRUE.equals(truth(action, "mandatory"));
          if (isMandatory && due != null && (first == null || due.isBefore(first))) {
            first = due;
          }
        }
      }
    }
    return first;
  }

  private static @Nullable String resolution(JsonNode resolution) {
    List<String> words = new ArrayList<>();
    JsonNode decisions = resolution.path("decision");
    add(words, resolution.path("reason"));
    add(words, decisions);
    for (int i = 0; i < Math.min(MOST_DECISIONS, decisions.size()); i++) {
      add(words, decisions.path(i));
    }
    return Text.clean(String.join(", ", words), 256);
  }

  private static void add(List<String> words, JsonNode word) {
    if (word.isTextual()) {
      words.add(word.asText());
    }
  }

  /** A number, or a text that looks like one; null for anything else. Rounded to four decimals. */
  private static @Nullable BigDecimal amount(JsonNode node) {
    BigDecimal amount = null;
    if (node.isNumber()) {
      amount = node.decimalValue();
    } else if (node.isTextual() && AMOUNT.matcher(node.asText().strip()).matches()) {
      amount = new BigDecimal(node.asText().strip());
    }
    // What would be dear to write out in full is no amount of money.
    if (amount == null
        || Math.abs((long) amount.scale()) > 12
        || amount.precision() - amount.scale() > 15) {
      return null;
    }
    return amount.setScale(SCALE, RoundingMode.HALF_UP);
  }

  private static @Nullable Boolean truth(JsonNode json, String field) {
    JsonNode node = json.path(field);
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    return switch (node.asText()) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  private static @Nullable Instant date(JsonNode json, String field, String whose) {
    Instant date = MercadoPagoJson.date(json, field, whose);
    return date == null || date.isBefore(NO_DATE) ? null : date;
  }

  private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
    return one == null ? other : one;
  }
}
