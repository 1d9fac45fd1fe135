package dev.acuse.admin;

import dev.acuse.event.Scope;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;

/** {@code process-due}: has the dispatcher look now for what is due, not at its next poll. */
final class ProcessDueTask extends OperatorTask {
  private final EventReader events;
  private final EventOperations operations;

  ProcessDueTask(EventReader events, EventOperations operations, TaskStatus status) {
    super("process-due", status);
    this.events = events;
    this.operations = operations;
  }

  @Override
  public String perform(Parameters parameters) {
    operations
        .paused()
        .ifPresent(
            pause -> {
              throw ProblemException.of(
                  ProblemCode.CONFLICT,
                  "The inbox is paused since %s by %s: resume it first."
                      .formatted(pause.pausedAt(), pause.pausedBy()));
            });
    long due = events.countDue(Scope.everything());
    long pending = events.countPending(Scope.everything());
    operations.processDue();
    return "%d events are due and being claimed; %d more are pending for later."
        .formatted(due, Math.max(0, pending - due));
  }
}
