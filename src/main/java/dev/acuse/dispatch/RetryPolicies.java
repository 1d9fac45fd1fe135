package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;

/** The retry policies of the kinds of events. Implementations are thread-safe. */
@FunctionalInterface
public interface RetryPolicies {

  /** The policy of this kind of event, that is of its source and type. */
  RetryPolicy of(WebhookEvent event);
}
