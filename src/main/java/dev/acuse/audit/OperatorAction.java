package dev.acuse.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a person did to the inbox.
 *
 * @param actor who: a user of the console, {@code loopback}, {@code api-token} or {@code the admin
 *     port}
 * @param action a stable word: {@code retry}, {@code ignore}, {@code release}, …
 * @param eventId the one event that was meant; null if many were, or none
 * @param target what was meant, in words or as a filter
 * @param matched how many that was
 * @param changed how many of them it changed, so far
 * @param reason why, in the person's words
 * @param finishedAt when it was through; null while it is under way
 * @param accountId whose it was about; 0 for one about the installation or about several accounts
 */
public record OperatorAction(
    long id,
    Instant at,
    String actor,
    String action,
    @Nullable Long eventId,
    String target,
    long matched,
    long changed,
    @Nullable String reason,
    @Nullable Instant finishedAt,
    long accountId) {}
