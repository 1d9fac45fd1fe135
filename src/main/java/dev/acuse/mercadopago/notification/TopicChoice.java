package dev.acuse.mercadopago.notification;

import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.Topic;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds a delivery's topic. The address is the merchant's, and may have a {@code type} or a {@code
 * topic} of its own beside MercadoPago's. Pure.
 */
final class TopicChoice {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

  private TopicChoice() {}

  /** The topic; {@link Notification#UNKNOWN_TYPE} if there is none that can be kept. */
  static String of(Delivery delivery, NotificationBody body, boolean ipn) {
    List<String> types = delivery.queryValues("type");
    List<String> topics = delivery.queryValues("topic");
    String ofBody = body.type() != null ? body.type() : body.topic();
    List<String> first = ipn ? topics : types;
    String found = choose(first.isEmpty() ? (ipn ? types : topics) : first, ofBody, ipn);
    return found != null && isKept(found) ? found : Notification.UNKNOWN_TYPE;
  }

  /** Whether a topic's name is fit to be kept. */
  static boolean isKept(String name) {
    return FORM.matcher(name).matches();
  }

  /**
   * A known one goes first; of several the body's, or the last, because MercadoPago appends its
   * own.
   */
  private static @Nullable String choose(List<String> sent, @Nullable String ofBody, boolean ipn) {
    List<String> known = sent.stream().filter(Topic::isKnown).toList();
    if (known.isEmpty() && ipn && ofBody != null && Topic.isKnown(ofBody)) {
      return ofBody;
    }
    List<String> choice = known.isEmpty() ? sent : known;
    if (choice.isEmpty() || (ofBody != null && choice.contains(ofBody))) {
      return ofBody;
    }
    return choice.get(choice.size() - 1);
  }
}
