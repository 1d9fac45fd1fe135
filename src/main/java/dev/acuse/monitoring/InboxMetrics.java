package dev.acuse.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.condition.Reading;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EventStatus;
import dev.acuse.remote.RemoteSystem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gauges of the inbox, and its counters from the first moment on: one that appears only with
 * its first event hides that event from whoever asks for its rate. A gauge whose value the database
 * would have to tell, while it is out, is null, and absent in Prometheus' text.
 */
public final class InboxMetrics {
  private static final List<String> INTAKE =
      List.of("received", "stored", "duplicate", "spooled", "quarantined", "not_kept");

  private final MetricRegistry metrics;
  private final InboxReader reader;
  private final InstantSource clock;

  private InboxMetrics(MetricRegistry metrics, InboxReader reader, InstantSource clock) {
    this.metrics = metrics;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Registers all of them.
   *
   * @param clock the database's time, which due times go by
   */
  public static void register(
      MetricRegistry metrics,
      InboxReader reader,
      List<RemoteSystem> downstreams,
      InstantSource clock) {
    var inbox = new InboxMetrics(metrics, reader, clock);
    inbox.counters();
    inbox.backlog();
    downstreams.forEach(inbox::downstream);
  }

  private void counters() {
    INTAKE.forEach(what -> metrics.counter("acuse.intake." + what));
    for (AttemptOutcome outcome : AttemptOutcome.values()) {
      // No worker comes to this end: it is found by a rescue, and counted as one.
      if (outcome != AttemptOutcome.LEASE_EXPIRED && outcome != AttemptOutcome.UNKNOWN) {
        metrics.counter("acuse.attempts." + outcome.code());
      }
    }
    metrics.counter("acuse.attempts.fenced");
  }

  private void backlog() {
    for (EventStatus status : EventStatus.KNOWN) {
      String name = "acuse.backlog." + status.code();
      read(name + ".effect", inbox -> inbox.backlog().events().effects(status));
      read(name + ".other", inbox -> inbox.backlog().events().others(status));
    }
    read("acuse.backlog.oldest_due_seconds", inbox -> age(inbox.backlog().oldestDueAt()));
    read("acuse.dispatch.paused", inbox -> inbox.paused() ? 1 : 0);
    read("acuse.payments.misfits", Reading::misfits);
  }

  private void downstream(RemoteSystem downstream) {
    String name = downstream.name();
    read(
        "acuse.backlog.waiting." + name, inbox -> inbox.backlog().waiting().getOrDefault(name, 0L));
    metrics.registerGauge("acuse.breaker." + name + ".open", () -> downstream.isUp() ? 0 : 1);
  }

  private void read(String name, Function<Reading, @Nullable Number> value) {
    Gauge<@Nullable Number> gauge = () -> reader.read().map(value).orElse(null);
    metrics.registerGauge(name, gauge);
  }

  private double age(@Nullable Instant since) {
    return since == null
        ? 0
        : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3);
  }
}
