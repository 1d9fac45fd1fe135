package dev.acuse.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code applications}, secrets as they are sealed. Public, because JDBI makes them. */
public record ApplicationRow(
    long id,
    String uuid,
    String name,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @Nullable Instant clientSecretAt,
    @Nullable String webhookSecrets,
    @Nullable Instant webhookSecretsAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant hiddenAt) {}
