package dev.acuse.admin;

import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventOperations.Change;
import dev.acuse.inbox.EventReader;

/** {@code retry-event}: makes one event due at once, with all its attempts before it. */
final class RetryEventTask extends OperatorTask {
  private static final int MAX_ID = 200;

  private final EventReader events;
  private final EventOperations operations;

  RetryEventTask(EventReader events, EventOperations operations, TaskStatus status) {
    super("retry-event", status, "id");
    this.events = events;
    this.operations = operations;
  }

  @Override
  public String perform(Parameters parameters) {
    Parameter id = parameters.get("id");
    String text = id.text(MAX_ID);
    if (text == null) {
      throw id.invalid("is missing: the numeric id or the webhook id of an event");
    }
    Change change = operations.retry(numberOf(text), request("retry"));
    WebhookEvent event = change.event();
    if (event == null) {
      throw unknown();
    }
    if (!change.done()) {
      throw ProblemException.of(
          ProblemCode.CONFLICT,
          "Event %d (%s) is %s: it cannot be retried."
              .formatted(event.id(), event.webhookId(), event.status().code()));
    }
    return "Event %d (%s) is due now.".formatted(event.id(), event.webhookId());
  }

  /** A webhook id always has a colon, so that digits alone are an id. */
  private long numberOf(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Parameter.id(text)
        : events
            .findByWebhookId(Scope.everything(), text)
            .map(WebhookEvent::id)
            .orElseThrow(RetryEventTask::unknown);
  }

  private static ProblemException unknown() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such event.");
  }
}
