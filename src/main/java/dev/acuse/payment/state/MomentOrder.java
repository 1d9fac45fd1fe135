package dev.acuse.payment.state;

import java.time.Duration;
import java.time.Instant;

/**
 * The order of MercadoPago's instants. It shows the same moment with milliseconds at one endpoint,
 * and cut or rounded to the second at another, so instants that are close say nothing about which
 * came first. Seen: …47.458 when a payment was made, and …49.000 when it was asked for.
 */
public final class MomentOrder {
  /** Two instants of one endpoint are in no order if they are less than this apart. */
  public static final Duration RESOLUTION = Duration.ofSeconds(1);

  /** The same for instants of two endpoints, each of which may be off by as much. */
  public static final Duration OF_TWO = RESOLUTION.multipliedBy(2);

  private MomentOrder() {}

  /**
   * Compares two instants of one endpoint. Negative if the left one is earlier, positive if it is
   * later, 0 if that cannot be told.
   */
  public static int compare(Instant left, Instant right) {
    return compare(left, right, RESOLUTION);
  }

  /** The same for instants of two endpoints. */
  public static int compareOfTwo(Instant left, Instant right) {
    return compare(left, right, OF_TWO);
  }

  private static int compare(Instant left, Instant right, Duration resolution) {
    boolean isSame = Duration.between(left, right).abs().compareTo(resolution) < 0;
    return isSame ? 0 : left.compareTo(right);
  }

  /**
   * The version of a state that replaces another: the given one, but not an earlier date of the
   * same moment. Otherwise a row could be moved back a little by each answer.
   */
  static Instant replacing(Instant stored, Instant given) {
    return compare(stored, given) == 0 && stored.isAfter(given) ? stored : given;
  }
}
