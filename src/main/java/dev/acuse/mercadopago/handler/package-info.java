/**
 * What an event of MercadoPago leads to: a look-up, a payment brought up to date, tags.
 *
 * <p>It may import {@code event}, {@code dispatch}, {@code payment}, {@code remote}, {@code
 * mercadopago} and its {@code notification}.
 */
@NullMarked
package dev.acuse.mercadopago.handler;

import org.jspecify.annotations.NullMarked;
