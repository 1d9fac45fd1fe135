package dev.acuse.inbox;

import java.time.Duration;

/**
 * How much quarantine may hold, so that a flood of forged requests cannot fill the disk. The oldest
 * go first.
 *
 * @param maxRows at most so many events
 * @param maxBytes at most so many bytes of payload, over all of them
 * @param maxAge none older than this
 */
public record QuarantineBudget(int maxRows, long maxBytes, Duration maxAge) {
  private static final int LEAST_ROWS = 100;
  private static final long LEAST_BYTES = 1L << 20;

  /**
   * The part of one account, so that all together hold no more than this, or a hundred events of
   * one MiB each account where that is more.
   *
   * @param accounts how many accounts there are
   */
  public QuarantineBudget share(int accounts) {
    return accounts < 2
        ? this
        : new QuarantineBudget(
            Math.max(Math.min(LEAST_ROWS, maxRows), maxRows / accounts),
            Math.max(Math.min(LEAST_BYTES, maxBytes), maxBytes / accounts),
            maxAge);
  }
}
