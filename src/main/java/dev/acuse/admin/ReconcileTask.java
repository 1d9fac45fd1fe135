package dev.acuse.admin;

import dev.acuse.api.ReconciliationResource;
import dev.acuse.audit.AuditTrail;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code reconcile}: asks MercadoPago now for what changed in a window, and heals what differs. */
final class ReconcileTask extends OperatorTask {
  /** Below the time after which the port closes a connection that is silent. */
  private static final long PATIENCE_SECONDS = 20;

  private final Reconciler reconciler;
  private final AuditTrail audit;

  ReconcileTask(Reconciler reconciler, AuditTrail audit, TaskStatus status) {
    super("reconcile", status, "from", "to", "dry-run");
    this.reconciler = reconciler;
    this.audit = audit;
  }

  @Override
  protected String perform(Parameters parameters) {
    Reconciler.Requested requested =
        ReconciliationResource.request(
            reconciler,
            parameters.get("from"),
            parameters.get("to"),
            parameters.get("dry-run").flag(),
            ACTOR);
    audit.record(deed("reconcile"), null, "reconciliation " + requested.run().id());
    try {
      return requested.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS).summary();
    } catch (TimeoutException e) {
      ReconciliationRun run = requested.run();
      return "Run %d is not through yet: /api/reconciliation/%d tells how it goes."
          .formatted(run.id(), run.id());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
