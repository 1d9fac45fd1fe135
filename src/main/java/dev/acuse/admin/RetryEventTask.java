package dev.acuse.admin;

import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventDesk;
import dev.acuse.inbox.EventDesk.Retry;
import dev.acuse.inbox.EventReader;

/** {@code retry-event}: makes one event due at once, with all its attempts before it. */
final class RetryEventTask extends OperatorTask {
  private static final int MAX_ID = 200;

  private final EventReader events;
  private final EventDesk desk;
  private final Runnable wake;

  RetryEventTask(EventReader events, EventDesk desk, Runnable wake, TaskStatus status) {
    super("retry-event", status, "id");
    this.events = events;
    this.desk = desk;
    this.wake = wake;
  }

  @Override
  protected String perform(Parameters parameters) {
    Parameter id = parameters.get("id");
    String text = id.text(MAX_ID);
    if (text == null) {
      throw id.invalid("is missing: the numeric id or the webhook id of an event");
    }
    Retry retry = desk.retry(numberOf(text), deed("retry"));
    WebhookEvent event = retry.event();
    if (event == null) {
      throw unknown();
    }
    if (!retry.retried()) {
      throw ProblemException.of(
          ProblemCode.CONFLICT,
          "Event %d (%s) is %s: it cannot be retried."
              .formatted(event.id(), event.webhookId(), event.status().code()));
    }
    wake.run();
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
