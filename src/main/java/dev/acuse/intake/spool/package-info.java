/**
 * Webhooks that wait on disk for a database that is out.
 *
 * <p>It may import {@code event} and {@code process}.
 */
@NullMarked
package dev.acuse.intake.spool;

import org.jspecify.annotations.NullMarked;
