package dev.acuse.admin;

import dev.acuse.http.ServerStart;
import io.dropwizard.core.setup.Environment;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the admin port: by what may ask for what, and by bounds of connections, bodies and
 * threads, so that slow clients don't keep {@code /healthcheck} from being answered.
 */
public final class AdminPort {
  private static final Logger LOGGER = LoggerFactory.getLogger(AdminPort.class);

  /** In bytes. A task's parameters are far below this. */
  private static final int MAX_BODY = 16 * 1024;

  private AdminPort() {}

  /** Puts the guards before all that the admin port has. */
  public static void install(Environment environment, AdminConfiguration config) {
    if (!config.token().isSet()) {
      LOGGER.info(
          "no admin token is configured (ACUSE_ADMIN_TOKEN): the admin port answers only to"
              + " requests from this machine that no proxy has forwarded");
    }
    var connections = new AdminConnections(config.connections());
    Handler.Wrapper served = new Served(connections);
    var bodies = new WholeBodies(MAX_BODY, config.bodyTimeout(), served);
    environment
        .getAdminContext()
        .insertHandler(new AdminGate(config.token().revealOrNull(), bodies));
    ServerStart.before(environment, server -> watch(server, connections));
  }

  private static void watch(Server server, AdminConnections connections) {
    for (Connector connector : server.getConnectors()) {
      if ("admin".equals(connector.getName())) {
        connector.addEventListener(connections);
        Executor threads = connector.getExecutor();
        if (threads instanceof ThreadPool.SizedThreadPool pool) {
          // The rest accepts connections and reads from them.
          connections.serveAtMost(Math.max(1, pool.getMaxThreads() / 2));
        }
      }
    }
  }

  /** Tells the connections which of them are being served. */
  private static final class Served extends Handler.Wrapper {
    private final AdminConnections connections;

    Served(AdminConnections connections) {
      this.connections = connections;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (!connections.begin(request, response)) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
        Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
        return true;
      }
      boolean handled = false;
      try {
        handled =
            super.handle(
                request, response, Callback.from(() -> connections.end(request), callback));
        return handled;
      } finally {
        if (!handled) {
          connections.end(request);
        }
      }
    }
  }
}
