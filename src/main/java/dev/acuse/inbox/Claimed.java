package dev.acuse.inbox;

import dev.acuse.event.WebhookEvent;
import java.util.List;

/**
 * What a claim took, under one lease.
 *
 * @param leaseId of {@code webhook_leases}; 0 if it took nothing
 * @param events as they are while they are worked on, the first stored first
 */
public record Claimed(long leaseId, List<WebhookEvent> events) {
  static final Claimed NOTHING = new Claimed(0, List.of());

  public Claimed {
    events = List.copyOf(events);
  }
}
