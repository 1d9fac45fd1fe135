package dev.acuse.sandbox.mercadopago;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of chargebacks and claims, one series each for all sellers. They grow from the clock, as
 * those of payments do. Thread-safe.
 */
final class DisputeIds {
  /** With it ids have 18 digits, beyond the 53 bits of a JavaScript number. */
  private static final long CHARGEBACKS = 217_000_000_000_000_000L;

  private static final long PER_SECOND = 10_000;

  private final AtomicLong lastChargeback;
  private final AtomicLong lastClaim;

  DisputeIds(InstantSource clock) {
    long now = clock.instant().getEpochSecond();
    this.lastChargeback = new AtomicLong(CHARGEBACKS + now * PER_SECOND);
    this.lastClaim = new AtomicLong(now * 3);
  }

  String nextChargeback() {
    return Long.toString(lastChargeback.incrementAndGet());
  }

  long nextClaim() {
    return lastClaim.incrementAndGet();
  }
}
