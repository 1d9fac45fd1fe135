/**
 * The REST API: resources, representations, authentication and problem answers.
 *
 * <p>It may import {@code access}, {@code account}, {@code audit}, {@code desk}, {@code dispute},
 * {@code effect}, {@code event}, {@code http}, {@code inbox}, {@code intake}, {@code
 * mercadopago.reconciliation}, {@code order}, {@code payment}, {@code payment.state}, {@code
 * remote} and {@code text}.
 */
@NullMarked
package dev.acuse.api;

import org.jspecify.annotations.NullMarked;
