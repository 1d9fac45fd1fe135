package dev.acuse.inbox;

import java.time.Instant;

/**
 * The inbox is paused: webhooks are stored, and no instance claims any.
 *
 * @param pausedBy who did it
 */
public record Pause(Instant pausedAt, String pausedBy) {}
