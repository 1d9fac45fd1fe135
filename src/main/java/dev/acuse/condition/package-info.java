/**
 * What may be wrong, and when it is; the words and the links are those of the readers.
 *
 * <p>It may import {@code account}, {@code dispute}, {@code event}, {@code inbox}, {@code intake},
 * {@code intake.spool}, {@code mercadopago.reconciliation}, {@code payment}, {@code payment.state}
 * and {@code remote}.
 */
@NullMarked
package dev.acuse.condition;

import org.jspecify.annotations.NullMarked;
