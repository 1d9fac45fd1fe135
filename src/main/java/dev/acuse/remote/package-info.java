/**
 * Calling another system: one bounded client, errors sorted by what to do next, and the guards that
 * a client carries: a breaker and a rate.
 *
 * <p>It may import {@code process}.
 */
@NullMarked
package dev.acuse.remote;

import org.jspecify.annotations.NullMarked;
