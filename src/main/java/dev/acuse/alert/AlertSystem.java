package dev.acuse.alert;

import dev.acuse.admin.Retention;
import dev.acuse.admin.TaskStatus;
import dev.acuse.audit.AuditTrail;
import dev.acuse.inbox.EventDesk;
import dev.acuse.inbox.EventReader;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.ReconciliationConfiguration;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.Downstream;
import dev.acuse.remote.RemoteHttp;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Puts the alerts of an instance together. */
public final class AlertSystem {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private AlertSystem() {}

  /**
   * Installs them, and the tasks {@code test-alert} and {@code mute-alerts}.
   *
   * @param spool null if it is off
   * @param audit where it is kept who muted what
   * @param rebuilt says that a broken database was made anew lately; null if it was not
   * @param clock the database's time
   */
  public static void install(
      Environment environment,
      AlertConfiguration config,
      Jdbi jdbi,
      EventReader events,
      EventDesk desk,
      PaymentReader payments,
      List<Downstream> downstreams,
      @Nullable Spool spool,
      BookKeeper books,
      AuditTrail audit,
      ReconciliationConfiguration reconciliation,
      Supplier<@Nullable String> rebuilt,
      InstantSource clock) {
    var store = new AlertStore(jdbi, clock);
    String url = config.webhookUrl();
    SlackWebhook webhook =
        url == null
            ? null
            : new SlackWebhook(RemoteHttp.client("alerts", TIMEOUT, environment), url, clock);
    List<AlertCheck> checks =
        new AlertChecks(events, desk, payments, new ReconciliationReader(jdbi), config, clock)
            .of(downstreams, spool, books, reconciliation, rebuilt);
    var alerts = new Alerts(store, webhook, checks, config.every(), clock);
    environment.lifecycle().manage(alerts);
    var status = new TaskStatus();
    status.install(environment, "alert-task-status");
    environment.admin().addTask(new TestAlertTask(alerts, store, status));
    environment
        .admin()
        .addTask(
            new MuteAlertsTask(
                store, checks.stream().map(AlertCheck::kind).distinct().toList(), audit, status));
  }

  /** Deletes alerts that are over. */
  public static Retention.Purge retention(Jdbi jdbi, InstantSource clock) {
    return new Retention.Purge("alerts", new AlertStore(jdbi, clock)::purge);
  }
}
