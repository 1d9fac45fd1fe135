package dev.acuse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The jar's sandbox in a process of its own: a MercadoPago and a GoHighLevel that count the calls
 * and answer each after the same time, without a thread that waits.
 */
final class BenchSandbox implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(\\S+)");

  /** The sandbox prints so many; the last is the location. */
  private static final int EXPORTS = 6;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final Map<String, String> settings;

  private BenchSandbox(Process process, Map<String, String> settings) {
    this.process = process;
    this.settings = settings;
  }

  /** Starts it, and waits until it can be used. */
  static BenchSandbox start(Duration latency) {
    try {
      Path output =
          Files.createTempFile(
              Files.createDirectories(Path.of("target", "bench")), "sandbox-", ".log");
      Process process =
          ChildJava.start(
              "dev.acuse.AcuseApplication",
              List.of("-Xmx256m"),
              List.of("sandbox", "--mp-port", "0", "--ghl-port", "0"),
              Map.of(),
              output);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> exports(output).size() == EXPORTS);
      Map<String, String> settings = exports(output);
      // The load is signed with the benchmark's own.
      settings.remove("MP_WEBHOOK_SECRET");
      var sandbox = new BenchSandbox(process, settings);
      for (String target : List.of("mercadopago", "gohighlevel")) {
        sandbox.latency(target, latency);
      }
      return sandbox;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * From now on each answer takes that long.
   *
   * @param target {@code mercadopago} or {@code gohighlevel}
   */
  void latency(String target, Duration latency) {
    post("faults?kind=latency&target=" + target + "&ms=" + latency.toMillis());
  }

  private static Map<String, String> exports(Path output) throws IOException {
    Map<String, String> exports = new HashMap<>();
    Matcher line = EXPORT.matcher(Files.readString(output));
    while (line.find()) {
      exports.put(line.group(1), line.group(2));
    }
    return exports;
  }

  /** What makes the service use it. */
  Map<String, String> settings() {
    return settings;
  }

  /** A payment of 10 ARS in this state; answers MercadoPago's id. */
  String pay(String externalReference, String status) {
    return post("pay?amount=10&external_reference=" + externalReference + "&status=" + status)
        .path("payment_id")
        .asText();
  }

  /** How many calls it has had: look-ups and tags. */
  long calls() {
    JsonNode requests = send("state", "GET").path("requests");
    return requests.path("mercadopago").asLong() + requests.path("gohighlevel").asLong();
  }

  private JsonNode post(String path) {
    return send(path, "POST");
  }

  private JsonNode send(String path, String method) {
    var request =
        HttpRequest.newBuilder(URI.create(settings.get("MP_BASE_URL") + "/_sandbox/" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + " was answered " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
