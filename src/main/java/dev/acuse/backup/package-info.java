/**
 * Copies an installation on H2 into one file, and puts such a file in the place of one.
 *
 * <p>It may import {@code admin}, {@code audit}, {@code database}, {@code database.h2}, {@code
 * http}, {@code inbox}, {@code intake}, {@code intake.spool}, {@code process}, {@code recovery} and
 * {@code recovery.journal}.
 */
@NullMarked
package dev.acuse.backup;

import org.jspecify.annotations.NullMarked;
