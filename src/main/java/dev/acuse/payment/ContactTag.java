package dev.acuse.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tag that a contact should wear for a payment, and whether it does.
 *
 * @param id the effect's
 * @param appliedAt when the CRM confirmed it; null if it is outstanding
 * @param createdAt since when it is due for this payment
 */
public record ContactTag(
    long id,
    long paymentId,
    String contactId,
    String tag,
    @Nullable Instant appliedAt,
    Instant createdAt) {}
