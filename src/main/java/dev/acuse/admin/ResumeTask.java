package dev.acuse.admin;

import dev.acuse.audit.AuditTrail;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventDesk;

/** {@code resume}: lets all instances claim again. */
final class ResumeTask extends OperatorTask {
  private final EventDesk desk;
  private final AuditTrail audit;
  private final Runnable wake;

  ResumeTask(EventDesk desk, AuditTrail audit, Runnable wake, TaskStatus status) {
    super("resume", status);
    this.desk = desk;
    this.audit = audit;
    this.wake = wake;
  }

  @Override
  protected String perform(Parameters parameters) {
    if (!desk.resume()) {
      throw ProblemException.of(ProblemCode.CONFLICT, "The inbox is not paused.");
    }
    audit.record(deed("resume"), null, "inbox");
    wake.run();
    return "Resumed: what is due is being processed.";
  }
}
