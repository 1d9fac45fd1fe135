package dev.acuse.event;

/**
 * Which process run took a webhook in, and which of its arrivals it was: no two arrivals have the
 * same.
 *
 * @param run at most 64 characters, like no other run's
 */
public record Ticket(String run, long number) {}
