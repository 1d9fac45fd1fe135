/**
 * The admin port: its tasks, its token, and the deletion of what ended long ago.
 *
 * <p>It may import {@code event}, {@code inbox}, {@code audit}, {@code intake}, {@code
 * intake.spool}, {@code http}, {@code database}, {@code process}, {@code text}, {@code logging} and
 * {@code mercadopago.reconciliation}.
 */
@NullMarked
package dev.acuse.admin;

import org.jspecify.annotations.NullMarked;
