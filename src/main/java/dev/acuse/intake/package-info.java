/**
 * Takes webhooks from providers: verify, identify, store, and only then answer.
 *
 * <p>It may import {@code account}, {@code database}, {@code event}, {@code http}, {@code inbox},
 * {@code intake.spool} and {@code process}.
 */
@NullMarked
package dev.acuse.intake;

import org.jspecify.annotations.NullMarked;
