package dev.acuse.intake;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * Spreads the look-ups that hints ask for. A hint is a delivery whose signature cannot be checked:
 * anybody can send one, so it must not cost MercadoPago's patience with us. A flood of hints is
 * stored like anything else and looked up at a rate of its own. Thread-safe.
 */
final class HintRate {
  /** Beyond this much of a queue a hint waits no longer: the flood is then a day deep. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final RateLimiter limiter;

  HintRate(int perSecond) {
    this.limiter =
        RateLimiter.of(
            "hints",
            RateLimiterConfig.custom()
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .limitForPeriod(perSecond)
                .timeoutDuration(LONGEST_WAIT)
                .build());
  }

  /** How long the next hint waits for its look-up. */
  Duration reserve() {
    long nanos = limiter.reservePermission();
    return nanos < 0 ? LONGEST_WAIT : Duration.ofNanos(nanos);
  }
}
