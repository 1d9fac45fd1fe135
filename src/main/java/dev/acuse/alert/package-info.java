/**
 * Tells operators of what lasts, and of its end.
 *
 * <p>It may import {@code account}, {@code admin}, {@code audit}, {@code condition}, {@code
 * database}, {@code http}, {@code process}, {@code remote} and {@code text}.
 */
@NullMarked
package dev.acuse.alert;

import org.jspecify.annotations.NullMarked;
