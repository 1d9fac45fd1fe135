package dev.acuse.support;

import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** New events for tests. */
public final class Events {
  private Events() {}

  /** A pending payment event with this idempotency key. */
  public static NewEvent pending(String webhookId) {
    return of(webhookId, "138400000001");
  }

  /** A pending event of this payment. */
  public static NewEvent of(String webhookId, String paymentId) {
    return of(
        webhookId,
        paymentId,
        EventStatus.PENDING,
        "{\"data\":{\"id\":\"%s\"}}".formatted(paymentId));
  }

  /** A pending event of this lane. */
  public static NewEvent pending(String webhookId, Lane lane) {
    NewEvent event = pending(webhookId);
    return new NewEvent(
        webhookId,
        event.source(),
        event.eventType(),
        event.action(),
        event.resourceId(),
        event.status(),
        event.reason(),
        event.signature(),
        event.origin(),
        event.rawPayload(),
        event.queryString(),
        event.headers(),
        new Place(Place.MAIN_ACCOUNT, lane, null));
  }

  /** A quarantined event with this body. */
  public static NewEvent quarantined(String webhookId, String body) {
    return of(webhookId, "138400000001", EventStatus.QUARANTINED, body);
  }

  /** An event of the same payment that nothing proves. */
  public static NewEvent hint(String webhookId, EventStatus status, String body) {
    return of(webhookId, "138400000001", status, SignatureState.UNVERIFIABLE, body);
  }

  private static NewEvent of(String webhookId, String resourceId, EventStatus status, String body) {
    return of(webhookId, resourceId, status, SignatureState.VERIFIED, body);
  }

  private static NewEvent of(
      String webhookId,
      String resourceId,
      EventStatus status,
      SignatureState signature,
      String body) {
    return new NewEvent(
        webhookId,
        "mp",
        "payment",
        "payment.updated",
        resourceId,
        status,
        status == EventStatus.PENDING ? null : "a reason",
        signature,
        EventOrigin.WEBHOOK,
        body.getBytes(StandardCharsets.UTF_8),
        "data.id=" + resourceId + "&type=payment",
        Map.of("x-request-id", "abc"));
  }

  /** A claimed event that is in no database. */
  public static WebhookEvent claimed(
      long id, int attempts, int outages, @Nullable Instant outageSince, Instant now) {
    return new WebhookEvent(
        id,
        new WebhookEvent.Subject("w", "mp", "payment", null, "1", null, null, null, Place.MAIN),
        new WebhookEvent.Receipt(EventOrigin.WEBHOOK, SignatureState.VERIFIED, now, 1, now, null),
        new WebhookEvent.Progress(
            EventStatus.PROCESSING,
            attempts,
            4,
            outages,
            outageSince,
            null,
            null,
            null,
            now,
            null,
            null),
        new WebhookEvent.Claim(attempts, 0, now, "me", now));
  }

  /** Writes many finished events at once, past the store. */
  public static void insert(Jdbi jdbi, int count, EventStatus status, Instant now) {
    jdbi.useTransaction(
        handle -> {
          var batch =
              handle.prepareBatch(
                  """
                  INSERT INTO webhook_events (webhook_id, source, event_type, status, max_attempts,
                    raw_payload, payload_size, headers, signature, last_delivered_at, origin,
                    received_at, updated_at, finished_at)
                  VALUES (:webhookId, 'mp', 'payment', :status, 4, :body, 0, '{}', 'verified', :now,
                    'webhook', :now, :now, :now)
                  """);
          for (int i = 0; i < count; i++) {
            batch
                .bind("webhookId", status.code() + "-" + i)
                .bind("status", status.code())
                .bind("body", new byte[0])
                .bind("now", now)
                .add();
          }
          batch.execute();
        });
  }
}
