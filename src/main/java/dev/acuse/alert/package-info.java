/**
 * Tells operators of what lasts, and of its end.
 *
 * <p>It may import what {@code admin} may, {@code admin}, {@code payment} and {@code remote}.
 */
@NullMarked
package dev.acuse.alert;

import org.jspecify.annotations.NullMarked;
