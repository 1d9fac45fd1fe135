package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.Outcome;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Topic;
import java.util.Locale;
import java.util.Set;

/**
 * Tells what the "Simulate" button of MercadoPago's panel sends from what is meant. Neither its
 * signature nor its {@code live_mode} does: the one is good, and the other is not reliable either
 * way. It names the id 123456 unless another one is typed, and its action may say {@code test.}.
 * Both say no more than that it may be simulated; that MercadoPago does not know the resource
 * settles it.
 */
final class Simulation {
  private static final String ID = "123456";
  private static final String ACTION = "test.";

  /** What an answer says of a resource that this account does not have. */
  private static final Set<String> UNKNOWN = Set.of("not_found", "rejected");

  /** Topics whose resources are users or deliveries: of these one may well have that id. */
  private static final Set<String> OF_ANY_ID = Set.of("mp-connect", "delivery");

  private Simulation() {}

  /**
   * Whether an event whose look-up ended so is simulated.
   *
   * @param lookUp what became of the look-up of its resource
   */
  static boolean isProvenBy(Outcome lookUp, WebhookEvent event) {
    String kind = lookUp.errorKind();
    return kind != null && UNKNOWN.contains(kind) && mayBe(event);
  }

  /** Whether an event of a topic that is never looked up is simulated. */
  static boolean isWithoutLookUp(WebhookEvent event) {
    return mayBe(event)
        && (isTest(event) || !OF_ANY_ID.contains(event.eventType().toLowerCase(Locale.ROOT)));
  }

  /** What is made of one. */
  static Outcome ignored() {
    return Outcome.ignored("a simulated notification from MercadoPago's panel")
        .because(ReasonCode.SIMULATED);
  }

  /** Whether nothing but MercadoPago's answer can tell that an event is not simulated. */
  static boolean mayBe(WebhookEvent event) {
    return event.source().equals(Topic.SOURCE)
        && event.origin() == EventOrigin.WEBHOOK
        && (ID.equals(event.resourceId()) || isTest(event));
  }

  private static boolean isTest(WebhookEvent event) {
    String action = event.action();
    return action != null && action.toLowerCase(Locale.ROOT).startsWith(ACTION);
  }
}
