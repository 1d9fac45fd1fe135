package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.text.ExternalId;
import dev.acuse.text.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the resources of MercadoPago's API, whose types its own documents don't agree on: an id is
 * a number or a string, an absent object is {@code null} or <code>{}</code>.
 */
final class MercadoPagoJson {
  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoJson.class);
  private static final int MAX_REFERENCE_LENGTH = 256;

  private static final List<String> REFERENCE_KEYS =
      List.of("acuse_external_reference", "external_reference");

  /** MercadoPago is said to rewrite metadata keys: {@code contactId} may come back as either. */
  private static final List<String> CONTACT_KEYS =
      List.of("contact_id", "contactid", "ghl_contact_id");

  private MercadoPagoJson() {}

  /** The resource's own id; null if it has none. */
  static @Nullable String id(JsonNode resource) {
    return id(resource, "id");
  }

  /**
   * A payment.
   *
   * @return null if it has no id or no status
   */
  static @Nullable MercadoPagoPayment payment(JsonNode json) {
    String id = id(json);
    String status = text(json, "status", 64);
    if (id == null || status == null) {
      return null;
    }
    JsonNode metadata = json.path("metadata");
    String collector = id(json, "collector_id");
    var snapshot =
        new PaymentSnapshot(
            id,
            status,
            text(json, "status_detail", 128),
            amount(json, "transaction_amount", id),
            amount(json, "transaction_amount_refunded", id),
            text(json, "currency_id", 8),
            collector == null ? id(json.path("collector")) : collector,
            reference(json, "external_reference"),
            firstReference(metadata),
            null,
            firstContact(metadata),
            whole(json.path("payer"), "email", 254),
            date(json, "date_last_updated", "Payment " + id),
            date(json, "date_approved", "Payment " + id),
            PaymentDetailsJson.read(json));
    return new MercadoPagoPayment(
        snapshot, text(json, "operation_type", 64), id(json.path("order")), orderOf(json));
  }

  /** The order of the Orders API by which it was paid; its {@code order} is empty then. */
  private static @Nullable String orderOf(JsonNode payment) {
    for (JsonNode reference : payment.path("point_of_interaction").path("references")) {
      if (reference.path("type").asText().equals("ORDER_MP")) {
        return id(reference);
      }
    }
    return null;
  }

  /**
   * A merchant order.
   *
   * @param id of the order
   */
  static MerchantOrder merchantOrder(JsonNode json, String id) {
    Map<String, MerchantOrder.Entry> payments = new LinkedHashMap<>();
    for (JsonNode payment : json.path("payments")) {
      String paymentId = id(payment);
      if (paymentId != null) {
        payments.putIfAbsent(paymentId, entry(payment, paymentId));
      }
    }
    return new MerchantOrder(
        id,
        id(json.path("collector")),
        whole(json, "preference_id", 128),
        reference(json, "external_reference"),
        List.copyOf(payments.values()),
        text(json, "order_status", 64),
        date(json, "last_updated", "Merchant order " + id));
  }

  private static MerchantOrder.Entry entry(JsonNode json, String id) {
    return new MerchantOrder.Entry(
        id,
        text(json, "status", 64),
        text(json, "operation_type", 64),
        date(json, "last_modified", "Payment " + id));
  }

  /** A value that is an id itself; null if it is none. */
  static @Nullable String idOf(JsonNode value) {
    return ExternalId.orNull(whole(value, 64));
  }

  /** A text that identifies something: whole, or not at all. */
  static @Nullable String whole(JsonNode json, String field, int maxLength) {
    return whole(json.path(field), maxLength);
  }

  private static @Nullable String whole(JsonNode node, int maxLength) {
    String text = node.isTextual() || node.isIntegralNumber() ? node.asText().strip() : "";
    return text.isEmpty() || text.length() > maxLength || !text.equals(Text.clean(text, maxLength))
        ? null
        : text;
  }

  /** A text that is shown: what it holds that can't be is left out. */
  static @Nullable String text(JsonNode json, String field, int maxLength) {
    JsonNode node = json.path(field);
    return node.isValueNode() && !node.isNull() ? Text.clean(node.asText(), maxLength) : null;
  }

  /** An id that stands in a field; null if there is none. */
  static @Nullable String id(JsonNode json, String field) {
    return ExternalId.orNull(whole(json, field, 64));
  }

  private static @Nullable String reference(JsonNode json, String field) {
    return whole(json, field, MAX_REFERENCE_LENGTH);
  }

  private static @Nullable String firstReference(JsonNode metadata) {
    for (String key : REFERENCE_KEYS) {
      String reference = reference(metadata, key);
      if (reference != null) {
        return reference;
      }
    }
    return null;
  }

  private static @Nullable String firstContact(JsonNode metadata) {
    for (String key : CONTACT_KEYS) {
      String contact = id(metadata, key);
      if (contact != null) {
        return contact;
      }
    }
    return null;
  }

  /** Null for what no amount of money looks like, and what would be dear to write out in full. */
  private static @Nullable BigDecimal amount(JsonNode json, String field, String paymentId) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (node.isNumber()) {
      BigDecimal amount = node.decimalValue();
      if (Math.abs((long) amount.scale()) <= 12 && amount.precision() - amount.scale() <= 15) {
        return amount.scale() < 0 ? amount.setScale(0) : amount;
      }
    }
    LOGGER.warn("Payment {}: {} is not an amount", paymentId, field);
    return null;
  }

  /**
   * A date.
   *
   * @param whose for the log
   * @return null if absent or unreadable
   */
  static @Nullable Instant date(JsonNode json, String field, String whose) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    Instant date = LenientDate.parse(node.asText());
    if (date == null) {
      LOGGER.warn("{}: {} is not a date", whose, field);
    }
    return date;
  }
}
