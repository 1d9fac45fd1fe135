package dev.acuse.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How what MercadoPago says of an order stands against what is kept of it. */
final class OrderFreshness {
  /** A search may show a date otherwise than a look-up does, cut or rounded to the second. */
  private static final Duration RESOLUTION = Duration.ofSeconds(2);

  private OrderFreshness() {}

  /**
   * Whether the answer to a look-up replaces what is kept. The later date wins, and none is older
   * than any; of one date the later stage, and within a stage the answer, because it was looked up
   * later.
   */
  static boolean replaces(Order kept, OrderSnapshot said) {
    int byDate = compare(said.mpUpdatedAt(), kept.mpUpdatedAt());
    return byDate == 0 ? !isEarlierStage(kept, said) : byDate > 0;
  }

  /** Whether what a search shows is another state than what is kept, and not an older one. */
  static boolean isBehind(Order kept, OrderSnapshot shown) {
    Instant its = shown.mpUpdatedAt();
    Instant ours = kept.mpUpdatedAt();
    if (its != null
        && ours != null
        && Duration.between(ours, its).abs().compareTo(RESOLUTION) >= 0) {
      return its.isAfter(ours);
    }
    return !hasSameWords(kept, shown) && !isEarlierStage(kept, shown);
  }

  private static boolean hasSameWords(Order kept, OrderSnapshot said) {
    return kept.status().equals(said.status())
        && Objects.equals(kept.statusDetail(), said.statusDetail());
  }

  private static boolean isEarlierStage(Order kept, OrderSnapshot said) {
    OrderPaymentStatus ours = OrderPaymentStatus.of(kept.status(), kept.statusDetail());
    return OrderPaymentStatus.of(said.status(), said.statusDetail()).compareTo(ours) < 0;
  }

  private static int compare(@Nullable Instant left, @Nullable Instant right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return left.compareTo(right);
  }
}
