package dev.acuse;

import dev.acuse.admin.RunningService;
import dev.acuse.process.SetupException;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a command finds the admin port of the service that has the same configuration. */
final class AdminAddress {
  private static final String KEY = "server.adminConnectors";

  /** A service that listens at all addresses of the machine listens at this one as well. */
  private static final String LOOPBACK = "127.0.0.1";

  private static final Set<String> ALL = Set.of("", "0.0.0.0", "::", "[::]");

  private AdminAddress() {}

  /**
   * The service of this configuration, whether it runs or not.
   *
   * @throws SetupException if a command cannot reach its admin port: it has TLS, no fixed number,
   *     or there is none
   */
  static RunningService service(AcuseConfiguration config) {
    return new RunningService(of(config.getServerFactory()), config.adminPort().token());
  }

  /** The address of the admin pages, with a slash at its end. */
  static URI of(ServerFactory server) {
    if (server instanceof DefaultServerFactory two) {
      List<ConnectorFactory> connectors = two.getAdminConnectors();
      for (ConnectorFactory connector : connectors) {
        if (isPlain(connector)) {
          return of(connector, two.getAdminContextPath());
        }
      }
      throw new SetupException(
          connectors.isEmpty()
              ? KEY + " is empty: without an admin port a command cannot ask the service"
              : KEY
                  + ": a command asks the service by HTTP, and these speak something else (HTTPS);"
                  + " add one of type http with bindHost 127.0.0.1");
    }
    if (server instanceof SimpleServerFactory one && isPlain(one.getConnector())) {
      return of(one.getConnector(), one.getAdminContextPath());
    }
    throw new SetupException(
        "server: a command asks the service by HTTP, and this connector speaks something else");
  }

  private static boolean isPlain(ConnectorFactory connector) {
    return connector instanceof HttpConnectorFactory
        && !(connector instanceof HttpsConnectorFactory);
  }

  private static URI of(ConnectorFactory connector, String path) {
    var http = (HttpConnectorFactory) connector;
    if (http.getPort() == 0) {
      throw new SetupException(
          KEY
              + " (ADMIN_PORT) is 0: the service takes any free port, and a command cannot find it");
    }
    return URI.create(
        "http://"
            + host(http.getBindHost())
            + ":"
            + http.getPort()
            + (path.endsWith("/") ? path : path + "/"));
  }

  private static String host(@Nullable String bound) {
    if (bound == null || ALL.contains(bound.strip())) {
      return LOOPBACK;
    }
    String host = bound.strip();
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
