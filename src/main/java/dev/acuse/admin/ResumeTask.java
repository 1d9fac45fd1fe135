package dev.acuse.admin;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventDesk;

/** {@code resume}: lets all instances claim again. */
final class ResumeTask extends OperatorTask {
  private final EventDesk desk;

  ResumeTask(EventDesk desk, TaskStatus status) {
    super("resume", status);
    this.desk = desk;
  }

  @Override
  protected String perform(Parameters parameters) {
    if (!desk.resume(ACTOR)) {
      throw ProblemException.of(ProblemCode.CONFLICT, "The inbox is not paused.");
    }
    return "Resumed: what is due is being processed.";
  }
}
