package dev.acuse.remote;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.httpclient5.InstrumentedHttpClientConnectionManager;
import io.dropwizard.client.HttpClientBuilder;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.socket.ConnectionSocketFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Registry;

/**
 * Builds an HTTP client whose every exchange is bounded: in time by {@link BoundedExchange}, in
 * bytes and lines by {@link BoundedConnection}.
 */
final class BoundedClientBuilder extends HttpClientBuilder {
  private final MetricRegistry metrics;
  private final ScheduledExecutorService timer;
  private final Duration timeout;

  /** A client that ends with the environment. */
  BoundedClientBuilder(Environment environment, ScheduledExecutorService timer, Duration timeout) {
    super(environment);
    this.metrics = environment.metrics();
    this.timer = timer;
    this.timeout = timeout;
  }

  /** A client that its caller closes. */
  BoundedClientBuilder(MetricRegistry metrics, ScheduledExecutorService timer, Duration timeout) {
    super(metrics);
    this.metrics = metrics;
    this.timer = timer;
    this.timeout = timeout;
  }

  @Override
  protected org.apache.hc.client5.http.impl.classic.HttpClientBuilder customizeBuilder(
      org.apache.hc.client5.http.impl.classic.HttpClientBuilder builder) {
    return builder
        .disableRedirectHandling()
        .disableContentCompression()
        .addExecInterceptorFirst(
            "bounded", new BoundedExchange(timer, timeout, RemoteHttp.MAX_ANSWER_BYTES));
  }

  /**
   * {@inheritDoc}
   *
   * @param registry not used: its sockets have no bound
   */
  @Override
  @SuppressWarnings("deprecation") // Dropwizard's signature names a deprecated type
  protected InstrumentedHttpClientConnectionManager createConnectionManager(
      Registry<ConnectionSocketFactory> registry, String name) {
    TlsSocketStrategy tls = DefaultClientTlsStrategy.createDefault();
    var operator =
        new DefaultHttpClientConnectionOperator(
            proxy -> new RationedSocket(),
            null,
            null,
            scheme -> URIScheme.HTTPS.same(scheme) ? tls : null);
    return configureConnectionManager(
        InstrumentedHttpClientConnectionManager.builder(metrics)
            .name(name)
            .httpClientConnectionOperator(operator)
            .connFactory(socket -> new BoundedConnection())
            .build());
  }
}
