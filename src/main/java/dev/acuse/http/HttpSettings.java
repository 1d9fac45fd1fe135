package dev.acuse.http;

import io.dropwizard.core.setup.Environment;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.component.Container;

/** Jetty's settings of HTTP, on every port. */
final class HttpSettings {
  private HttpSettings() {}

  /** Changes those of all connectors, before they open. */
  static void change(Environment environment, Consumer<HttpConfiguration> change) {
    ServerStart.before(
        environment,
        server -> {
          for (Connector connector : server.getConnectors()) {
            change(connector, change);
          }
        });
  }

  private static void change(Connector connector, Consumer<HttpConfiguration> change) {
    // Dropwizard measures connections by a factory around Jetty's: its settings are a bean of that.
    connector.getConnectionFactories().stream()
        .filter(Container.class::isInstance)
        .map(Container.class::cast)
        .flatMap(factory -> factory.getContainedBeans(HttpConfiguration.class).stream())
        .forEach(change);
  }
}
