package dev.acuse.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tag that a contact should wear for a payment, and whether it does.
 *
 * @param claimedUntil until when a handler keeps it for itself; null if none does
 * @param appliedAt when the CRM confirmed it; null if it is outstanding
 */
public record ContactTag(
    long id,
    long paymentId,
    String contactId,
    String tag,
    @Nullable Instant claimedUntil,
    @Nullable Instant appliedAt,
    Instant createdAt) {

  /** Whether no handler keeps it for itself; a claim that ran out is none. */
  boolean isFree(Instant now) {
    return claimedUntil == null || claimedUntil.isBefore(now);
  }
}
