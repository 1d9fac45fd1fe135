package dev.acuse.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that brought an event.
 *
 * @param body the exact bytes; empty if there was no body
 * @param queryString the query, still percent-encoded; null if there was none
 * @param headers those that are kept, by lower-case name
 */
// The body is an array for its exact bytes; nobody compares two requests with equals.
@SuppressWarnings("ArrayRecordComponent")
public record ReceivedRequest(
    byte[] body, @Nullable String queryString, Map<String, String> headers) {}
