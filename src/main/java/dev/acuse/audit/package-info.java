/**
 * What operators did.
 *
 * <p>It may import {@code database}.
 */
@NullMarked
package dev.acuse.audit;

import org.jspecify.annotations.NullMarked;
