/**
 * What is held against payments: chargebacks of cards, claims of buyers, fraud alerts. A dispute
 * follows from what its case says and from how its payments stand; it never changes a payment.
 *
 * <p>It may import {@code database}, {@code event} and {@code text}.
 */
@NullMarked
package dev.acuse.dispute;

import org.jspecify.annotations.NullMarked;
