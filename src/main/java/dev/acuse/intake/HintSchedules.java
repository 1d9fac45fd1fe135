package dev.acuse.intake;

import dev.acuse.event.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A {@link HintSchedule} for each account, so that a flood of one leaves the others' as they are.
 * All together they give as many places as {@value #ACCOUNTS_AT_ONCE} of them have; an account that
 * has few gets one a second beyond that. Their number is that of the accounts, because what names
 * no account shares one. Thread-safe.
 */
final class HintSchedules {
  /** So many accounts may have all of their rate at once. */
  static final int ACCOUNTS_AT_ONCE = 16;

  private static final int SECONDS = (int) HintSchedule.HORIZON.toSeconds();

  /** Of {@code main}, which may be the only one; the others are many. */
  private static final int MOST_SENDERS_OF_MAIN = 10_000;

  private static final int MOST_SENDERS = 256;

  /** Beyond this many those that nothing waits in are forgotten. */
  private static final int MANY = 64;

  private final int perSecond;
  private final LongSupplier nanos;
  private final Map<Long, HintSchedule> byAccount = new HashMap<>();
  private final long[] given = new long[SECONDS];
  private long latestSecond;
  private long total;

  /**
   * @param perSecond how many there may be of one account, at least 1
   * @param nanos a clock as {@link System#nanoTime} is one, that is never negative
   */
  HintSchedules(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
  }

  /**
   * Gives a hint its place; see {@link HintSchedule#reserve}.
   *
   * @param account the id of the account whose place it takes
   */
  synchronized Optional<Duration> reserve(long account, String sender, int units) {
    HintSchedule schedule = of(account);
    if (isOverAll(schedule)) {
      return Optional.empty();
    }
    Optional<Duration> place = schedule.reserve(sender, units);
    if (place.isPresent()) {
      given[Math.floorMod(latestSecond, SECONDS)] += units;
      total += units;
    }
    return place;
  }

  /** Whether a hint of this sender would find a place now; none is taken. */
  synchronized boolean hasPlace(long account, String sender) {
    HintSchedule schedule = of(account);
    return !isOverAll(schedule) && schedule.hasPlace(sender);
  }

  private boolean isOverAll(HintSchedule schedule) {
    moveOn(TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong()));
    return total >= (long) perSecond * SECONDS * ACCOUNTS_AT_ONCE && schedule.waiting() >= SECONDS;
  }

  private void moveOn(long second) {
    for (long over = latestSecond + 1; over <= Math.min(second, latestSecond + SECONDS); over++) {
      int index = Math.floorMod(over, SECONDS);
      total -= given[index];
      given[index] = 0;
    }
    latestSecond = Math.max(latestSecond, second);
  }

  private HintSchedule of(long account) {
    HintSchedule known = byAccount.get(account);
    if (known != null) {
      return known;
    }
    if (byAccount.size() >= MANY) {
      byAccount.values().removeIf(HintSchedule::isIdle);
    }
    int senders = account == Place.MAIN_ACCOUNT ? MOST_SENDERS_OF_MAIN : MOST_SENDERS;
    HintSchedule made = new HintSchedule(perSecond, senders, nanos);
    byAccount.put(account, made);
    return made;
  }
}
