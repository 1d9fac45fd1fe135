package dev.acuse.intake;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caps the connections of one address to the port of webhooks and the API. Headers that come by
 * drops keep a connection for as long as they like: Jetty's idle timeout starts anew with each
 * byte, it has no other for them, and its own limits of connections count all addresses together.
 * So one sender may hold some connections, but not all. Thread-safe.
 */
public final class ConnectionsPerAddress implements Connection.Listener {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionsPerAddress.class);

  /** A household, a host or a tenant is given at least this much of IPv6's room (RFC 6177). */
  private static final int NETWORK_BYTES = 8;

  private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** 503 and not 429: a provider that repeats after trouble of ours repeats after this. */
  private static final String ANSWER =
      String.join(
          "\r\n",
          "HTTP/1.1 503 Service Unavailable",
          "Retry-After: 5",
          "Connection: close",
          "Content-Length: 0",
          "",
          "");

  private final int max;
  private final Counter refused;
  private final Map<Connection, ByteBuffer> networks = new ConcurrentHashMap<>();
  private final Map<ByteBuffer, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARN_EVERY_NANOS);

  private ConnectionsPerAddress(int max, MetricRegistry metrics) {
    this.max = max;
    this.refused = metrics.counter("acuse.connections.refused");
  }

  /**
   * Watches all ports but the admin port.
   *
   * @param max connections of one IPv4 address, or of one IPv6 network of 64 bits; 0 for no cap
   */
  public static void install(Environment environment, int max) {
    if (max == 0) {
      return;
    }
    var cap = new ConnectionsPerAddress(max, environment.metrics());
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStarting(LifeCycle event) {
                if (event instanceof Server server) {
                  cap.watch(server);
                }
              }
            });
  }

  private void watch(Server server) {
    for (Connector connector : server.getConnectors()) {
      if (!"admin".equals(connector.getName())) {
        connector.addEventListener(this);
      }
    }
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint endPoint = connection.getEndPoint();
    // What TLS wraps is a connection too, but no second one of its sender.
    if (!(endPoint.getTransport() instanceof SocketChannel)
        || !(endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote)) {
      return;
    }
    ByteBuffer network = network(remote.getAddress());
    networks.put(connection, network);
    if (counts.merge(network, 1, Integer::sum) > max) {
      refuse(connection, remote.getAddress());
    }
  }

  /** The end point has forgotten its peer by now. */
  @Override
  public void onClosed(Connection connection) {
    ByteBuffer network = networks.remove(connection);
    if (network != null) {
      counts.computeIfPresent(network, (unused, count) -> count == 1 ? null : count - 1);
    }
  }

  private void refuse(Connection connection, InetAddress address) {
    refused.inc();
    long now = System.nanoTime();
    long before = warnedAt.get();
    if (now - before >= WARN_EVERY_NANOS && warnedAt.compareAndSet(before, now)) {
      LOGGER.warn(
          "connections refused: {} has {} (intake.connectionsPerAddress)",
          address.getHostAddress(),
          max);
    }
    EndPoint endPoint = connection.getEndPoint();
    try {
      if (!(connection instanceof SslConnection)) {
        // It fits into the empty buffer of a new socket, or is not worth waiting for.
        endPoint.flush(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
      }
    } catch (IOException e) {
      LOGGER.debug("a refused connection was closed by its other end");
    } finally {
      endPoint.close();
    }
  }

  /** What counts as one sender. */
  static ByteBuffer network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
  }
}
