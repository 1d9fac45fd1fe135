/**
 * Text from outside, made fit to be shown and stored; and the form of an id from outside.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.text;

import org.jspecify.annotations.NullMarked;
