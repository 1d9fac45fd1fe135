package dev.acuse.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.acuse.sandbox.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** Stands for Acuse: keeps what it receives and answers with a status of the test's choice. */
public final class WebhookStub implements AutoCloseable {
  private final HttpServer server;
  private final List<Request> received = new CopyOnWriteArrayList<>();
  private final ToIntFunction<Request> statuses;

  public WebhookStub(ToIntFunction<Request> statuses) throws IOException {
    this.statuses = statuses;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  public List<Request> received() {
    return received;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = Request.read(exchange);
      received.add(request);
      byte[] body = "{\"status\": \"stored\"}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(statuses.applyAsInt(request), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
