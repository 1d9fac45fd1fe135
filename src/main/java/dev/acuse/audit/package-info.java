/**
 * What operators did.
 *
 * <p>It may import {@code database} and {@code text}.
 */
@NullMarked
package dev.acuse.audit;

import org.jspecify.annotations.NullMarked;
