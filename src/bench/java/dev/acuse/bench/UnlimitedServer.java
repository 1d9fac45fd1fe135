package dev.acuse.bench;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A service of some version, in a process of its own, that keeps to no limit of calls. */
final class UnlimitedServer implements AutoCloseable {
  private final Process process;

  private UnlimitedServer(Process process) {
    this.process = process;
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @param jar of the version
   * @param config of the version
   */
  static UnlimitedServer start(Path jar, Path config, Map<String, String> more) {
    int port = freePort();
    try {
      Path logs = Files.createDirectories(Path.of("target", "bench", "unlimited-" + port));
      Map<String, String> environment = new HashMap<>();
      environment.put("ACUSE_MIGRATE_ON_START", "true");
      environment.put("MP_WEBHOOK_SECRET", BenchServer.SECRET);
      environment.put("LOG_DIR", logs.toString());
      environment.put("ACUSE_SPOOL_DIR", Files.createTempDirectory("acuse-bench-").toString());
      environment.put("PORT", String.valueOf(port));
      environment.put("ADMIN_PORT", String.valueOf(freePort()));
      environment.put("ACUSE_SHUTDOWN_WAIT", "0s");
      environment.put("ACUSE_RECONCILE_EVERY", "0s");
      environment.putAll(more);
      Process process =
          ChildJava.start(
              jar,
              "dev.acuse.UnlimitedApplication",
              List.of("-Xmx256m"),
              List.of("server", config.toString()),
              environment,
              logs.resolve("output.log"));
      awaitAnswer(port);
      return new UnlimitedServer(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitAnswer(int port) {
    HttpClient client = HttpClient.newHttpClient();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/mp")).build();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> client.send(request, BodyHandlers.discarding()).statusCode() == 200);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing is measured of a process that has ended. */
  void insistOnLife() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the service has ended, see target/bench");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
