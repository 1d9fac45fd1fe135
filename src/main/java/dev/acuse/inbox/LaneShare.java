package dev.acuse.inbox;

import dev.acuse.event.Lane;

/**
 * How many events a claim takes from a lane.
 *
 * @param limit at most so many; at least 1
 */
public record LaneShare(Lane lane, int limit) {}
