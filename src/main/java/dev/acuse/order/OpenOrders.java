package dev.acuse.order;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an order that is open is looked up again, because MercadoPago may end it without a word: the
 * longer it has been open, the later, and at last no more.
 */
final class OpenOrders {
  /** So long after it was made an order is left alone, open or not. */
  static final Duration GIVEN_UP_AFTER = Duration.ofDays(60);

  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(7);

  private OpenOrders() {}

  /**
   * When to look again.
   *
   * @param made when the order was made, by MercadoPago's clock; null if not known
   * @param kept when it first came here
   * @return null for no more
   */
  static @Nullable Instant nextLook(
      OrderPaymentStatus status, @Nullable Instant made, Instant kept, Instant now) {
    Instant since = made == null || made.isAfter(kept) ? kept : made;
    if (!status.isOpen() || !now.isBefore(since.plus(GIVEN_UP_AFTER))) {
      return null;
    }
    Duration wait = Duration.between(since, now).dividedBy(4);
    wait = wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    return now.plus(shortened(wait));
  }

  /**
   * When to look again at an order whose look-up lags behind the search.
   *
   * @param changed when the state that the search shows began; null if not known
   */
  static Instant afterLag(@Nullable Instant changed, Instant now) {
    return changed == null || changed.isAfter(now)
        ? now
        : now.plus(shortened(Duration.between(changed, now)));
  }

  private static Duration shortened(Duration wait) {
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
