/**
 * What MercadoPago sends: its signature, its identity, and the review of what failed the check.
 *
 * <p>It may import {@code account}, {@code database}, {@code event}, {@code inbox}, {@code intake},
 * {@code mercadopago}, {@code process}, {@code remote} and {@code text}.
 */
@NullMarked
package dev.acuse.mercadopago.notification;

import org.jspecify.annotations.NullMarked;
