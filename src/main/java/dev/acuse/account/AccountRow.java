package dev.acuse.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code accounts}, secrets as they are sealed. Public, because JDBI makes them. */
public record AccountRow(
    long id,
    String uuid,
    String name,
    String displayName,
    String state,
    long applicationId,
    @Nullable String mpUserId,
    @Nullable String liveUserId,
    @Nullable String site,
    @Nullable String accessToken,
    @Nullable Instant accessTokenAt,
    @Nullable String refreshToken,
    @Nullable Instant refreshTokenAt,
    @Nullable Instant tokenExpiresAt,
    @Nullable String crmKind,
    @Nullable String crmToken,
    @Nullable Instant crmTokenAt,
    @Nullable String locationId,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant disconnectedAt) {}
