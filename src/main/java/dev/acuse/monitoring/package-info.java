/**
 * Metrics and health checks.
 *
 * <p>It may import {@code condition}, {@code event}, {@code inbox}, {@code intake} and its rooms,
 * {@code dispatch} and {@code remote}.
 */
@NullMarked
package dev.acuse.monitoring;

import org.jspecify.annotations.NullMarked;
