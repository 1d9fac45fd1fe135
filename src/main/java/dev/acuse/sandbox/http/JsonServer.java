package dev.acuse.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server on the loopback interface that answers with JSON, or goes wrong as {@link Faults}
 * say. It can stop listening and come back on the same port. Thread-safe.
 */
public final class JsonServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(JsonServer.class);

  static {
    // The JDK's server writes head and body apart; without this Nagle's algorithm holds the body
    // back for 40 ms on every kept connection. Read once, when the server's class is loaded.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final Map<String, Routes> faultless = new LinkedHashMap<>();
  private final Routes routes;
  private final ErrorShape errors;
  private final Faults faults;
  private final Callers callers;
  private final RequestLog log = new RequestLog();
  private final ExecutorService threads;
  private int port;
  private @Nullable HttpServer server;

  /**
   * @param port 0 for a free one
   * @param faults that meet every request
   * @param callers have faults of their own beside these
   * @param threads carries requests out and answers them
   */
  public JsonServer(
      int port,
      Routes routes,
      ErrorShape errors,
      Faults faults,
      Callers callers,
      ExecutorService threads) {
    this.port = port;
    this.routes = routes;
    this.errors = errors;
    this.faults = faults;
    this.callers = callers;
    this.threads = threads;
  }

  /** Adds paths that meet no faults and are not in the log. To be called before the start. */
  public synchronized void addFaultless(String prefix, Routes routes) {
    faultless.put(prefix, routes);
  }

  /** Starts to listen, or does nothing if it does. */
  public synchronized void listen() {
    if (server != null) {
      return;
    }
    HttpServer fresh = bind();
    fresh.setExecutor(threads);
    fresh.createContext("/", this::handle);
    faultless.forEach(
        (prefix, plain) ->
            fresh.createContext(
                prefix, exchange -> send(exchange, Optional.of(answer(plain, read(exchange))))));
    // The server's own thread is a daemon only if a daemon starts it.
    CompletableFuture.runAsync(fresh::start, threads).join();
    server = fresh;
    port = fresh.getAddress().getPort();
  }

  private HttpServer bind() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException("can't listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Closes all connections and refuses new ones until {@link #listen}. */
  public synchronized void stopListening() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  /** Where it listens, without a slash at the end. */
  public synchronized URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The requests that came. */
  public RequestLog log() {
    return log;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Request request = read(exchange);
    Optional<Caller> caller = callers.of(request);
    log.add(request, caller.map(Caller::name).orElse(null));
    Optional<Faults> own = caller.map(Caller::faults);
    Duration latency =
        own.map(Faults::latency).map(faults.latency()::plus).orElseGet(faults::latency);
    Optional<Fault> fault = faults.take().or(() -> own.flatMap(Faults::take));
    Optional<Reply> reply =
        fault.isPresent()
            ? fault.get().apply(() -> answer(routes, request), errors)
            : Optional.of(answer(routes, request));
    if (latency.isZero()) {
      send(exchange, reply);
    } else {
      // no thread waits: the exchange stays open until somebody answers it
      CompletableFuture.delayedExecutor(latency.toNanos(), TimeUnit.NANOSECONDS, threads)
          .execute(() -> sendLate(exchange, reply));
    }
  }

  private static Request read(HttpExchange exchange) throws IOException {
    try {
      return Request.read(exchange);
    } catch (IllegalArgumentException e) {
      exchange.sendResponseHeaders(400, -1);
      throw new IOException("a request that can't be decoded", e);
    }
  }

  private Reply answer(Routes routes, Request request) {
    try {
      return routes.answer(request);
    } catch (Refusal e) {
      return e.reply();
    } catch (RuntimeException e) {
      LOGGER.error("the sandbox failed on {} {}", request.method(), request.path(), e);
      return errors.of(500);
    }
  }

  private static void sendLate(HttpExchange exchange, Optional<Reply> reply) {
    try {
      send(exchange, reply);
    } catch (IOException e) {
      LOGGER.debug("nobody waited for a late answer", e);
    }
  }

  /** Nothing to send means: close the connection. */
  private static void send(HttpExchange exchange, Optional<Reply> reply) throws IOException {
    try (exchange) {
      if (reply.isEmpty()) {
        return;
      }
      reply.get().headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.get().body();
      boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(reply.get().status(), bodiless ? -1 : body.length);
      if (!bodiless) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  @Override
  public void close() {
    stopListening();
  }
}
