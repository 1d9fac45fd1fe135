package dev.acuse.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that is asked for, as it came: any part may be missing or wrong.
 *
 * @param role {@code read}, {@code write}, {@code admin} or {@code link}
 * @param accounts names, or only {@code *}
 * @param expiresAt null: never
 */
public record NewKey(
    @Nullable String name,
    @Nullable String role,
    @Nullable List<String> accounts,
    @Nullable Instant expiresAt) {}
