package dev.acuse.admin;

import dev.acuse.audit.AuditTrail;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventDesk;

/** {@code pause}: no instance claims any event until {@code resume}; webhooks are still stored. */
final class PauseTask extends OperatorTask {
  private static final int MAX_NAME = 128;

  private final EventDesk desk;
  private final AuditTrail audit;

  PauseTask(EventDesk desk, AuditTrail audit, TaskStatus status) {
    super("pause", status, "by");
    this.desk = desk;
    this.audit = audit;
  }

  @Override
  protected String perform(Parameters parameters) {
    String by = parameters.get("by").text(MAX_NAME);
    String actor = by == null ? ACTOR : by;
    if (!desk.pause(actor)) {
      throw ProblemException.of(ProblemCode.CONFLICT, "The inbox is paused already.");
    }
    audit.record(new AuditTrail.Deed(actor, "pause", null), null, "inbox");
    return "Paused: webhooks are stored, and none is processed until resume.";
  }
}
