/**
 * The admin port: its tasks, its token, and the deletion of what ended long ago.
 *
 * <p>It may import {@code access}, {@code account}, {@code audit}, {@code database}, {@code desk},
 * {@code event}, {@code http}, {@code inbox}, {@code intake}, {@code intake.spool}, {@code
 * logging}, {@code mercadopago.reconciliation}, {@code process} and {@code text}.
 */
@NullMarked
package dev.acuse.admin;

import org.jspecify.annotations.NullMarked;
