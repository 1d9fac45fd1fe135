/**
 * What an event of MercadoPago leads to: a look-up, a payment brought up to date, tags.
 *
 * <p>It may import {@code account}, {@code dispatch}, {@code dispute}, {@code effect}, {@code
 * event}, {@code mercadopago}, {@code mercadopago.notification}, {@code order}, {@code payment},
 * {@code payment.state} and {@code remote}.
 */
@NullMarked
package dev.acuse.mercadopago.handler;

import org.jspecify.annotations.NullMarked;
