package dev.acuse.monitoring;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Sampling;
import com.codahale.metrics.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Dropwizard's registry as Prometheus reads it. Timers are summaries in seconds.
 *
 * <p>Prometheus' own bridge (prometheus-metrics-instrumentation-dropwizard 1.4.3) does not do: two
 * metrics that its mapper gives one name and different labels make the whole scrape fail, and its
 * help texts name Java classes.
 */
final class PrometheusMetrics implements MultiCollector {
  private static final double PER_NANOSECOND = 1.0 / TimeUnit.SECONDS.toNanos(1);

  private final MetricRegistry registry;

  PrometheusMetrics(MetricRegistry registry) {
    this.registry = registry;
  }

  @Override
  public MetricSnapshots collect() {
    var scrape = new Scrape();
    registry.getCounters().forEach((name, counter) -> scrape.counter(name, counter.getCount()));
    registry.getMeters().forEach((name, meter) -> scrape.counter(name, meter.getCount()));
    registry.getGauges().forEach((name, gauge) -> scrape.gauge(name, gauge.getValue()));
    registry.getHistograms().forEach((name, h) -> scrape.summary(name, h, h.getCount(), 1));
    registry
        .getTimers()
        .forEach((name, timer) -> scrape.summary(name, timer, timer.getCount(), PER_NANOSECOND));
    return scrape.end();
  }

  /** What one scrape has gathered; of two metrics that would be the same, it takes the first. */
  private static final class Scrape {
    private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    private final Map<String, SummarySnapshot.Builder> summaries = new TreeMap<>();
    private final Set<String> taken = new HashSet<>();

    void counter(String dropwizardName, long count) {
      PrometheusNames.Name name = PrometheusNames.of(dropwizardName);
      if (take(name)) {
        builder(counters, name, n -> CounterSnapshot.builder().name(n.name()).help(n.help()))
            .dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(name.labels())
                    .value((double) count)
                    .build());
      }
    }

    void gauge(String dropwizardName, Object value) {
      PrometheusNames.Name name = PrometheusNames.of(dropwizardName);
      if (value instanceof Number number && take(name)) {
        builder(gauges, name, n -> GaugeSnapshot.builder().name(n.name()).help(n.help()))
            .dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(name.labels())
                    .value(number.doubleValue())
                    .build());
      }
    }

    void summary(String dropwizardName, Sampling samples, long count, double unit) {
      PrometheusNames.Name name = PrometheusNames.of(dropwizardName);
      if (take(name)) {
        builder(summaries, name, n -> SummarySnapshot.builder().name(n.name()).help(n.help()))
            .dataPoint(
                SummaryDataPointSnapshot.builder()
                    .labels(name.labels())
                    .quantiles(quantiles(samples.getSnapshot(), unit))
                    .count(count)
                    .build());
      }
    }

    private static Quantiles quantiles(Snapshot snapshot, double unit) {
      Quantiles.Builder quantiles = Quantiles.builder();
      for (double quantile : new double[] {0.5, 0.95, 0.99}) {
        quantiles.quantile(quantile, snapshot.getValue(quantile) * unit);
      }
      return quantiles.build();
    }

    private boolean take(PrometheusNames.Name name) {
      return taken.add(name.name() + name.labels());
    }

    private static <B> B builder(
        Map<String, B> builders,
        PrometheusNames.Name name,
        Function<PrometheusNames.Name, B> create) {
      return builders.computeIfAbsent(name.name(), unused -> create.apply(name));
    }

    MetricSnapshots end() {
      MetricSnapshots.Builder all = MetricSnapshots.builder();
      counters.values().forEach(builder -> add(all, builder.build()));
      gauges.values().forEach(builder -> add(all, builder.build()));
      summaries.values().forEach(builder -> add(all, builder.build()));
      return all.build();
    }

    private static void add(MetricSnapshots.Builder all, MetricSnapshot snapshot) {
      if (!all.containsMetricName(snapshot.getMetadata().getPrometheusName())) {
        all.metricSnapshot(snapshot);
      }
    }
  }
}
