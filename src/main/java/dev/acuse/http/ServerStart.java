package dev.acuse.http;

import io.dropwizard.core.setup.Environment;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/** The moment when Jetty's server is made, with all of its connectors, and none of them is open. */
public final class ServerStart {
  private ServerStart() {}

  /** Has something done to the server then. */
  public static void before(Environment environment, Consumer<Server> change) {
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStarting(LifeCycle event) {
                if (event instanceof Server server) {
                  change.accept(server);
                }
              }
            });
  }
}
