package dev.acuse.doctor;

import dev.acuse.event.Scope;
import dev.acuse.inbox.DeliveryReader;
import dev.acuse.mercadopago.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which topics have come as webhooks, and when the last one did. */
public final class WebhooksCheck {
  private static final Duration LATELY = Duration.ofDays(7);

  private final DeliveryReader deliveries;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public WebhooksCheck(DeliveryReader deliveries, InstantSource clock) {
    this.deliveries = deliveries;
    this.clock = clock;
  }

  /** What there is to say. */
  public List<Finding> look() {
    Map<String, Instant> last = deliveries.last(Scope.everything(), Topic.allNames());
    if (last.isEmpty()) {
      return List.of(
          Finding.advice(
              "webhooks.last",
              "no webhook has come yet: name https://your.host/webhooks/mp in MercadoPago's panel,"
                  + " and have it send a simulated one"));
    }
    List<Finding> found = new ArrayList<>();
    Instant newest = last.values().stream().max(Instant::compareTo).orElseThrow();
    found.add(Finding.ok("webhooks.last", "the last webhook came at " + seconds(newest)));
    found.add(
        last.containsKey(Topic.PAYMENT.code())
            ? Finding.ok(
                "webhooks.payment",
                "payments were told of at " + seconds(last.get(Topic.PAYMENT.code())))
            : Finding.advice(
                "webhooks.payment",
                "no webhook about a payment has come yet: choose Payments in MercadoPago's panel"));
    found.add(topics(last));
    return found;
  }

  private Finding topics(Map<String, Instant> last) {
    Instant lately = clock.instant().minus(LATELY);
    var now = new TreeSet<String>();
    var before = new TreeSet<String>();
    var never = new TreeSet<String>(Topic.allNames());
    never.removeAll(last.keySet());
    last.forEach((topic, at) -> (at.isBefore(lately) ? before : now).add(topic));
    return Finding.ok(
        "webhooks.topics",
        "in the last %d days: %s; before: %s; never: %s"
            .formatted(LATELY.toDays(), list(now), list(before), list(never)));
  }

  private static String list(Set<String> topics) {
    return topics.isEmpty() ? "none" : String.join(", ", topics);
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }
}
