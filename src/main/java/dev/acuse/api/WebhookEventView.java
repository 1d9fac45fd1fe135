package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.event.WebhookEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as the API shows it.
 *
 * @param account the name of the account whose it is; null if it is no account's
 */
@JsonNaming(SnakeCaseStrategy.class)
record WebhookEventView(
    long id,
    @Nullable String account,
    String webhookId,
    String source,
    String eventType,
    @Nullable String action,
    @Nullable String resourceId,
    @Nullable String mpPaymentId,
    @Nullable String preferenceId,
    @Nullable Long paymentId,
    String status,
    int attempts,
    int maxAttempts,
    int outages,
    int rescues,
    @Nullable String waitsFor,
    @Nullable Instant nextRetryAt,
    String signature,
    String origin,
    int deliveries,
    Instant lastDeliveredAt,
    @Nullable String lastError,
    @Nullable String lastErrorKind,
    Instant receivedAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant confirmedAt) {

  static WebhookEventView of(WebhookEvent event, AccountNames names) {
    return new WebhookEventView(
        event.id(),
        names.of(event.accountId()),
        event.webhookId(),
        event.source(),
        event.eventType(),
        event.action(),
        event.resourceId(),
        event.mpPaymentId(),
        event.preferenceId(),
        event.paymentId(),
        event.status().code(),
        event.attempts(),
        event.maxAttempts(),
        event.outages(),
        event.rescues(),
        event.waitsFor(),
        event.nextRetryAt(),
        event.signature().code(),
        event.origin().code(),
        event.deliveries(),
        event.lastDeliveredAt(),
        event.lastError(),
        event.lastErrorKind(),
        event.receivedAt(),
        event.updatedAt(),
        event.finishedAt(),
        event.confirmedAt());
  }
}
