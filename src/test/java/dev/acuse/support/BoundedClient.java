package dev.acuse.support;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.remote.RemoteHttp;
import jakarta.ws.rs.client.Client;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The HTTP client of production, with a time-out of the test's own. */
public final class BoundedClient implements AutoCloseable {
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Client client;

  public BoundedClient(Duration timeout) {
    this.client = RemoteHttp.client("test", timeout, new MetricRegistry(), timer);
  }

  public Client client() {
    return client;
  }

  /** Ends the timer, so that calls from now on are refused. */
  public void stopTimer() {
    timer.shutdownNow();
  }

  @Override
  public void close() {
    client.close();
    timer.shutdownNow();
  }
}
