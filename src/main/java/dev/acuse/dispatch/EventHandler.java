package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;
import java.util.Set;

/**
 * Does what an event asks for. Implementations are thread-safe, and every step of theirs is
 * idempotent: a retry repeats the whole of {@link #handle}.
 */
public interface EventHandler {

  /** The source whose events it takes. */
  String source();

  /** The types of these, in lower case; an event's is compared in whatever case it has. */
  Set<String> eventTypes();

  /**
   * Makes our side match what is true now. Runs in a worker's thread, outside any transaction, and
   * may be interrupted.
   *
   * @param attempt where the handler reports its steps and what the event turned out to be about
   * @return what the attempt came to; an exception counts as a failure of the event's own
   */
  Outcome handle(WebhookEvent event, AttemptLog attempt);
}
