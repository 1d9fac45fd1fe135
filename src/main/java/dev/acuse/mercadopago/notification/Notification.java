package dev.acuse.mercadopago.notification;

import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.Topic;
import dev.acuse.text.ExternalId;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery says it is about: format, topic and resource, before anything is known of its
 * authenticity.
 *
 * @param ipn whether it is in the legacy format, whose signature can't be verified
 * @param type the topic; {@code unknown} if it has none that can be kept
 * @param resourceId as sent; null if there is none anywhere
 * @param signable the values of the query's {@code data.id}, the only part of a notification that
 *     is signed; of several each may be the signed one, because the address is the merchant's and
 *     may have such a parameter of its own
 */
record Notification(
    boolean ipn,
    String type,
    @Nullable String resourceId,
    List<String> signable,
    NotificationBody body) {
  static final String UNKNOWN_TYPE = "unknown";

  /** So many values of {@code data.id} are held against a signature at most. */
  private static final int MOST_SIGNABLE = 8;

  Notification {
    signable = List.copyOf(signable);
  }

  static Notification of(Delivery delivery) {
    var body = NotificationBody.of(delivery.body());
    List<String> signable =
        delivery.queryValues("data.id").stream().distinct().limit(MOST_SIGNABLE).toList();
    boolean ipn = isIpn(delivery, body, signable);
    String type = TopicChoice.of(delivery, body, ipn);
    String id = resourceId(delivery, body, type, signable);
    return new Notification(ipn, type, id, signable, body);
  }

  /**
   * The same, with the one {@code data.id} that is signed.
   *
   * @param id one of {@code signable}
   */
  Notification signedFor(String id) {
    String named = Topic.FRAUD_ALERT.isNamed(type) ? body.paymentId() : null;
    String about = named == null ? spelled(id, type, body) : named;
    return new Notification(ipn, type, about, List.of(id), body);
  }

  /**
   * The formats are told apart by what is signed: whatever carries a {@code data.id} in the query
   * must prove it, so that leaving out the signature, or adding a {@code topic}, never makes a hint
   * of a webhook.
   */
  private static boolean isIpn(Delivery delivery, NotificationBody body, List<String> signable) {
    if (!signable.isEmpty()) {
      return false;
    }
    boolean inQuery = !delivery.queryValues("topic").isEmpty();
    boolean isWebhook = delivery.queryValues("type").stream().anyMatch(Topic::isKnown);
    return inQuery || (!isWebhook && body.resource() != null && body.topic() != null);
  }

  /**
   * The signed id goes first; what the body names beside it is a hint ({@link NamedBeside}). Only
   * of a fraud alert the payment in the body goes first, because what is signed may be the
   * notification's own id (MercadoPago's page Optional notifications); it then is a hint.
   */
  private static @Nullable String resourceId(
      Delivery delivery, NotificationBody body, String type, List<String> signable) {
    String ofResource = ResourceUrl.id(body.resource());
    String ofQuery = queryId(delivery.queryValues("id"), type, ofResource);
    return Stream.of(
            Topic.FRAUD_ALERT.isNamed(type) ? body.paymentId() : null,
            signable.isEmpty() ? null : spelled(signable.get(0), type, body),
            ofQuery,
            body.dataId(),
            ofResource,
            // of a payment's notification this is the notification's own id
            Topic.PAYMENT.isNamed(type) ? null : body.id())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The merchant's address may have an {@code id} of its own before MercadoPago's. */
  private static @Nullable String queryId(
      List<String> sent, String type, @Nullable String ofResource) {
    if (ofResource != null && sent.contains(ofResource)) {
      return ofResource;
    }
    List<String> usable = sent.stream().filter(id -> isUsable(id, type)).toList();
    List<String> fitting = usable.stream().filter(id -> hasForm(id, type)).toList();
    List<String> choice = !fitting.isEmpty() ? fitting : usable.isEmpty() ? sent : usable;
    return choice.isEmpty() ? null : choice.get(choice.size() - 1);
  }

  /**
   * An id as its topic writes it, where the body does: a signature may be over the id in lower case
   * ({@link MercadoPagoSignature}), and a query might carry it so.
   */
  private static String spelled(String id, String type, NotificationBody body) {
    String other = body.dataId();
    if (other == null || !other.equalsIgnoreCase(id)) {
      return id;
    }
    return !hasForm(id, type) && hasForm(other, type) ? other : id;
  }

  private static boolean hasForm(String id, String type) {
    return Topic.of(type).filter(topic -> topic.hasForm(id)).isPresent();
  }

  /** Whether the query names several resources, of which none is known to be signed. */
  boolean ambiguous() {
    return signable.size() > 1;
  }

  /** Whether the resource id is fit to go into the path of a look-up. */
  boolean hasUsableId() {
    return resourceId != null && isUsable(resourceId, type);
  }

  static boolean isUsable(String id, String type) {
    return ExternalId.matches(id) && Topic.of(type).filter(topic -> topic.refuses(id)).isEmpty();
  }

  /** Whether what it is about is what a signature over its {@code data.id} covers. */
  boolean isAboutWhatIsSigned() {
    return signable.size() == 1 && signable.get(0).equalsIgnoreCase(resourceId);
  }

  /** Whether the body names another resource than the one that is signed. */
  boolean bodyDisagrees() {
    String named = body.dataId();
    return !signable.isEmpty() && named != null && !named.equalsIgnoreCase(signable.get(0));
  }

  /**
   * Whether it says that nobody pays in earnest. Only a payment's notification is taken at its
   * word: those of merchant orders say {@code "live_mode": false} in production too.
   */
  boolean isTest() {
    return Topic.PAYMENT.isNamed(type) && body.testMode();
  }
}
