package dev.acuse.intake;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * So many a second for each account, and a quarter of that for each of its senders. All accounts
 * together get as much as some of them; beyond that each gets one a second yet, so that a flood of
 * others takes none of its share away. Thread-safe.
 */
final class SendersShare {
  private static final int SENDERS_SHARE = 4;

  private final int perSecond;
  private final int perSender;
  private final LongSupplier nanos;
  private final Map<Long, Integer> ofAccount = new HashMap<>();
  private final Map<Sender, Integer> ofSender = new HashMap<>();
  private long second;
  private int taken;

  private record Sender(long account, String name) {}

  /**
   * @param perSecond at least 1
   * @param nanos a clock as {@link System#nanoTime} is one
   */
  SendersShare(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.perSender = Math.max(1, perSecond / SENDERS_SHARE);
    this.nanos = nanos;
  }

  /** Whether this sender may take one more of this account in this second. */
  synchronized boolean take(long account, String sender) {
    long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
    if (now != second) {
      second = now;
      taken = 0;
      ofAccount.clear();
      ofSender.clear();
    }
    int ofThis = ofAccount.getOrDefault(account, 0);
    boolean isOverAll = taken >= perSecond * HintSchedules.ACCOUNTS_AT_ONCE && ofThis > 0;
    var key = new Sender(account, sender);
    if (isOverAll || ofThis == perSecond || ofSender.getOrDefault(key, 0) == perSender) {
      return false;
    }
    taken++;
    ofAccount.merge(account, 1, Integer::sum);
    ofSender.merge(key, 1, Integer::sum);
    return true;
  }
}
