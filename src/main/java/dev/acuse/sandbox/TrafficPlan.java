package dev.acuse.sandbox;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much {@link CheckoutTraffic} to make, and where.
 *
 * @param acuse the base address of the service
 * @param apiToken of its API; null if it needs none
 * @param count how many customers buy
 * @param pace between one customer and the next, and between the steps of one
 * @param seed of who does what
 */
public record TrafficPlan(
    URI acuse, @Nullable String apiToken, int count, Duration pace, long seed) {

  /** Not with the token. */
  @Override
  public String toString() {
    return "TrafficPlan[acuse=%s, count=%d, pace=%s, seed=%d]".formatted(acuse, count, pace, seed);
  }
}
