package dev.acuse.event;

/**
 * The right to work on an event. Whoever lost it (because the event was claimed again, by anybody)
 * changes nothing any more.
 *
 * @param owner the process that holds it
 * @param claimNo the event's claim number at the claim: the fencing token
 */
public record Lease(long eventId, String owner, long claimNo) {}
