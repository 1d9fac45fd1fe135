package dev.acuse.mercadopago;

import java.time.Instant;

/**
 * A page of the merchant orders that changed in a window of time.
 *
 * @param begin of the window of {@code last_updated}
 * @param end of the window
 * @param limit orders a page
 * @param offset orders to skip
 */
public record OrderSearch(Instant begin, Instant end, int limit, int offset) {}
