/**
 * Compares our payments with MercadoPago's, and queues a look-up for what differs.
 *
 * <p>It may import {@code account}, {@code database}, {@code dispute}, {@code event}, {@code
 * inbox}, {@code mercadopago}, {@code order}, {@code payment}, {@code payment.state}, {@code
 * process}, {@code remote} and {@code text}.
 */
@NullMarked
package dev.acuse.mercadopago.reconciliation;

import org.jspecify.annotations.NullMarked;
