package dev.acuse.sandbox.http;

/**
 * An account of an API, told by the token that a request brings.
 *
 * @param name for the log of requests; no secret
 * @param faults that meet this one's requests only, after those of the server
 */
public record Caller(String name, Faults faults) {}
