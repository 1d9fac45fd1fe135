/**
 * What operators did.
 *
 * <p>It may import {@code text}.
 */
@NullMarked
package dev.acuse.audit;

import org.jspecify.annotations.NullMarked;
