package dev.acuse.monitoring;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves metrics for Prometheus, at {@code /metrics/prometheus} on the admin port, by Prometheus'
 * own servlet. That is made for the first scrape: a start need not wait for it.
 */
public final class PrometheusServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient MetricRegistry metrics;
  private final transient List<MultiCollector> more;
  private transient @Nullable HttpServlet its;

  private PrometheusServlet(MetricRegistry metrics, List<MultiCollector> more) {
    this.metrics = metrics;
    this.more = more;
  }

  /**
   * Adds the address to the admin port.
   *
   * @param more what is shown beside the environment's metrics
   */
  public static void install(Environment environment, MultiCollector... more) {
    environment
        .admin()
        .addServlet("prometheus", new PrometheusServlet(environment.metrics(), List.of(more)))
        .addMapping("/metrics/prometheus");
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    its().service(request, response);
  }

  private synchronized HttpServlet its() throws ServletException {
    HttpServlet made = its;
    if (made == null) {
      var prometheus = new PrometheusRegistry();
      prometheus.register(new PrometheusMetrics(metrics));
      more.forEach(prometheus::register);
      made = new PrometheusMetricsServlet(prometheus);
      made.init(getServletConfig());
      its = made;
    }
    return made;
  }
}
