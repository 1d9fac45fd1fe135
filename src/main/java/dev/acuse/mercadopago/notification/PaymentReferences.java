package dev.acuse.mercadopago.notification;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads which payments an order's notification leads to (MercadoPago's pages on notifications of
 * orders): {@code transactions.payments[].reference.id}. Of a key that is there twice the last one
 * counts, as everywhere in a body. Pure.
 */
final class PaymentReferences {
  /** An order has a few payments; what names more than this is not read on. */
  static final int MOST = 50;

  private PaymentReferences() {}

  /**
   * Reads a value; whatever it is, the parser stands at its last token afterwards.
   *
   * @param parser at the first token of {@code transactions}
   */
  static List<String> of(JsonParser parser) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return List.of();
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isPayments = parser.currentName().equals("payments");
      JsonToken token = parser.nextToken();
      if (isPayments) {
        found.clear();
      }
      if (isPayments && token == JsonToken.START_ARRAY) {
        payments(parser, found);
      } else {
        parser.skipChildren();
      }
    }
    return List.copyOf(found);
  }

  private static void payments(JsonParser parser, Set<String> found) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String id = payment(parser);
      if (id != null && found.size() < MOST) {
        found.add(id);
      }
    }
  }

  private static @Nullable String payment(JsonParser parser) throws IOException {
    String id = null;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isReference = parser.currentName().equals("reference");
      parser.nextToken();
      if (isReference) {
        id = reference(parser);
      } else {
        parser.skipChildren();
      }
    }
    return id;
  }

  private static @Nullable String reference(JsonParser parser) throws IOException {
    String id = null;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isId = parser.currentName().equals("id");
      parser.nextToken();
      String value = NotificationBody.value(parser);
      id = isId ? NotificationBody.number(value) : id;
    }
    return id;
  }
}
