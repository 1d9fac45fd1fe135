/**
 * The journal beside an H2 file: what was acknowledged, once more.
 *
 * <p>It may import {@code database}, {@code event}, {@code inbox}, {@code intake.spool}, {@code
 * payment}, {@code payment.state} and {@code process}.
 */
@NullMarked
package dev.acuse.recovery.journal;

import org.jspecify.annotations.NullMarked;
