package dev.acuse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The packaged service in a process of its own, with the benchmark's other intakes beside it. */
final class BenchServer implements AutoCloseable {
  static final String SECRET = "bench-secret-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;
  private final int adminPort;

  private BenchServer(Process process, int port, int adminPort) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
  }

  /** Starts it, waits until it answers, and pauses its dispatcher. */
  static BenchServer start(String databaseUrl, String user, Map<String, String> more) {
    int port = freePort();
    int adminPort = freePort();
    try {
      Path logs = Files.createDirectories(Path.of("target", "bench", "server-" + port));
      Map<String, String> environment = new HashMap<>();
      environment.put("DATABASE_URL", databaseUrl);
      environment.put("DATABASE_USER", user);
      environment.put("ACUSE_MIGRATE_ON_START", "true");
      environment.put("MP_WEBHOOK_SECRET", SECRET);
      environment.put("MP_ACCESS_TOKEN", "APP_USR-bench");
      environment.put("LOG_DIR", logs.toString());
      environment.put("ACUSE_SPOOL_DIR", Files.createTempDirectory("acuse-bench-").toString());
      environment.put("PORT", String.valueOf(port));
      environment.put("ADMIN_PORT", String.valueOf(adminPort));
      environment.put("ACUSE_SHUTDOWN_WAIT", "0s");
      // There is no MercadoPago here, and a breaker that opens stops every claim.
      environment.put("ACUSE_RECONCILE_EVERY", "0s");
      environment.putAll(more);
      List<String> options = new ArrayList<>();
      options.add("-Xmx" + System.getProperty("bench.heap", "256m"));
      options.add("-Xlog:gc:file=" + logs.resolve("gc.log") + ":uptime");
      if (Boolean.getBoolean("bench.profile")) {
        Path recording = logs.resolve("profile.jfr").toAbsolutePath();
        options.add("-XX:StartFlightRecording=settings=profile,filename=" + recording);
      }
      Process process =
          ChildJava.start(
              "dev.acuse.BenchApplication",
              options,
              List.of("server", "config.yml"),
              environment,
              logs.resolve("output.log"));
      var server = new BenchServer(process, port, adminPort);
      server.awaitReady();
      server.task("pause?by=benchmark");
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> status(port, "/webhooks/mp", "GET") == 200);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Runs an admin task. */
  void task(String nameAndQuery) {
    int status = status(adminPort, "/tasks/" + nameAndQuery, "POST");
    if (status != 200) {
      throw new IllegalStateException(nameAndQuery + " was answered " + status);
    }
  }

  /** How many events are in one of these statuses. */
  long events(List<String> statuses) {
    JsonNode counts = json("/api/stats").path("events");
    return statuses.stream().mapToLong(status -> counts.path(status).asLong()).sum();
  }

  /** How many events there are, whatever their status. */
  long events() {
    long all = 0;
    for (JsonNode count : json("/api/stats").path("events")) {
      all += count.asLong();
    }
    return all;
  }

  private JsonNode json(String path) {
    try {
      return JSON.readTree(send(port, path, "GET").body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int status(int at, String path, String method) {
    return send(at, path, method).statusCode();
  }

  private java.net.http.HttpResponse<String> send(int at, String path, String method) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
