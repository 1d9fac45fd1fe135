package dev.acuse.intake;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Spreads the look-ups that hints ask for over the next minute. A hint is a delivery that nothing
 * proves: anybody can send one, so it must not cost MercadoPago's patience with us, nor fill a
 * disk. One sender gets a quarter of the rate, so that the hints of others are looked up beside a
 * flood of his; and what finds no place within a minute is refused, so that none that is accepted
 * waits for longer. Thread-safe.
 */
final class HintSchedule {
  /** How far ahead places are given. */
  static final Duration HORIZON = Duration.ofMinutes(1);

  private static final int SECONDS = (int) HORIZON.toSeconds();
  private static final int SENDERS_SHARE = 4;

  private static final String OTHERS = "others";

  private final int perSecond;
  private final int mostSenders;
  private final long senderIntervalNanos;
  private final LongSupplier nanos;
  private final int[] places = new int[SECONDS];
  private final Map<String, Long> nextOfSender = new HashMap<>();
  private long firstSecond;

  /**
   * @param perSecond how many there may be, at least 1
   * @param mostSenders beyond this many within a minute those that are new count as one
   * @param nanos a clock as {@link System#nanoTime} is one, that is never negative
   */
  HintSchedule(int perSecond, int mostSenders, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.mostSenders = mostSenders;
    this.senderIntervalNanos = TimeUnit.SECONDS.toNanos(SENDERS_SHARE) / perSecond;
    this.nanos = nanos;
    this.firstSecond = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
  }

  /**
   * Gives a hint its place.
   *
   * @param sender names the address that it came from
   * @param units how much it counts, at least 1: what is large takes the places of several
   * @return how long it waits; empty if there is no place for it
   */
  synchronized Optional<Duration> reserve(String sender, int units) {
    long now = nanos.getAsLong();
    moveOn(TimeUnit.NANOSECONDS.toSeconds(now));
    String counted = counted(sender, now);
    long earliest = Math.max(now, nextOfSender.getOrDefault(counted, now));
    long place = firstPlace(TimeUnit.NANOSECONDS.toSeconds(earliest));
    if (place < 0) {
      return Optional.empty();
    }
    places[index(place)] += units;
    nextOfSender.put(counted, earliest + units * senderIntervalNanos);
    return Optional.of(Duration.ofNanos(Math.max(earliest, TimeUnit.SECONDS.toNanos(place)) - now));
  }

  /** Whether a hint of this sender would find a place now; none is taken. */
  synchronized boolean hasPlace(String sender) {
    long now = nanos.getAsLong();
    moveOn(TimeUnit.NANOSECONDS.toSeconds(now));
    long earliest = Math.max(now, nextOfSender.getOrDefault(counted(sender, now), now));
    return firstPlace(TimeUnit.NANOSECONDS.toSeconds(earliest)) >= 0;
  }

  /** How many places of the next minute are taken. */
  synchronized long waiting() {
    moveOn(TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong()));
    long sum = 0;
    for (int taken : places) {
      sum += taken;
    }
    return sum;
  }

  /** Whether it would be no other if it were made anew. */
  synchronized boolean isIdle() {
    long now = nanos.getAsLong();
    return waiting() == 0 && nextOfSender.values().stream().allMatch(next -> next <= now);
  }

  /** Seconds that are over are free for others. */
  private void moveOn(long second) {
    for (long over = firstSecond; over < Math.min(second, firstSecond + places.length); over++) {
      places[index(over)] = 0;
    }
    firstSecond = Math.max(firstSecond, second);
  }

  private String counted(String sender, long now) {
    if (nextOfSender.size() >= mostSenders) {
      nextOfSender.values().removeIf(next -> next <= now);
    }
    return nextOfSender.size() < mostSenders || nextOfSender.containsKey(sender) ? sender : OTHERS;
  }

  /** The first second from this one on that has a place; negative if none has. */
  private long firstPlace(long from) {
    for (long second = from; second < firstSecond + SECONDS; second++) {
      if (places[index(second)] < perSecond) {
        return second;
      }
    }
    return -1;
  }

  private int index(long second) {
    return Math.floorMod(second, places.length);
  }
}
