package dev.acuse.event;

import org.jspecify.annotations.Nullable;

/**
 * Which events to list; null means any.
 *
 * @param limit at most so many
 */
public record EventFilter(@Nullable EventStatus status, @Nullable String type, int limit) {}
