/**
 * What every table needs: the clock, the types, the schema's version, and what a failure of the
 * database means.
 *
 * <p>It may import {@code process}.
 */
@NullMarked
package dev.acuse.database;

import org.jspecify.annotations.NullMarked;
