package dev.acuse.console;

import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import dev.acuse.api.AccountNames;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Problem;
import dev.acuse.condition.Reading;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.Backlog;
import dev.acuse.intake.spool.Spool;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.remote.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether everything is all right, and if not, what is not. */
final class ServiceHealth {
  /** A condition that the page shows: the key of its sentence, and where to look. */
  private record Shown(Kind kind, String key, @Nullable String link) {}

  /** In the order of the page. */
  private static final List<Shown> SHOWN =
      List.of(
          new Shown(Kind.FAILED, "health.failed", "/console/events?status=failed"),
          new Shown(
              Kind.ACCOUNT_MISMATCH, "health.account-mismatch", "/console/events?status=failed"),
          new Shown(Kind.QUARANTINED, "health.quarantined", "/console/events?status=quarantined"),
          new Shown(Kind.UNKNOWN_ACCOUNT, "health.unknown-account", null),
          new Shown(
              Kind.UNHANDLED,
              "health.unhandled",
              "/console/events?status=ignored&error_kind=" + Attempt.UNHANDLED_TOPIC),
          new Shown(Kind.DOWN, "health.down", null),
          new Shown(Kind.TOKEN_REFUSED, "health.refused", null),
          new Shown(Kind.NO_TOKEN, "health.tokenless", null),
          new Shown(Kind.PAUSED, "health.paused", null),
          new Shown(Kind.SPOOL_IN_USE, "health.spooled", null),
          new Shown(Kind.UNACCOUNTED_ANYWHERE, "health.unaccounted", null),
          new Shown(Kind.SETTINGS_DIFFER, "health.settings-differ", null),
          new Shown(Kind.KEYS, "health.keys", null),
          new Shown(Kind.RESTORED, "health.restored", "/console/reconciliation"),
          new Shown(Kind.UNHEALED, "health.unhealed", "/console/reconciliation"),
          new Shown(Kind.SET_ASIDE, "health.set-aside", "/console/reconciliation"),
          new Shown(Kind.MISFIT, "health.misfit", "/console/payments?status=approved&flagged=true"),
          new Shown(Kind.LATE, "health.late", "/console/events?status=pending"));

  private static final double NANOS_PER_MILLI = 1e6;

  private final Console.Services services;
  private final Timer intake;

  /**
   * @param intake how long webhooks took to be answered, in this process
   */
  ServiceHealth(Console.Services services, Timer intake) {
    this.services = services;
    this.intake = intake;
  }

  /**
   * What is to be looked at.
   *
   * @param key of a sentence
   * @param argument a number or a name in it
   * @param cause what another system said; null if nothing is known
   * @param account the name of the account whose it is; null where there is only one, and for what
   *     is the installation's
   */
  public record Trouble(
      String key,
      Object argument,
      @Nullable String link,
      @Nullable String cause,
      @Nullable String account) {}

  /**
   * Everything that the page shows but the chart. What is about this process or the whole
   * installation is left out for a visitor of some accounts only.
   */
  Map<String, @Nullable Object> model(Scope scope) {
    Reading inbox = services.conditions().read();
    Backlog backlog = scope.isEverything() ? inbox.backlog() : services.events().backlog(scope);
    Spool spool = services.spool();
    Spool.State spooled = spool == null ? null : spool.state();
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("everything", scope.isEverything());
    model.put("troubles", troubles(scope, inbox));
    Map<String, Long> counts = new HashMap<>();
    backlog.events().all().forEach((status, count) -> counts.put(status.code(), count));
    model.put("counts", counts);
    model.put("oldest", backlog.oldestDueAt());
    model.put("waiting", backlog.waiting());
    model.put("spool", spooled);
    model.put(
        "downstreams", services.downstreams().stream().map(system -> view(scope, system)).toList());
    model.put(
        "unhandled",
        new UnhandledRows(new AccountNames(services.accounts()), services.handled())
            .of(scope, inbox.unhandled()));
    model.put("last", last(scope));
    model.put("compared", services.reconciliations().latest(scope).orElse(null));
    addTimes(model);
    return model;
  }

  private void addTimes(Map<String, @Nullable Object> model) {
    Snapshot times = intake.getSnapshot();
    model.put("p50", times.getMedian() / NANOS_PER_MILLI);
    model.put("p99", times.get99thPercentile() / NANOS_PER_MILLI);
    model.put("rate", intake.getOneMinuteRate());
  }

  private @Nullable Instant last(Scope scope) {
    List<WebhookEvent> newest = services.events().page(scope, EventFilter.ALL, null, 1);
    return newest.isEmpty() ? null : newest.get(0).receivedAt();
  }

  /** Another system, and the word for how it stands with it. */
  public record Other(String name, String state) {}

  private Other view(Scope scope, RemoteSystem downstream) {
    Standing standing =
        scope.isEverything()
            ? Standing.of(downstream)
            : Standing.forLanes(
                downstream,
                scope.accountIds().stream()
                    .flatMap(account -> services.known().lanesOf(account).stream())
                    .map(Lane::code)
                    .toList());
    return new Other(standing.name(), standing.state().code());
  }

  private List<Trouble> troubles(Scope scope, Reading inbox) {
    AccountNames names = new AccountNames(services.accounts());
    boolean areSeveral = names.areSeveral(scope);
    List<Trouble> troubles = new ArrayList<>();
    for (Shown shown : SHOWN) {
      for (Condition condition : services.conditions().of(Set.of(shown.kind()))) {
        if (!scope.sees(condition.account())) {
          continue;
        }
        Problem problem = condition.look(() -> inbox);
        if (problem != null) {
          String account = areSeveral ? names.of(condition.account()) : null;
          troubles.add(
              new Trouble(
                  shown.key(),
                  argument(problem.value()),
                  link(shown.link(), account),
                  problem.cause(),
                  account));
        }
      }
    }
    return troubles;
  }

  private static @Nullable String link(@Nullable String link, @Nullable String account) {
    return link == null || account == null
        ? link
        : link + (link.contains("?") ? "&" : "?") + "account=" + account;
  }

  private static Object argument(Object value) {
    if (value instanceof Instant time) {
      return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
    return value instanceof Duration duration ? Formats.inLargestUnit(duration) : value;
  }
}
