package dev.acuse.admin;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventOperations;

/** {@code resume}: lets all instances claim again. */
final class ResumeTask extends OperatorTask {
  private final EventOperations operations;

  ResumeTask(EventOperations operations, TaskStatus status) {
    super("resume", status);
    this.operations = operations;
  }

  @Override
  public String perform(Parameters parameters) {
    if (!operations.resume(ACTOR)) {
      throw ProblemException.of(ProblemCode.CONFLICT, "The inbox is not paused.");
    }
    return "Resumed: what is due is being processed.";
  }
}
