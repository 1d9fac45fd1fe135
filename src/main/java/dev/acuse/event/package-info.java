/**
 * The inbox itself: webhook events, their attempts, and the only door to their tables.
 *
 * <p>It may import no other package of ours.
 */
@NullMarked
package dev.acuse.event;

import org.jspecify.annotations.NullMarked;
