/**
 * The operator's console: server-rendered pages, and the stream that keeps them up to date.
 *
 * <p>It may import {@code access}, {@code account}, {@code api}, {@code audit}, {@code condition},
 * {@code console.session}, {@code dispute}, {@code effect}, {@code event}, {@code http}, {@code
 * inbox}, {@code intake}, {@code intake.spool}, {@code mercadopago.notification}, {@code
 * mercadopago.reconciliation}, {@code order}, {@code payment}, {@code payment.state}, {@code
 * process}, {@code remote} and {@code text}.
 */
@NullMarked
package dev.acuse.console;

import org.jspecify.annotations.NullMarked;
