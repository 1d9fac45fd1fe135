package dev.acuse.mercadopago.reconciliation;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long an account may be compared before another has its place. It is asked between pages, each
 * of which is written down by then. For one thread.
 */
final class Turn {
  /** After so many pages the place is given up, if another account waits for it. */
  static final int PAGES = 10;

  /** After this time as well, because pages may be slow; but only after the least of pages. */
  static final Duration LASTS = Duration.ofSeconds(10);

  /**
   * With fewer a window would never end: where its payments are through, a turn asks once more for
   * them before it comes to its orders.
   */
  private static final int LEAST_PAGES = 2;

  private final BooleanSupplier ending;
  private final BooleanSupplier othersWait;
  private final LongSupplier nanos;
  private final long begunNanos;
  private int pages;
  private boolean gaveWay;

  /**
   * @param ending whether nothing may go on, as the service stops or the account was paused
   * @param othersWait whether another account is due and has no place
   * @param nanos as {@link System#nanoTime}
   */
  Turn(BooleanSupplier ending, BooleanSupplier othersWait, LongSupplier nanos) {
    this.ending = ending;
    this.othersWait = othersWait;
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
  }

  /** One that lasts until all is through. */
  static Turn endless() {
    return new Turn(() -> false, () -> false, () -> 0);
  }

  /** A page is about to be asked for. */
  void page() {
    pages++;
  }

  /** Whether no further page is to be asked for. */
  boolean isOver() {
    if (ending.getAsBoolean()) {
      return true;
    }
    gaveWay = gaveWay || (isLong() && othersWait.getAsBoolean());
    return gaveWay;
  }

  /** Whether it is over because another account waits. */
  boolean gaveWay() {
    return gaveWay;
  }

  private boolean isLong() {
    return pages >= PAGES
        || (pages >= LEAST_PAGES && nanos.getAsLong() - begunNanos >= LASTS.toNanos());
  }
}
