package dev.acuse.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into the store.
 *
 * @param webhookId the idempotency key: two new events with the same key are one event
 * @param status {@link EventStatus#PENDING}, {@link EventStatus#IGNORED} or {@link
 *     EventStatus#QUARANTINED}
 * @param reason why it is ignored or quarantined; null if it is pending
 * @param rawPayload the exact bytes received
 * @param queryString the query as received, still percent-encoded
 * @param headers the allow-listed headers, by lower-case name
 */
// The payload is an array for its exact bytes; nobody compares two new events with equals.
@SuppressWarnings("ArrayRecordComponent")
public record NewEvent(
    String webhookId,
    String source,
    String eventType,
    @Nullable String action,
    @Nullable String resourceId,
    EventStatus status,
    @Nullable String reason,
    SignatureState signature,
    EventOrigin origin,
    byte[] rawPayload,
    @Nullable String queryString,
    Map<String, String> headers) {

  /**
   * An event of our own making: a look-up that an operator, a checkout or reconciliation asks for.
   */
  public static NewEvent lookUp(
      String webhookId, String source, String eventType, String resourceId, EventOrigin origin) {
    return new NewEvent(
        webhookId,
        source,
        eventType,
        null,
        resourceId,
        EventStatus.PENDING,
        null,
        SignatureState.UNCHECKED,
        origin,
        new byte[0],
        null,
        Map.of());
  }
}
