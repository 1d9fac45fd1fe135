package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;

/**
 * Does what an event asks for. Implementations are thread-safe, and every step of theirs is
 * idempotent: a retry repeats the whole of {@link #handle}.
 */
public interface EventHandler {

  /** Whether this handler is the one for the event. */
  boolean handles(WebhookEvent event);

  /**
   * Makes our side match what is true now. Runs in a worker's thread, outside any transaction, and
   * may be interrupted.
   *
   * @param attempt where the handler reports its steps and what the event turned out to be about
   * @return what the attempt came to; an exception counts as a failure of the event's own
   */
  Outcome handle(WebhookEvent event, AttemptLog attempt);
}
