package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flood of unsigned notifications, each with a topic of its own invention. */
@Tag("slow")
class InventedTopicsIT {
  /** In both runs together; {@code -Dtopics=100000} takes minutes. */
  private static final int TOPICS = Integer.getInteger("topics", 15_000);

  private static final int SENDERS = 8;
  private static final int PER_SECOND = 100;
  private static final int MOST_KEPT = 1_000;

  /** Those that came to nothing are looked through for each five hundred of them. */
  private static final int BETWEEN_TRIMS = 500;

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsAlertsLabelsAndDiskStayBounded(boolean hasSecret) throws Exception {
    int flood = hasSecret ? TOPICS / 5 : TOPICS - TOPICS / 5;
    Map<String, String> settings =
        Map.of(
            "intake.hintsPerSecond",
            String.valueOf(PER_SECOND),
            "intake.quarantineMaxEvents",
            String.valueOf(MOST_KEPT),
            "alerts.every",
            "1s",
            "mercadoPago.webhookSecrets",
            hasSecret ? sandbox.options().credentials().webhookSecret() : "");
    try (RunningAcuse acuse = RunningAcuse.start(database, sandbox, settings)) {
      long before = sizeOf(database.folder());

      flood(acuse.url("/").getPort(), flood);

      await()
          .untilAsserted(
              () -> assertThat(database.count("unhandled_events")).isGreaterThan(MOST_KEPT / 2));
      // What waits to be worked off does so for a minute at most; the rest is over the budgets.
      assertThat(database.count("webhook_events"))
          .isLessThan(2L * PER_SECOND * 60 + 2L * MOST_KEPT + 2L * BETWEEN_TRIMS + 1_000);
      assertThat(database.count("unhandled_events"))
          .isLessThanOrEqualTo(MOST_KEPT + BETWEEN_TRIMS + PER_SECOND);
      assertThat(database.count("unhandled_events WHERE verified = TRUE")).isZero();
      assertThat(database.count("unhandled_events WHERE topic <> 'unknown'")).isZero();
      assertThat(
              database.count(
                  "(SELECT DISTINCT event_type FROM webhook_events WHERE status <> 'quarantined')"
                      + " t"))
          .isEqualTo(1);
      assertThat(database.count("webhook_events WHERE status = 'quarantined'"))
          .isLessThanOrEqualTo(MOST_KEPT + BETWEEN_TRIMS);
      JsonNode stats = RunningAcuse.json(acuse.get("/api/stats")).path("unhandled");
      assertThat(stats.findValuesAsText("topic")).containsExactly("unknown");
      assertThat(stats.path(0).path("verified").asLong()).isZero();
      assertThat(seriesOf(acuse)).isNotEmpty().allMatch(line -> line.contains("\"unknown\""));
      assertThat(database.count("alerts WHERE kind = 'unhandled-topic'")).isZero();
      // By how many are taken, which their rate says, and not by how many come: 4 kB for each.
      assertThat(sizeOf(database.folder()) - before).isLessThan(160L << 20);
    }
  }

  private static List<String> seriesOf(RunningAcuse acuse) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/metrics/prometheus");
    String metrics = acuse.exchange(HttpRequest.newBuilder(uri).build()).body();
    assertThat(metrics).doesNotContain("invented");
    return metrics.lines().filter(line -> line.startsWith("acuse_events_unhandled{")).toList();
  }

  private static long sizeOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(InventedTopicsIT::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      // Gone since it was listed.
      return 0;
    }
  }

  /** All at once, so that many share a commit. */
  private static void flood(int port, int flood) {
    ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    try {
      List<CompletableFuture<Void>> senders =
          IntStream.range(0, SENDERS)
              .mapToObj(
                  sender -> CompletableFuture.runAsync(() -> flood(port, flood, sender), threads))
              .toList();
      senders.forEach(CompletableFuture::join);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Each from an address of its own, because one alone gets a quarter of what is taken. */
  private static void flood(int port, int flood, int sender) {
    try (var socket = new Socket()) {
      socket.setSoTimeout(20_000);
      socket.bind(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + sender)}), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      var answers = new BufferedInputStream(socket.getInputStream());
      for (int i = sender; i < flood; i += SENDERS) {
        say(socket, i);
        assertThat(status(answers)).isIn(200, 401, 503);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** IPN, and in between what looks like a webhook. */
  private static void say(Socket socket, int i) throws IOException {
    String topic = "invented-" + i;
    boolean isIpn = i / SENDERS % 2 == 0;
    String query = (isIpn ? "topic=%s&id=%d" : "type=%s&data.id=%d").formatted(topic, i);
    byte[] body =
        isIpn
            ? new byte[0]
            : "{\"type\":\"%s\",\"data\":{\"id\":\"%d\"}}"
                .formatted(topic, i)
                .getBytes(StandardCharsets.UTF_8);
    socket
        .getOutputStream()
        .write(
            Wire.join(
                Wire.lines(
                    "POST /webhooks/mp?" + query + " HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/json",
                    "Content-Length: " + body.length),
                body));
  }

  /** The status of the next answer, which is read to its end. */
  private static int status(InputStream answers) throws IOException {
    String head = headOf(answers);
    String length = head.replaceAll("(?is).*\\ncontent-length: *(\\d+).*", "$1");
    answers.readNBytes(Integer.parseInt(length));
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  private static String headOf(InputStream answers) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = answers.read();
      assertThat(next).as("connection closed after: %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }
}
