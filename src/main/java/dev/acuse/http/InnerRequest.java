package dev.acuse.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/**
 * A request that comes from memory and is answered into memory: it goes through Jetty's parser and
 * a started handler as one of the network does, but through no port. What Dropwizard counts and
 * logs of requests, around the handler, sees nothing of it.
 */
public final class InnerRequest {
  private static final int ANSWER_BYTES = 16 << 10;

  private final Handler handler;
  private final Consumer<Request> mark;
  private final LocalConnector connector;

  /**
   * @param handler started, as the application's context is while no port is open yet
   * @param mark is given each request before the handler is
   * @param threads run what Jetty would give threads to
   */
  public InnerRequest(Handler handler, Consumer<Request> mark, Executor threads) {
    this.handler = handler;
    this.mark = mark;
    // Neither is ever started: a server that starts logs it, and this one serves no port.
    this.connector =
        new LocalConnector(
            new Server(),
            threads,
            null,
            null,
            0,
            new HttpConnectionFactory(new HttpConfiguration()));
  }

  /**
   * Has a request answered.
   *
   * @param bytes of HTTP/1.1, the whole of it
   * @return the status of the answer, when it is written; fails if there is none
   */
  public CompletableFuture<Integer> send(byte[] bytes) {
    var status = new CompletableFuture<Integer>();
    connector.getServer().setHandler(new Observed(status));
    var endPoint = new ByteArrayEndPoint(connector.getScheduler(), 0, bytes, ANSWER_BYTES);
    Connection connection =
        connector.getDefaultConnectionFactory().newConnection(connector, endPoint);
    endPoint.setConnection(connection);
    endPoint.onOpen();
    connection.onOpen();
    return status.whenComplete((answered, failure) -> endPoint.close());
  }

  private final class Observed extends Handler.Abstract {
    private final CompletableFuture<Integer> status;

    Observed(CompletableFuture<Integer> status) {
      this.status = status;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      mark.accept(request);
      Request.addCompletionListener(
          request,
          failure -> {
            if (failure == null) {
              status.complete(response.getStatus());
            } else {
              status.completeExceptionally(failure);
            }
          });
      return handler.handle(request, response, callback);
    }
  }
}
