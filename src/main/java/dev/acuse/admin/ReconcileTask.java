package dev.acuse.admin;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.audit.AuditTrail;
import dev.acuse.http.Parameter;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import dev.acuse.mercadopago.reconciliation.ReconciliationWindow;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code reconcile}: asks MercadoPago now for what changed in a window, and heals what differs. */
final class ReconcileTask extends OperatorTask {
  /** Below the time after which the port closes a connection that is silent. */
  private static final long PATIENCE_SECONDS = 20;

  private final Reconciler reconciler;
  private final Accounts accounts;
  private final AuditTrail audit;

  ReconcileTask(Reconciler reconciler, Accounts accounts, AuditTrail audit, TaskStatus status) {
    super("reconcile", status, "account", "from", "to", "dry-run");
    this.reconciler = reconciler;
    this.accounts = accounts;
    this.audit = audit;
  }

  @Override
  public String perform(Parameters parameters) {
    Reconciler.Requested requested =
        request(
            parameters.get("account"),
            parameters.get("from"),
            parameters.get("to"),
            parameters.get("dry-run").flag());
    ReconciliationRun run = requested.run();
    audit.record(run.accountId(), request("reconcile"), null, "reconciliation " + run.id());
    try {
      return requested.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS).summary();
    } catch (TimeoutException e) {
      return "Run %d is not through yet: /api/reconciliation/%d tells how it goes."
          .formatted(run.id(), run.id());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Reconciler.Requested request(
      Parameter name, Parameter from, Parameter to, boolean dryRun) {
    Account account = account(name);
    try {
      return reconciler.request(account.id(), from.instant(), to.instant(), dryRun, ACTOR);
    } catch (Reconciler.NotActiveException e) {
      throw name.invalid(String.valueOf(e.getMessage()));
    } catch (ReconciliationWindow.InvalidException e) {
      throw from.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** At this port everything is seen, and main is meant where none is named. */
  private Account account(Parameter name) {
    String value = name.value();
    if (value == null) {
      return accounts.current().main();
    }
    return accounts
        .current()
        .byName(value)
        .or(() -> accounts.fresh().accounts().byName(value))
        .orElseThrow(() -> name.invalid("must be the name of an account"));
  }
}
