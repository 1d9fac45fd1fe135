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
  private final Path logs;
  private final int port;
  private final int adminPort;

  private BenchServer(Process process, Path logs, int port, int adminPort) {
    this.process = process;
    this.logs = logs;
    this.port = port;
    this.adminPort = adminPort;
  }

  /** Starts it, waits until it answers, and pauses its dispatcher. */
  static BenchServer start(String databaseUrl, String user, Map<String, String> more) {
    return start(databaseUrl, user, System.getProperty("bench.heap", "256m"), more);
  }

  /**
   * The same with a heap of its own.
   *
   * @param heap the largest, as {@code -Xmx} takes it
   */
  static BenchServer start(String databaseUrl, String user, String heap, Map<String, String> more) {
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
      List<String> options = new ArrayList<>(ChildJava.installedOptions());
      options.add("-Xmx" + heap);
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
      var server = new BenchServer(process, logs, port, adminPort);
      server.awaitReady();
      server.pauseUnlessPaused();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pause is the database's: another instance may have begun it. */
  private void pauseUnlessPaused() {
    int status = send(adminPort, "/tasks/pause?by=benchmark", "POST").statusCode();
    if (status != 200 && status != 409) {
      throw new IllegalStateException("the pause was answered " + status);
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

  /** Where its output and the log of its garbage collector are. */
  Path logs() {
    return logs;
  }

  /** Runs an admin task to its end; answers what it printed. */
  String task(String nameAndQuery) {
    var answer = send(adminPort, "/tasks/" + nameAndQuery, "POST");
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(nameAndQuery + " was answered " + answer.statusCode());
    }
    return answer.body().strip();
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

  /** Makes something by the API. */
  void make(String path, String json) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    try {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 201) {
        throw new IllegalStateException(path + " was answered " + answer.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
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
