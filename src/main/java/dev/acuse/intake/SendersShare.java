package dev.acuse.intake;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many a second for all senders together, and a quarter of that for each. Thread-safe. */
final class SendersShare {
  private static final int SENDERS_SHARE = 4;

  private final int perSecond;
  private final int perSender;
  private final LongSupplier nanos;
  private final Map<String, Integer> ofSender = new HashMap<>();
  private long second;
  private int taken;

  /**
   * @param perSecond at least 1
   * @param nanos a clock as {@link System#nanoTime} is one
   */
  SendersShare(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.perSender = Math.max(1, perSecond / SENDERS_SHARE);
    this.nanos = nanos;
  }

  /** Whether this sender may take one more in this second. */
  synchronized boolean take(String sender) {
    long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
    if (now != second) {
      second = now;
      taken = 0;
      ofSender.clear();
    }
    if (taken == perSecond || ofSender.getOrDefault(sender, 0) == perSender) {
      return false;
    }
    taken++;
    ofSender.merge(sender, 1, Integer::sum);
    return true;
  }
}
