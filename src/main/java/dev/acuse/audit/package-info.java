/**
 * What operators did.
 *
 * <p>It may import {@code database}, {@code event} and {@code text}.
 */
@NullMarked
package dev.acuse.audit;

import org.jspecify.annotations.NullMarked;
