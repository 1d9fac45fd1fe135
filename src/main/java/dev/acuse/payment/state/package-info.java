/**
 * What a payment and a checkout are, and the pure rules by which their states are compared, merged
 * and judged together. No SQL stands here.
 *
 * <p>It may import {@code text}.
 */
@NullMarked
package dev.acuse.payment.state;

import org.jspecify.annotations.NullMarked;
