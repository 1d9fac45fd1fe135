package dev.acuse.dispatch;

import dev.acuse.event.Attempt;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.Ending;

/**
 * An attempt that has ended and is not recorded yet.
 *
 * @param event as claimed
 * @param nanos how long the attempt took
 */
record Attempted(WebhookEvent event, RetryPolicy.Decision decision, Ending ending, long nanos) {
  Attempt attempt() {
    return ending.completion().attempt();
  }
}
