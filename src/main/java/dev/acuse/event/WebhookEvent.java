package dev.acuse.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of the inbox, without its payload (which may be large; see {@code
 * EventReader.payload}).
 *
 * @param webhookId the idempotency key
 * @param eventType the provider's topic, as sent
 * @param resourceId the provider's id of what changed; null only while quarantined
 * @param mpPaymentId MercadoPago's payment id, once known
 * @param paymentId the row of our own that stands for that payment, once known
 * @param attempts attempts that count against {@code maxAttempts}; an attempt that met an outage is
 *     given back
 * @param outages attempts given back because the other side was out
 * @param outageSince when the present row of outages began
 * @param nextRetryAt when the event is due; null unless pending
 * @param claimNo grows with every claim and never shrinks: the fencing token of a lease
 * @param rescues claims lost to a process that died
 * @param confirmedAt when the provider confirmed what a quarantined event names; null if it never
 *     was quarantined or is still
 * @param waitsFor the downstream whose outage holds this event back
 * @param retriedAt when an operator last made it due again; null if none ever did
 */
public record WebhookEvent(
    long id,
    String webhookId,
    String source,
    String eventType,
    @Nullable String action,
    @Nullable String resourceId,
    @Nullable String mpPaymentId,
    @Nullable String preferenceId,
    @Nullable Long paymentId,
    EventStatus status,
    int attempts,
    int outages,
    @Nullable Instant outageSince,
    int maxAttempts,
    @Nullable Instant nextRetryAt,
    long claimNo,
    @Nullable Instant claimedAt,
    int rescues,
    @Nullable String waitsFor,
    @Nullable String leaseOwner,
    @Nullable Instant leaseExpiresAt,
    SignatureState signature,
    int deliveries,
    Instant lastDeliveredAt,
    EventOrigin origin,
    @Nullable String lastError,
    @Nullable String lastErrorKind,
    Instant receivedAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant confirmedAt,
    @Nullable Instant retriedAt) {

  /** How the key of a look-up that an operator asks for begins, behind what it is about. */
  public static final String ASKED = "asked:";

  /**
   * Whether an operator asked for this look: an event that was retried, or made for that. An
   * attempt that is under way when an event is retried knows nothing of that, because an event that
   * is worked on is not retried.
   */
  public boolean isAsked() {
    return retriedAt != null || (origin == EventOrigin.MANUAL && webhookId.contains(":" + ASKED));
  }

  /** The event as it is while its next attempt is under way. */
  public WebhookEvent claimed(String owner, Instant now, Instant until) {
    return new WebhookEvent(
        id,
        webhookId,
        source,
        eventType,
        action,
        resourceId,
        mpPaymentId,
        preferenceId,
        paymentId,
        EventStatus.PROCESSING,
        attempts + 1,
        outages,
        outageSince,
        maxAttempts,
        null,
        claimNo + 1,
        now,
        rescues,
        waitsFor,
        owner,
        until,
        signature,
        deliveries,
        lastDeliveredAt,
        origin,
        lastError,
        lastErrorKind,
        receivedAt,
        now,
        finishedAt,
        confirmedAt,
        retriedAt);
  }
}
