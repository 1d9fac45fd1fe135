/**
 * Text from outside, made fit to be shown and stored.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.text;

import org.jspecify.annotations.NullMarked;
