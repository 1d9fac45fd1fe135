package dev.acuse.mercadopago.notification;

import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.Topics;
import dev.acuse.text.ExternalId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery says it is about: format, topic and resource, before anything is known of its
 * authenticity.
 *
 * @param ipn whether it is in the legacy format, whose signature can't be verified
 * @param type the topic; {@code unknown} if it has none that can be kept
 * @param resourceId as sent; null if there is none anywhere
 * @param signable the query's {@code data.id}, the only part of a notification that is signed
 * @param ambiguous whether the query names several resources, of which only the first can be the
 *     signed one
 */
record Notification(
    boolean ipn,
    String type,
    @Nullable String resourceId,
    @Nullable String signable,
    boolean ambiguous,
    NotificationBody body) {
  static final String UNKNOWN_TYPE = "unknown";

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  static Notification of(Delivery delivery) {
    var body = NotificationBody.of(delivery.body());
    List<String> dataIds =
        delivery.query().getOrDefault("data.id", List.of()).stream()
            .map(String::strip)
            .distinct()
            .toList();
    String signable = delivery.queryValue("data.id");
    String type = type(delivery, body);
    return new Notification(
        isIpn(delivery, body),
        type,
        resourceId(delivery, body, type),
        signable,
        dataIds.size() > 1,
        body);
  }

  /**
   * The formats are told apart by what is signed: whatever carries a {@code data.id} in the query
   * must prove it, so that leaving out the signature, or adding a {@code topic}, never makes a hint
   * of a webhook.
   */
  private static boolean isIpn(Delivery delivery, NotificationBody body) {
    if (delivery.queryValue("data.id") != null) {
      return false;
    }
    boolean inQuery = delivery.queryValue("topic") != null;
    boolean inBody =
        delivery.queryValue("type") == null && body.resource() != null && body.topic() != null;
    return inQuery || inBody;
  }

  private static String type(Delivery delivery, NotificationBody body) {
    String type =
        first(delivery.queryValue("type"), delivery.queryValue("topic"), body.type(), body.topic());
    return type != null && TYPE.matcher(type).matches() ? type : UNKNOWN_TYPE;
  }

  /** The signed id goes first: a body that names another resource is not believed. */
  private static @Nullable String resourceId(
      Delivery delivery, NotificationBody body, String type) {
    return first(
        delivery.queryValue("data.id"),
        delivery.queryValue("id"),
        body.dataId(),
        Topics.isFraudAlert(type) ? body.dataPaymentId() : null,
        lastSegment(body.resource()),
        // of a payment's notification this is the notification's own id
        Topics.isPayment(type) ? null : body.id());
  }

  /** IPN's {@code resource} may be a URL. It is never fetched: whoever sent it chose its host. */
  private static @Nullable String lastSegment(@Nullable String resource) {
    if (resource == null) {
      return null;
    }
    int end = resource.length();
    while (end > 0 && resource.charAt(end - 1) == '/') {
      end--;
    }
    return resource.substring(resource.lastIndexOf('/', end - 1) + 1, end);
  }

  /** Whether the resource id is fit to go into the path of a look-up. */
  boolean hasUsableId() {
    return resourceId != null
        && ExternalId.matches(resourceId)
        && (!Topics.hasNumericIds(type) || DIGITS.matcher(resourceId).matches());
  }

  /** Whether the query or the body also names another resource than the one that can be signed. */
  boolean contradictsItself() {
    boolean bodyDisagrees = body.dataId() != null && !body.dataId().equals(signable);
    return signable != null && (ambiguous || bodyDisagrees);
  }

  /**
   * Whether it says that nobody pays in earnest. Only a payment's notification is taken at its
   * word: those of merchant orders say {@code "live_mode": false} in production too.
   */
  boolean isTest() {
    return Topics.isPayment(type) && body.testMode();
  }

  private static @Nullable String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
