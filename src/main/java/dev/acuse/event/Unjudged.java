package dev.acuse.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a delivery, beside its body, it takes to judge it later: whether it is genuine, and whose
 * it is. It holds a signature, so it goes to no table.
 *
 * @param account the name that its address has; null if it has none
 * @param queryString as received, still percent-encoded
 * @param headers by lower-case name, those that are needed
 */
public record Unjudged(
    @Nullable String account, @Nullable String queryString, Map<String, List<String>> headers) {}
