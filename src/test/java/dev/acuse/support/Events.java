package dev.acuse.support;

import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** New events for tests. */
public final class Events {
  private Events() {}

  /** A pending payment event with this idempotency key. */
  public static NewEvent pending(String webhookId) {
    return of(webhookId, EventStatus.PENDING, "{\"data\":{\"id\":\"138400000001\"}}");
  }

  /** A quarantined event with this body. */
  public static NewEvent quarantined(String webhookId, String body) {
    return of(webhookId, EventStatus.QUARANTINED, body);
  }

  private static NewEvent of(String webhookId, EventStatus status, String body) {
    return new NewEvent(
        webhookId,
        "mp",
        "payment",
        "payment.updated",
        "138400000001",
        status,
        status == EventStatus.PENDING ? null : "a reason",
        SignatureState.VERIFIED,
        EventOrigin.WEBHOOK,
        body.getBytes(StandardCharsets.UTF_8),
        "data.id=138400000001&type=payment",
        Map.of("x-request-id", "abc"));
  }
}
