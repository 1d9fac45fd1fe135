package dev.acuse.monitoring;

import dev.acuse.condition.Reading;
import dev.acuse.inbox.UnhandledTopic;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/**
 * How many events no handler took, by their topic: at most fifty, and then {@code other}, because
 * each label is a series for good. It asks the database nothing of its own: it shows what is read
 * for the other metrics.
 */
public final class TopicMetrics implements MultiCollector {
  private final InboxReader reader;

  /** By what is read for the other metrics. */
  public TopicMetrics(InboxReader reader) {
    this.reader = reader;
  }

  @Override
  public MetricSnapshots collect() {
    List<UnhandledTopic> topics =
        reader.read().map(Reading::unhandled).map(UnhandledTopic::together).orElse(List.of());
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("acuse_events_unhandled")
            .help(
                "Events that no handler took and that were not retried since, by topic; 1000 of an"
                    + " account stands for as many or more.");
    for (UnhandledTopic topic : topics) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("topic", topic.topic()))
              .value((double) topic.all())
              .build());
    }
    return MetricSnapshots.of(gauge.build());
  }
}
