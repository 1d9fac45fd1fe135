package dev.acuse.mercadopago.notification;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The few fields of a notification's body that say what it is about. Read as a stream, so that the
 * largest and deepest body costs no more memory than its own bytes, and never trusted.
 */
public final class NotificationBody {
  /** What the bytes are. */
  enum Shape {
    EMPTY,
    MALFORMED,
    NOT_AN_OBJECT,
    OBJECT
  }

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,32}");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(200).maxNameLength(4096).build())
          .build();

  private Shape shape = Shape.MALFORMED;
  private @Nullable String id;
  private @Nullable String type;
  private @Nullable String topic;
  private @Nullable String action;
  private @Nullable String resource;
  private @Nullable String dataId;
  private @Nullable String dataPaymentId;
  private @Nullable String userId;
  private @Nullable String applicationId;
  private boolean testMode;
  private List<String> paymentReferences = List.of();

  private NotificationBody() {}

  /** Reads a body; whatever it is, without an exception. */
  public static NotificationBody of(byte[] bytes) {
    var body = new NotificationBody();
    try (JsonParser parser = JSON.createParser(bytes)) {
      body.shape = body.read(parser);
    } catch (IOException e) {
      // the fields read before the flaw are not worth more than the rest
      body = new NotificationBody();
    }
    return body;
  }

  private Shape read(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return Shape.EMPTY;
    }
    if (first == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        topLevel(parser, parser.currentName());
      }
    } else {
      parser.skipChildren();
      value(parser);
    }
    if (parser.nextToken() != null) {
      return Shape.MALFORMED;
    }
    return first == JsonToken.START_OBJECT ? Shape.OBJECT : Shape.NOT_AN_OBJECT;
  }

  private void topLevel(JsonParser parser, String field) throws IOException {
    JsonToken token = parser.nextToken();
    if (field.equals("data")) {
      dataId = null;
      dataPaymentId = null;
      paymentReferences = List.of();
      if (token == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          data(parser, parser.currentName());
        }
        return;
      }
    }
    String value = value(parser);
    switch (field) {
      case "id" -> id = value;
      case "type" -> type = value;
      case "topic" -> topic = value;
      case "action" -> action = value;
      case "resource" -> resource = value;
      case "user_id" -> userId = value;
      case "application_id" -> applicationId = value;
      case "live_mode" -> testMode = token == JsonToken.VALUE_FALSE;
      default -> {}
    }
  }

  private void data(JsonParser parser, String field) throws IOException {
    parser.nextToken();
    if (field.equals("transactions")) {
      paymentReferences = PaymentReferences.of(parser);
      return;
    }
    String value = value(parser);
    switch (field) {
      case "id" -> dataId = value;
      case "payment_id" -> dataPaymentId = value;
      default -> {}
    }
  }

  /** A string or a number as it is written; null for anything else, which is skipped. */
  static @Nullable String value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING || (token != null && token.isNumeric())) {
      // the text, never a number: 1e999999999 is cheap to write and dear to expand
      String text = parser.getText();
      return text.isBlank() ? null : text.strip();
    }
    parser.skipChildren();
    return null;
  }

  Shape shape() {
    return shape;
  }

  @Nullable String id() {
    return id;
  }

  @Nullable String type() {
    return type;
  }

  @Nullable String topic() {
    return topic;
  }

  @Nullable String action() {
    return action;
  }

  @Nullable String resource() {
    return resource;
  }

  @Nullable String dataId() {
    return dataId;
  }

  /**
   * The payment that {@code data.payment_id} names, as of a fraud alert or a chargeback; null if it
   * is no text or number of digits.
   */
  public @Nullable String paymentId() {
    return number(dataPaymentId);
  }

  /**
   * The payments that an order's notification leads to ({@code
   * data.transactions.payments[].reference.id}): digits, each once, in the order sent, at most
   * {@value PaymentReferences#MOST}. What is no text or number of digits is left out: the {@code
   * PAY…} ids of orders are no ids of payments. Empty if there are none.
   */
  public List<String> paymentReferences() {
    return paymentReferences;
  }

  /** The seller that it names, as a number or a text of digits; null if it names none so. */
  @Nullable String userId() {
    return number(userId);
  }

  /**
   * The application that it names, as a number or a text of at most 32 digits; null if it names
   * none so. Nothing proves it.
   */
  public @Nullable String applicationId() {
    return number(applicationId);
  }

  static @Nullable String number(@Nullable String value) {
    return value != null && NUMBER.matcher(value).matches() ? value : null;
  }

  /** Whether it says {@code "live_mode": false}. */
  boolean testMode() {
    return testMode;
  }
}
