/**
 * Compares our payments with MercadoPago's, and queues a look-up for what differs.
 *
 * <p>It may import {@code event}, {@code inbox}, {@code payment}, {@code remote}, {@code database},
 * {@code process}, {@code text}, {@code mercadopago} and its {@code notification}.
 */
@NullMarked
package dev.acuse.mercadopago.reconciliation;

import org.jspecify.annotations.NullMarked;
