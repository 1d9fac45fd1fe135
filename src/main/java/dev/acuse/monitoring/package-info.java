/**
 * Metrics and health checks.
 *
 * <p>It may import {@code account}, {@code condition}, {@code dispatch}, {@code event}, {@code
 * http.connection}, {@code inbox}, {@code intake}, {@code intake.spool} and {@code remote}.
 */
@NullMarked
package dev.acuse.monitoring;

import org.jspecify.annotations.NullMarked;
