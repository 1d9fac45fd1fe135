/**
 * The log: readable whatever stands in it, and quiet where libraries repeat themselves.
 *
 * <p>It may import {@code process} and {@code text}.
 */
@NullMarked
package dev.acuse.logging;

import org.jspecify.annotations.NullMarked;
