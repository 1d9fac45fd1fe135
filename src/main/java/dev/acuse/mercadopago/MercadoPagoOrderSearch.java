package dev.acuse.mercadopago;

import java.time.Duration;
import java.time.Instant;

/**
 * A page of the orders that were made in a window of time.
 *
 * @param begin of the window of {@code created_date}
 * @param end of the window, at most {@link #LONGEST} later
 * @param limit orders a page
 * @param page which page, from 0
 */
public record MercadoPagoOrderSearch(Instant begin, Instant end, int limit, int page) {
  /** MercadoPago refuses a minute more than thirty days. */
  public static final Duration LONGEST = Duration.ofDays(29);
}
