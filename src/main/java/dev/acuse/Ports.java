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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ports that a server will listen at, tried before it starts. */
final class Ports {
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

  private static void check(String key, String variable, List<ConnectorFactory> connectors) {
    for (int i = 0; i < connectors.size(); i++) {
      if (connectors.get(i) instanceof HttpConnectorFactory http) {
        String place = connectors.size() == 1 ? key : key + "[" + i + "]";
        check(place, variable, http.getBindHost(), http.getPort());
      }
    }
  }

  private static void check(String key, String variable, @Nullable String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      InetAddress address = host == null ? null : InetAddress.getByName(host);
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw new SetupException(
          "%s: %s%d (%s) cannot be listened at: %s; end what uses it (is Acuse running already?), or choose another"
              .formatted(key, host == null ? "port " : host + ":", port, variable, e.getMessage()),
          e);
    }
  }
}
