package dev.acuse.remote;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.client.HttpClientBuilder;
import io.dropwizard.client.JerseyClientBuilder;
import io.dropwizard.client.JerseyClientConfiguration;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.client.Client;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.glassfish.jersey.client.ClientProperties;

/**
 * Builds the HTTP clients for other systems' APIs: no redirects (an answer must not send our token
 * elsewhere), no retries (the event's schedule retries), no cookies, no proxy from the environment,
 * no compression (a small answer must not grow in the heap), and each exchange bounded as a whole:
 * in time, in bytes as they come over the wire ({@link AnswerPart}), and in lines.
 */
public final class RemoteHttp {
  /** The largest body of an answer that is read, in bytes. */
  static final int MAX_ANSWER_BYTES = 1024 * 1024;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Servers keep an idle connection for longer than this, but for a few. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(4);

  private static final Duration IDLE_CHECK = Duration.ofMillis(500);
  private static final int MAX_CONNECTIONS = 64;

  private RemoteHttp() {}

  /**
   * A client that lives and ends with the environment.
   *
   * @param name of the metrics and threads
   * @param timeout for a whole exchange
   */
  public static Client client(String name, Duration timeout, Environment environment) {
    var timer =
        environment
            .lifecycle()
            .scheduledExecutorService(name + "-timer-%d", true)
            .removeOnCancelPolicy(true)
            .build();
    var http = new BoundedClientBuilder(environment, timer, timeout);
    return build(name, timeout, new JerseyClientBuilder(environment), http);
  }

  /**
   * A client that lives outside an environment. Its caller closes it.
   *
   * @param name of the metrics
   * @param timeout for a whole exchange
   * @param timer cuts exchanges off, and runs what Jersey does in the background
   */
  public static Client client(
      String name, Duration timeout, MetricRegistry metrics, ScheduledExecutorService timer) {
    var http = new BoundedClientBuilder(metrics, timer, timeout);
    return build(
        name, timeout, new JerseyClientBuilder(metrics).using(timer, new ObjectMapper()), http);
  }

  private static Client build(
      String name, Duration timeout, JerseyClientBuilder jersey, HttpClientBuilder http) {
    jersey.setApacheHttpClientBuilder(http);
    return jersey
        .using(settings(timeout))
        .withProperty(ClientProperties.FOLLOW_REDIRECTS, false)
        .build(name);
  }

  private static JerseyClientConfiguration settings(Duration timeout) {
    var settings = new JerseyClientConfiguration();
    settings.setUserAgent(Optional.of("Acuse/" + version()));
    settings.setTimeout(milliseconds(timeout));
    settings.setConnectionTimeout(milliseconds(shorter(timeout, CONNECT_TIMEOUT)));
    settings.setConnectionRequestTimeout(milliseconds(timeout));
    // The next call needs no handshake; but a connection that the other side has dropped meanwhile
    // must not count as an outage.
    settings.setKeepAlive(milliseconds(KEEP_ALIVE));
    settings.setValidateAfterInactivityPeriod(milliseconds(IDLE_CHECK));
    settings.setMaxConnections(MAX_CONNECTIONS);
    settings.setMaxConnectionsPerRoute(MAX_CONNECTIONS);
    settings.setRetries(0);
    settings.setCookiesEnabled(false);
    settings.setProtocolUpgradeEnabled(false);
    settings.setGzipEnabled(false);
    settings.setGzipEnabledForRequests(false);
    settings.setChunkedEncodingEnabled(false);
    return settings;
  }

  private static String version() {
    String version = RemoteHttp.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static io.dropwizard.util.Duration milliseconds(Duration duration) {
    return io.dropwizard.util.Duration.milliseconds(duration.toMillis());
  }
}
