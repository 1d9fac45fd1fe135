/**
 * All that H2 needs and PostgreSQL does not, so that its file holds what was acknowledged.
 *
 * <p>It may import {@code database} and {@code process}.
 */
@NullMarked
package dev.acuse.database.h2;

import org.jspecify.annotations.NullMarked;
