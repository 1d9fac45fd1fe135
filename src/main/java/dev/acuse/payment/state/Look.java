package dev.acuse.payment.state;

import java.time.Instant;

/**
 * When a look-up at MercadoPago was begun, and whether it may overrule what is stored.
 *
 * <p>An answer is as fresh as the beginning of its look-up: what was under way before an operator
 * asked for a retry tells nothing of what was true after.
 *
 * @param begunAt before the request was sent, by the database's clock, to the microsecond
 * @param overrules whether an operator asked for it: then its answer is applied even if what is
 *     stored looks newer by MercadoPago's own date
 */
public record Look(Instant begunAt, boolean overrules) {}
