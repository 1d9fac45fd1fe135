package dev.acuse.console;

import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.Backlog;
import dev.acuse.inbox.Pause;
import dev.acuse.intake.spool.Spool;
import dev.acuse.remote.Downstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether everything is all right, and if not, what is not. */
final class Verdict {
  /** A due event that has waited for longer is a sign that nobody works. */
  private static final Duration TOO_LONG = Duration.ofMinutes(5);

  private static final double NANOS_PER_MILLI = 1e6;

  private final Console.Services services;
  private final Timer intake;

  /**
   * @param intake how long webhooks took to be answered, in this process
   */
  Verdict(Console.Services services, Timer intake) {
    this.services = services;
    this.intake = intake;
  }

  /** What is to be looked at: the key of a sentence, and a number or a name in it. */
  public record Trouble(String key, Object argument, @Nullable String link) {}

  /** Everything that the page shows but the chart. */
  Map<String, @Nullable Object> model() {
    Backlog backlog = services.events().backlog(Scope.everything());
    Pause pause = services.desk().paused().orElse(null);
    Spool spool = services.spool();
    Spool.State spooled = spool == null ? null : spool.state();
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("troubles", troubles(backlog, pause, spooled));
    Map<String, Long> counts = new HashMap<>();
    backlog.events().forEach((status, count) -> counts.put(status.code(), count));
    model.put("counts", counts);
    model.put("oldest", backlog.oldestDueAt());
    model.put("waiting", backlog.waiting());
    model.put("pause", pause);
    model.put("spool", spooled);
    model.put("downstreams", services.downstreams().stream().map(Verdict::view).toList());
    model.put("last", last());
    model.put("compared", services.reconciliations().latest(Scope.everything()).orElse(null));
    addTimes(model);
    return model;
  }

  private void addTimes(Map<String, @Nullable Object> model) {
    Snapshot times = intake.getSnapshot();
    model.put("p50", times.getMedian() / NANOS_PER_MILLI);
    model.put("p99", times.get99thPercentile() / NANOS_PER_MILLI);
    model.put("rate", intake.getOneMinuteRate());
  }

  private @Nullable Instant last() {
    List<WebhookEvent> newest =
        services.events().page(Scope.everything(), EventFilter.ALL, null, 1);
    return newest.isEmpty() ? null : newest.get(0).receivedAt();
  }

  /** Another system, and whether calls to it go through. */
  public record Other(String name, boolean up) {}

  private static Other view(Downstream downstream) {
    return new Other(downstream.name(), downstream.isUp());
  }

  private List<Trouble> troubles(
      Backlog backlog, @Nullable Pause pause, Spool.@Nullable State spooled) {
    List<Trouble> troubles = new ArrayList<>();
    for (EventStatus status : List.of(EventStatus.FAILED, EventStatus.QUARANTINED)) {
      long count = backlog.events().getOrDefault(status, 0L);
      if (count > 0) {
        String link = "/console/events?status=" + status.code();
        troubles.add(new Trouble("health." + status.code(), count, link));
      }
    }
    for (Downstream downstream : services.downstreams()) {
      if (!downstream.isUp()) {
        troubles.add(new Trouble("health.down", downstream.name(), null));
      }
    }
    if (pause != null) {
      troubles.add(new Trouble("health.paused", pause.pausedBy(), null));
    }
    if (spooled != null && spooled.records() > 0) {
      troubles.add(new Trouble("health.spooled", spooled.records(), null));
    }
    addMissing(troubles);
    long misfits = services.payments().countMisfits(Scope.everything());
    if (misfits > 0) {
      troubles.add(
          new Trouble("health.misfit", misfits, "/console/payments?status=approved&flagged=true"));
    }
    Instant oldest = backlog.oldestDueAt();
    if (oldest != null && oldest.plus(TOO_LONG).isBefore(services.clock().instant())) {
      troubles.add(new Trouble("health.late", "", "/console/events?status=pending"));
    }
    return troubles;
  }

  private void addMissing(List<Trouble> troubles) {
    long unaccounted = services.books().unaccountedEverywhere().orElse(0);
    if (unaccounted > 0) {
      troubles.add(new Trouble("health.unaccounted", unaccounted, null));
    }
    long unhealed = services.reconciliations().unhealed(Scope.everything());
    if (unhealed > 0) {
      troubles.add(new Trouble("health.unhealed", unhealed, "/console/reconciliation"));
    }
  }
}
