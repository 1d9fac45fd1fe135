package dev.acuse.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.http.connection.Connections;
import dev.acuse.http.connection.Descriptors;
import io.dropwizard.core.setup.Environment;

/** What monitoring is told of connections, and of the file descriptors that they take. */
public final class ConnectionMonitoring {
  /**
   * Dropwizard's own fails with an error of the machine where no descriptor is left to count by.
   */
  private static final String DROPWIZARDS = "jvm.filedescriptor";

  private ConnectionMonitoring() {}

  /** Registers the health check {@code descriptors} and the gauges. */
  public static void install(
      Environment environment, Connections connections, Descriptors descriptors) {
    environment.healthChecks().register("descriptors", new DescriptorHealthCheck(descriptors));
    MetricRegistry metrics = environment.metrics();
    gauge(metrics, "acuse.connections.open", connections::count);
    gauge(metrics, "acuse.connections.max", connections::max);
    gauge(metrics, "acuse.descriptors.open", descriptors::open);
    gauge(metrics, "acuse.descriptors.max", descriptors::limit);
    // Dropwizard's come when the ports are open, before this.
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server -> {
              metrics.remove(DROPWIZARDS);
              gauge(metrics, DROPWIZARDS, descriptors::used);
            });
  }

  private static void gauge(MetricRegistry metrics, String name, Gauge<? extends Number> value) {
    metrics.registerGauge(name, value);
  }
}
