package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders whose body comes late, by drops or never. */
class SlowBodyIT {
  private static final String WEBHOOK = "/webhooks/mp?topic=payment&id=77";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of(
                "intake.bodyTimeout", "1s", "server.applicationConnectors[0].idleTimeout", "2s"));
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {WEBHOOK, "/api/checkouts"})
  void bodyThatDripsIsCutThoughItNeverFallsSilent(String path) throws Exception {
    try (Socket socket = open(path, 1000)) {
      var drip = timer.scheduleAtFixedRate(() -> write(socket, " "), 0, 100, TimeUnit.MILLISECONDS);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      drip.cancel(false);

      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"code\":\"request_timeout\"");
    } finally {
      timer.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WEBHOOK, "/api/checkouts"})
  void bodyThatNeverComesIsCut(String path) throws Exception {
    try (Socket socket = open(path, 10)) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"code\":\"request_timeout\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "POST /webhooks/mp HTTP/1.1\r\nHost: localhost\r\nX-A: a"})
  void connectionThatFallsSilentIsClosed(String beginning) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), acuse.url("/").getPort())) {
      socket.setSoTimeout(20_000);
      write(socket, beginning);

      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
  }

  @Test
  void bodyThatComesAMomentAfterItsHeadersIsTaken() throws Exception {
    String body = "{}";
    try (Socket socket = open(WEBHOOK, body.length())) {
      var late = timer.schedule(() -> write(socket, body), 300, TimeUnit.MILLISECONDS);
      byte[] answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200");
      late.get(1, TimeUnit.SECONDS);
    } finally {
      timer.shutdownNow();
    }
  }

  private static Socket open(String path, int contentLength) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), acuse.url("/").getPort());
    socket.setSoTimeout(20_000);
    write(
        socket,
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, contentLength));
    return socket;
  }

  /** The server may have hung up: what matters is what it answered before. */
  private static void write(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
