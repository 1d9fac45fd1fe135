package dev.acuse.inbox;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the inbox holds, and whether its work is being done.
 *
 * @param events how many are in each status, effects' apart
 * @param oldestDueAt since when the event that has been due for longest is waiting; null if none is
 *     due
 * @param waiting how many pending events wait for each downstream that is out
 */
public record Backlog(
    EventCounts events, @Nullable Instant oldestDueAt, Map<String, Long> waiting) {}
