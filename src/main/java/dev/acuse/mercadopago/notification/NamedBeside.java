package dev.acuse.mercadopago.notification;

import dev.acuse.event.EventOrigin;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.WebhookEvent;
import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.Topic;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a delivery names beside what its event is about. MercadoPago's page Optional
 * notifications shows an order in the body under a query that names a chargeback, and fraud alerts
 * whose query has another id than the payment in the body. Nothing signs a body, so what is found
 * here is a hint, and never more. Pure.
 */
public final class NamedBeside {
  /** A query and a body hardly name more than one thing each. */
  private static final int MOST = 3;

  /**
   * Stands behind the key of a delivery that names something beside, so that its event tells so
   * before what was received is read. No row of before this mark has it: where such a delivery
   * comes again, it is worked off once more.
   */
  private static final String MARK = ":also";

  /** The key of a delivery without the mark. */
  private static final Pattern PLAIN_KEY = Pattern.compile("mp:.+:[0-9a-f]{16}");

  private NamedBeside() {}

  /**
   * Whether an event may name something beside, as far as its row tells: it was marked, or it is
   * not known whether it ought to be. What an operator has retried is read in any case, because it
   * may be older than the mark.
   */
  public static boolean mayBeOf(WebhookEvent event) {
    return event.source().equals(Topic.SOURCE)
        && event.origin() == EventOrigin.WEBHOOK
        && (event.isAsked() || !PLAIN_KEY.matcher(event.webhookId()).matches());
  }

  /**
   * What a stored request names beside its event, each once; empty if it names nothing else.
   *
   * @param type the event's topic
   * @param resourceId what the event is about
   */
  public static List<Named> of(ReceivedRequest request, String type, String resourceId) {
    return of(Delivery.of(request), NotificationBody.of(request.body()), type, resourceId);
  }

  /** The key of a delivery's event, with the mark if it names something beside. */
  static String marked(String key, Delivery delivery, Notification notification, String id) {
    return of(delivery, notification.body(), notification.type(), id).isEmpty() ? key : key + MARK;
  }

  private static List<Named> of(Delivery delivery, NotificationBody body, String type, String id) {
    Set<Named> found = new LinkedHashSet<>();
    Named ofBody = ofBody(body, type, id);
    if (ofBody != null) {
      found.add(ofBody);
    }
    if (Topic.FRAUD_ALERT.isNamed(type)) {
      delivery.queryValues("data.id").forEach(sent -> found.add(new Named(type, sent)));
    }
    return found.stream()
        .filter(named -> !named.isSameAs(type, id))
        .filter(named -> Notification.isUsable(named.resourceId(), named.type()))
        .limit(MOST)
        .toList();
  }

  private static @Nullable Named ofBody(NotificationBody body, String type, String id) {
    String said = body.type() != null ? body.type() : body.topic();
    String its = said != null && TopicChoice.isKept(said) ? said : type;
    String itsId = id(body, its);
    if (itsId == null) {
      // Another topic by the same id, if that topic may have it.
      itsId = Topic.of(its).filter(topic -> topic.hasForm(id)).isPresent() ? id : null;
    }
    if (itsId == null) {
      return null;
    }
    // A name that is not MercadoPago's, of the same resource or beside another such name, tells
    // nothing.
    boolean isMeaningless =
        !Topic.isKnown(its)
            && (itsId.equalsIgnoreCase(id) || type.equals(Notification.UNKNOWN_TYPE));
    return isMeaningless ? null : new Named(its, itsId);
  }

  /** Not the id at the top of the body, which is the notification's own. */
  private static @Nullable String id(NotificationBody body, String type) {
    if (Topic.FRAUD_ALERT.isNamed(type) && body.paymentId() != null) {
      return body.paymentId();
    }
    return body.dataId() != null ? body.dataId() : ResourceUrl.id(body.resource());
  }
}
