/**
 * Moves an inbox from an H2 file to PostgreSQL: every table, checked row by row.
 *
 * <p>It may import {@code admin}, {@code database}, {@code database.h2}, {@code event}, {@code
 * http}, {@code inbox}, {@code intake}, {@code intake.spool}, {@code process}, {@code recovery} and
 * {@code text}.
 */
@NullMarked
package dev.acuse.move;

import org.jspecify.annotations.NullMarked;
