/**
 * A broken H2 file is no end: the journal beside it, and the file that is made anew.
 *
 * <p>It may import {@code database}, {@code database.h2}, {@code intake.spool}, {@code process},
 * {@code recovery.file} and {@code recovery.journal}.
 */
@NullMarked
package dev.acuse.recovery;

import org.jspecify.annotations.NullMarked;
