package dev.acuse.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An HTTP server of the sandbox on loopback, with faults on demand. */
final class SandboxServer {
  private static final int THREADS = 16;

  private record Route(String method, String pathPattern, Function<Call, Reply> answer) {
    boolean fits(Call call) {
      return call.method().equals(method) && call.path().matches(pathPattern);
    }
  }

  private final HttpServer server;
  private final ScheduledExecutorService threads;
  private final List<Route> routes = new CopyOnWriteArrayList<>();
  private final Faults faults = new Faults();
  private final AtomicLong requests = new AtomicLong();

  SandboxServer(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port + " is not free", e);
    }
    ThreadFactory daemons =
        task -> {
          var thread = new Thread(task, "sandbox");
          thread.setDaemon(true);
          return thread;
        };
    threads = Executors.newScheduledThreadPool(THREADS, daemons);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /** Answers what fits; earlier routes come first. */
  void route(String method, String pathPattern, Function<Call, Reply> answer) {
    routes.add(new Route(method, pathPattern, answer));
  }

  Faults faults() {
    return faults;
  }

  /** How many requests came to the API, faults included. */
  long requests() {
    return requests.get();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void start() {
    server.start();
  }

  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Call call = Call.read(exchange);
    if (call.path().startsWith(Controls.PREFIX)) {
      send(exchange, answer(call));
      return;
    }
    requests.incrementAndGet();
    Duration latency = faults.latency();
    if (latency.isZero()) {
      answerWithFaults(exchange, call);
    } else {
      var unused =
          threads.schedule(
              () -> answerWithFaults(exchange, call), latency.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void answerWithFaults(HttpExchange exchange, Call call) {
    Faults.Kind fault = faults.take();
    send(exchange, fault == null ? answer(call) : faults.replyOf(fault));
  }

  private Reply answer(Call call) {
    return routes.stream()
        .filter(route -> route.fits(call))
        .findFirst()
        .map(route -> route.answer().apply(call))
        .orElseGet(() -> Reply.json(404, Map.of("message", "not found", "status", 404)));
  }

  private static void send(HttpExchange exchange, @Nullable Reply reply) {
    try (exchange) {
      if (reply == null) {
        return;
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body());
    } catch (IOException e) {
      // The caller has hung up: that is its right.
      exchange.close();
    }
  }
}
