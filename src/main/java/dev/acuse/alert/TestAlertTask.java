package dev.acuse.alert;

import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.TaskStatus;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;

/** {@code test-alert}: sends a message the way that alerts go. */
final class TestAlertTask extends OperatorTask {
  private final AlertLoop alerts;
  private final AlertStore store;

  TestAlertTask(AlertLoop alerts, AlertStore store, TaskStatus status) {
    super("test-alert", status);
    this.alerts = alerts;
    this.store = store;
  }

  @Override
  public String perform(Parameters parameters) {
    if (!alerts.hasWebhook()) {
      throw ProblemException.of(
          ProblemCode.CONFLICT, "Nobody is to be told: ACUSE_ALERT_WEBHOOK is not set.");
    }
    store.enqueue("This is a test of Acuse's alerts: all is well.");
    return "A test message is stored, and is delivered with the next look.";
  }
}
