package dev.acuse.admin;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventOperations;

/** {@code pause}: no instance claims any event until {@code resume}; webhooks are still stored. */
final class PauseTask extends OperatorTask {
  private static final int MAX_NAME = 128;

  private final EventOperations operations;

  PauseTask(EventOperations operations, TaskStatus status) {
    super("pause", status, "by");
    this.operations = operations;
  }

  @Override
  public String perform(Parameters parameters) {
    String by = parameters.get("by").text(MAX_NAME);
    if (!operations.pause(by == null ? ACTOR : by)) {
      throw ProblemException.of(ProblemCode.CONFLICT, "The inbox is paused already.");
    }
    return "Paused: webhooks are stored, and none is processed until resume.";
  }
}
