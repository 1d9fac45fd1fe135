package dev.acuse.alert;

import dev.acuse.account.Accounts;
import dev.acuse.admin.Retention;
import dev.acuse.admin.TaskStatus;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import dev.acuse.condition.PassingConditions;
import dev.acuse.remote.RemoteHttp;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Puts the alerts of an instance together. */
public final class AlertBundle {
  /** What operators are told of; the rest only the console shows, or a health check. */
  static final Set<Kind> KINDS =
      Set.of(
          Kind.FAILED,
          Kind.ACCOUNT_MISMATCH,
          Kind.MISFIT,
          Kind.QUARANTINE_GROWING,
          Kind.UNKNOWN_ACCOUNT,
          Kind.UNACCOUNTED,
          Kind.REBUILT,
          Kind.RESTORED,
          Kind.KEYS,
          Kind.SPOOL_IN_USE,
          Kind.TOKEN_REFUSED,
          Kind.NO_TOKEN,
          Kind.OUT_FOR_LONG,
          Kind.OVERDUE,
          Kind.SET_ASIDE,
          Kind.SILENCE);

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private AlertBundle() {}

  /**
   * Installs them, and the tasks {@code test-alert} and {@code mute-alerts}.
   *
   * @param passing what is told of besides
   * @param accounts of which one may be muted by itself
   * @param clock the database's time
   */
  public static void install(
      Environment environment,
      AlertConfiguration config,
      Jdbi jdbi,
      Conditions conditions,
      List<PassingConditions> passing,
      Accounts accounts,
      InstantSource clock) {
    var store = new AlertStore(jdbi, clock);
    String url = config.webhookUrl().revealOrNull();
    SlackWebhook webhook =
        url == null
            ? null
            : new SlackWebhook(RemoteHttp.client("alerts", TIMEOUT, environment), url, clock);
    var alerts =
        new AlertLoop(
            store,
            webhook,
            () -> conditions.of(KINDS),
            passing,
            conditions::read,
            config.every(),
            clock);
    environment.lifecycle().manage(alerts);
    var status = new TaskStatus();
    status.install(environment, "alert-task-status");
    environment.admin().addTask(new TestAlertTask(alerts, store, status));
    List<String> kinds =
        Stream.concat(
                conditions.of(KINDS).stream().map(Condition::kind),
                passing.stream().flatMap(some -> some.kinds().stream().sorted()))
            .map(Kind::code)
            .distinct()
            .toList();
    environment.admin().addTask(new MuteAlertsTask(store, kinds, accounts, status));
  }

  /** Deletes alerts that are over. */
  public static Retention.Purge retention(Jdbi jdbi, InstantSource clock) {
    return new Retention.Purge("alerts", new AlertStore(jdbi, clock)::purge);
  }
}
