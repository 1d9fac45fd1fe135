package dev.acuse.mercadopago;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A page of the payments that changed in a window of time, the earliest change first. MercadoPago
 * knows the last twelve months.
 *
 * @param begin of the window of {@code date_last_updated}
 * @param end of the window
 * @param limit payments a page; MercadoPago refuses some limit above 100
 * @param offset payments to skip
 * @param collectorId only what this seller was paid; null for what it paid, too
 */
public record PaymentSearch(
    Instant begin, Instant end, int limit, int offset, @Nullable String collectorId) {

  /** A page of what a seller was paid and what it paid. */
  public PaymentSearch(Instant begin, Instant end, int limit, int offset) {
    this(begin, end, limit, offset, null);
  }
}
