/**
 * Everything that knows MercadoPago: its notifications, its signature, its API.
 *
 * <p>It may import {@code order}, {@code payment}, {@code payment.state}, {@code remote} and {@code
 * text}.
 */
@NullMarked
package dev.acuse.mercadopago;

import org.jspecify.annotations.NullMarked;
