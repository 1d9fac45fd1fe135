package dev.acuse.inbox;

import dev.acuse.event.Attempt;
import dev.acuse.event.Lease;
import org.jspecify.annotations.Nullable;

/**
 * The end of one attempt, as {@link EventStore} records it.
 *
 * @param lease under which the attempt ran
 * @param attempt its row in the history
 * @param mpPaymentId what the event turned out to be about; null leaves what is known
 * @param preferenceId as {@code mpPaymentId}
 * @param paymentId as {@code mpPaymentId}
 */
public record Completion(
    Lease lease,
    Attempt attempt,
    @Nullable String mpPaymentId,
    @Nullable String preferenceId,
    @Nullable Long paymentId) {}
