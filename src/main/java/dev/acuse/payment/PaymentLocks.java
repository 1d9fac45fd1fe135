package dev.acuse.payment;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets the handlers of one payment in this process go one after another, so that no two of them
 * insert its row at once. The database would sort that out; but H2 2.4.240 does so in a tight loop,
 * during which other sessions see rows as they were before their last commit. Thread-safe.
 */
final class PaymentLocks {
  private static final int STRIPES = 64;

  private final Lock[] stripes =
      Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(Lock[]::new);

  /** The lock of a payment; other payments may share it. */
  Lock of(String mpPaymentId) {
    return stripes[Math.floorMod(mpPaymentId.hashCode(), STRIPES)];
  }
}
