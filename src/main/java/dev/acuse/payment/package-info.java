/**
 * Stores checkouts, payments and the tags that a customer's contact should wear.
 *
 * <p>It may import {@code audit}, {@code database}, {@code effect}, {@code event}, {@code inbox},
 * {@code payment.state}, {@code remote} and {@code text}.
 */
@NullMarked
package dev.acuse.payment;

import org.jspecify.annotations.NullMarked;
