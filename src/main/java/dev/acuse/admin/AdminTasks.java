package dev.acuse.admin;

import dev.acuse.account.Accounts;
import dev.acuse.audit.AuditTrail;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.intake.IntakeWriter;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks of the admin port. */
public final class AdminTasks {
  private AdminTasks() {}

  /**
   * Installs them.
   *
   * @param audit where it is kept what was compared
   * @param spool null if it is off
   * @param clock the database's time
   */
  public static void install(
      Environment environment,
      EventReader events,
      EventOperations operations,
      AuditTrail audit,
      Reconciler reconciler,
      Accounts accounts,
      IntakeWriter writer,
      @Nullable Spool spool,
      InstantSource clock) {
    environment
        .admin()
        .addFilter("no-browser", new NoBrowserFilter())
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/tasks/*");
    environment
        .admin()
        .addFilter("readable-parameters", new ReadableParameters())
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/tasks/*");
    var status = new TaskStatus();
    status.install(environment, "task-status");
    List.of(
            new RetryEventTask(events, operations, status),
            new RetryFailedTask(operations, clock, status),
            new ReconcileTask(reconciler, accounts, audit, status),
            new ProcessDueTask(events, operations, status),
            new PauseTask(operations, status),
            new ResumeTask(operations, status),
            new PurgeTask(operations, status),
            new DrainSpoolTask(writer, spool, status),
            new LogLevelTask(status))
        .forEach(environment.admin()::addTask);
  }
}
