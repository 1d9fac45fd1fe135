package dev.acuse.inbox;

import java.time.Duration;

/**
 * How much quarantine may hold, so that a flood of forged requests cannot fill the disk. The oldest
 * go first.
 *
 * @param maxRows at most so many events
 * @param maxBytes at most so many bytes of payload, over all of them
 * @param maxAge none older than this
 */
public record QuarantineBudget(int maxRows, long maxBytes, Duration maxAge) {}
