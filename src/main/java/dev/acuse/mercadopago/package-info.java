/** Everything that knows MercadoPago: its notifications, its signature, its API. */
@NullMarked
package dev.acuse.mercadopago;

import org.jspecify.annotations.NullMarked;
