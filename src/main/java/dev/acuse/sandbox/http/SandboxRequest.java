package dev.acuse.sandbox.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that a sandbox server received, answered or not.
 *
 * @param path percent-encoded, without the query
 * @param query percent-encoded; null if there was none
 * @param headers by lower-case name, without {@code authorization}
 * @param body as UTF-8 text
 * @param caller the account whose token it brought, good or revoked: a seller's user id, a
 *     location's id; null if the token is no account's
 */
public record SandboxRequest(
    String method,
    String path,
    @Nullable String query,
    Map<String, String> headers,
    String body,
    @Nullable String caller) {}
