package dev.acuse.inbox;

import dev.acuse.event.EventStatus;

/**
 * How many events arrived in one stretch of time.
 *
 * @param stretch its number, from 0
 * @param status the status that they are in now
 */
public record ArrivalCount(int stretch, EventStatus status, long count) {}
