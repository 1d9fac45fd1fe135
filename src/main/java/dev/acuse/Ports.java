package dev.acuse;

import dev.acuse.process.SetupException;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ports that a server will listen at, tried before it starts. */
final class Ports {
  private static final int MAX_PORT = 65_535;

  /** So many ports above one that is in use are tried. */
  private static final int SEARCHED = 100;

  private Ports() {}

  /**
   * @throws SetupException if one is in use, or may not be used by this process
   */
  static void check(ServerFactory server) {
    if (server instanceof DefaultServerFactory two) {
      check("server.applicationConnectors", "PORT", two.getApplicationConnectors());
      check("server.adminConnectors", "ADMIN_PORT", two.getAdminConnectors());
    } else if (server instanceof SimpleServerFactory one) {
      check("server.connector", "PORT", List.of(one.getConnector()));
    }
  }

  /**
   * Has each connector whose port is in use take the next one that is free.
   *
   * @return a sentence for each that was moved
   */
  static List<String> evade(ServerFactory server) {
    List<HttpConnectorFactory> connectors = new ArrayList<>();
    if (server instanceof DefaultServerFactory two) {
      Stream.of(two.getApplicationConnectors(), two.getAdminConnectors())
          .flatMap(List::stream)
          .filter(HttpConnectorFactory.class::isInstance)
          .map(HttpConnectorFactory.class::cast)
          .forEach(connectors::add);
    }
    Set<Integer> wanted = new HashSet<>();
    connectors.forEach(connector -> wanted.add(connector.getPort()));
    List<String> moved = new ArrayList<>();
    for (HttpConnectorFactory connector : connectors) {
      int port = connector.getPort();
      if (!isFree(connector.getBindHost(), port)) {
        connector.setPort(freeAfter(connector.getBindHost(), port, wanted));
        wanted.add(connector.getPort());
        moved.add("Port %d is in use: taking %d.".formatted(port, connector.getPort()));
      }
    }
    return moved;
  }

  private static int freeAfter(@Nullable String host, int port, Set<Integer> taken) {
    for (int next = port + 1; next <= Math.min(port + SEARCHED, MAX_PORT); next++) {
      if (!taken.contains(next) && isFree(host, next)) {
        return next;
      }
    }
    throw new SetupException(
        "none of the ports %d to %d is free; name another by PORT and ADMIN_PORT"
            .formatted(port, Math.min(port + SEARCHED, MAX_PORT)));
  }

  private static boolean isFree(@Nullable String host, int port) {
    try {
      bind(host, port);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void bind(@Nullable String host, int port) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      InetAddress address = host == null ? null : InetAddress.getByName(host);
      socket.bind(new InetSocketAddress(address, port));
    }
  }

  private static void check(String key, String variable, List<ConnectorFactory> connectors) {
    for (int i = 0; i < connectors.size(); i++) {
      if (connectors.get(i) instanceof HttpConnectorFactory http) {
        String place = connectors.size() == 1 ? key : key + "[" + i + "]";
        check(place, variable, http.getBindHost(), http.getPort());
      }
    }
  }

  private static void check(String key, String variable, @Nullable String host, int port) {
    try {
      bind(host, port);
    } catch (IOException e) {
      throw new SetupException(
          "%s: %s%d (%s) cannot be listened at: %s; end what uses it (is Acuse running already?), or choose another"
              .formatted(key, host == null ? "port " : host + ":", port, variable, e.getMessage()),
          e);
    }
  }
}
