package dev.acuse.access;

import dev.acuse.event.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of the API. The key itself is nowhere; only its hash is stored.
 *
 * @param name unique and for good, because the audit knows a key by it
 * @param tail the last four characters of the key
 * @param createdBy the caller that made it
 * @param expiresAt from then on it is refused; null: never
 * @param lastUsedAt within a minute; null: not yet
 * @param revokedAt since when it is refused; null if it is not
 */
public record ApiKey(
    long id,
    String name,
    AccessRole role,
    Scope scope,
    String tail,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {}
