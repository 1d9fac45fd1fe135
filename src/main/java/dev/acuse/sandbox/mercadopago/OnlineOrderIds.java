package dev.acuse.sandbox.mercadopago;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of the Orders API: a prefix before a ULID, which is ten characters of the time and sixteen
 * that tell ids of one millisecond apart. One series for all sellers. Thread-safe.
 */
final class OnlineOrderIds {
  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final char[] LETTERS = "abcdefghijklmnopqrstuvwxyz".toCharArray();

  /** Spreads the count over all characters; odd, and so one to one. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final InstantSource clock;
  private final AtomicLong count = new AtomicLong();

  OnlineOrderIds(InstantSource clock) {
    this.clock = clock;
  }

  /** As {@code ORD01KJ…}. */
  String next(String prefix) {
    long number = count.incrementAndGet();
    var id = new StringBuilder(prefix);
    append(id, clock.millis(), 10);
    append(id, number * SPREAD, 13);
    append(id, number, 3);
    return id.toString();
  }

  /**
   * A payment's {@code reference_id}: ten characters, digits and small letters. It looks like an id
   * and is none that the Payments API knows; it holds a letter, so that no payment can have it.
   */
  String nextReference() {
    long number = count.incrementAndGet();
    return "%09x%c"
        .formatted((number * SPREAD) & 0xF_FFFF_FFFFL, LETTERS[(int) (number % LETTERS.length)]);
  }

  /** The lowest bits, five a character, highest first. */
  private static void append(StringBuilder id, long bits, int characters) {
    for (int i = characters - 1; i >= 0; i--) {
      id.append(DIGITS[(int) (bits >>> (5 * i)) & 31]);
    }
  }
}
