package dev.acuse.sandbox;

import java.util.Map;

/**
 * One notification, ready to be sent; sent twice, it is the same delivery twice.
 *
 * @param query of the webhook's address, encoded
 * @param body the exact bytes
 */
// The body is an array for its exact bytes; nobody compares notifications.
@SuppressWarnings("ArrayRecordComponent")
public record Notification(String query, byte[] body, Map<String, String> headers) {}
