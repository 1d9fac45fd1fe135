package dev.acuse.sandbox.mercadopago;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of payments and merchant orders, one series for all sellers. They grow from the clock, so
 * that a sandbox started anew does not give an id a second meaning to a service that kept its data.
 * They are as long as MercadoPago's. Thread-safe.
 */
final class ResourceIds {
  private final AtomicLong lastPayment;
  private final AtomicLong lastOrder;

  ResourceIds(InstantSource clock) {
    this.lastPayment = new AtomicLong(clock.instant().getEpochSecond() * 100);
    this.lastOrder = new AtomicLong(clock.instant().getEpochSecond() * 10);
  }

  /** For a payment or a refund. */
  long nextPayment() {
    return lastPayment.incrementAndGet();
  }

  long nextOrder() {
    return lastOrder.incrementAndGet();
  }
}
