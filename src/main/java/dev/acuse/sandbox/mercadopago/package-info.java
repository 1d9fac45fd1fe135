/**
 * A MercadoPago on this machine.
 *
 * <p>It may import {@code sandbox.http}.
 */
@NullMarked
package dev.acuse.sandbox.mercadopago;

import org.jspecify.annotations.NullMarked;
