package dev.acuse.mercadopago;

import java.time.Instant;

/**
 * A page of the payments that changed in a window of time, the earliest change first. MercadoPago
 * knows the last twelve months.
 *
 * @param begin of the window of {@code date_last_updated}
 * @param end of the window
 * @param limit payments a page; MercadoPago refuses some limit above 100
 * @param offset payments to skip
 */
public record PaymentSearch(Instant begin, Instant end, int limit, int offset) {}
