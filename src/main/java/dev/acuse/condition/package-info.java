/**
 * What may be wrong, and when it is; the words and the links are those of the readers.
 *
 * <p>It may import {@code event}, {@code inbox}, {@code intake} and its room, {@code payment},
 * {@code remote} and {@code mercadopago.reconciliation}.
 */
@NullMarked
package dev.acuse.condition;

import org.jspecify.annotations.NullMarked;
