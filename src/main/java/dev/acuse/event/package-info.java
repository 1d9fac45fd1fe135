/** The inbox itself: webhook events, their attempts, and the only door to their tables. */
@NullMarked
package dev.acuse.event;

import org.jspecify.annotations.NullMarked;
