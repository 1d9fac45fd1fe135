package dev.acuse.dispute;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When an open dispute is looked at again, because MercadoPago may have told of a change to no
 * avail, and when it is given up. Pure.
 */
final class LookSchedule {
  /** A fraud alert calls for what is done within days, or never. */
  static final Duration FRAUD_ALERT_LASTS = Duration.ofDays(14);

  /** A case that cannot be read is looked at no more after this time. */
  static final Duration UNREAD_LASTS = Duration.ofDays(180);

  /** MercadoPago takes half a year at most to decide (facts: up to 6 months). */
  static final Duration LASTS = Duration.ofDays(400);

  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final Duration A_WEEK = Duration.ofDays(7);
  private static final Duration FRESH = Duration.ofDays(60);

  /** Looks around the deadline, from it. */
  private static final List<Duration> AROUND =
      List.of(Duration.ofHours(-48), Duration.ofHours(-24), Duration.ofHours(1));

  private LookSchedule() {}

  /**
   * The time of the next look.
   *
   * @param unreadSince since when its case cannot be read or is not known; null if it is known
   */
  static Instant next(
      DisputeKind kind,
      Instant createdAt,
      @Nullable Instant unreadSince,
      @Nullable Instant deadline,
      Instant now) {
    if (kind == DisputeKind.FRAUD_ALERT) {
      return earlier(now.plus(A_DAY), later(createdAt.plus(FRAUD_ALERT_LASTS), now.plus(SHORTEST)));
    }
    if (unreadSince != null) {
      return now.plus(doubling(Duration.between(unreadSince, now)));
    }
    boolean isFresh = createdAt.plus(FRESH).isAfter(now);
    Instant next = now.plus(isFresh ? A_DAY : A_WEEK);
    if (deadline != null) {
      for (Duration around : AROUND) {
        Instant look = deadline.plus(around);
        if (look.isAfter(now)) {
          next = earlier(next, look);
        }
      }
    }
    return next;
  }

  /** Whether it is given up at this time. */
  static boolean isOver(
      DisputeKind kind, Instant createdAt, @Nullable Instant unreadSince, Instant now) {
    if (kind == DisputeKind.FRAUD_ALERT) {
      return !createdAt.plus(FRAUD_ALERT_LASTS).isAfter(now);
    }
    return !createdAt.plus(LASTS).isAfter(now)
        || (unreadSince != null && !unreadSince.plus(UNREAD_LASTS).isAfter(now));
  }

  private static Duration doubling(Duration age) {
    if (age.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return age.compareTo(A_WEEK) < 0 ? age : A_WEEK;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }
}
