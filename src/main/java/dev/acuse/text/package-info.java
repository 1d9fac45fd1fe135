/**
 * Text from outside, made fit to be shown and stored; the form of an id from outside; and the
 * secret, which nothing shows.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.text;

import org.jspecify.annotations.NullMarked;
