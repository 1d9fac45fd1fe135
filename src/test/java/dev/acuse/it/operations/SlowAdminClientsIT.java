package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the admin port that send or read by drops, more of them than it has threads. */
class SlowAdminClientsIT {
  private static final int CROWD = 500;
  private static final String GC = "POST /tasks/gc HTTP/1.1\r\nHost: localhost\r\n";
  private static final String HEALTH =
      "GET /healthcheck HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;

  private final List<Socket> crowd = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    // Nobody shall be helped by the service's patience coming to an end.
    acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of("adminPort.bodyTimeout", "1m", "server.adminConnectors[0].idleTimeout", "1m"));
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @AfterEach
  void hangUp() throws IOException {
    timer.shutdownNow();
    for (Socket socket : crowd) {
      socket.close();
    }
    await().untilAsserted(() -> assertThat(beingServed()).isZero());
  }

  /** What a request that is never ended would be counted in, and a shutdown wait for. */
  private static int beingServed() {
    return acuse
        .app()
        .getEnvironment()
        .getAdminContext()
        .getServer()
        .getDescendants(GracefulHandler.class)
        .stream()
        .mapToInt(handler -> Math.toIntExact(handler.getCurrentStreamWrapperCount()))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GC + "Content-Length: 100\r\n\r\n",
        GC + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na",
        GC + "Transfer-Encoding: chunked\r\n\r\n9\r\n",
        GC + "X-A: ",
        "GET /healthcheck HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n",
        "",
      })
  void whatDripsDoesNotKeepTheHealthCheckFromBeingAnswered(String beginning) throws Exception {
    for (int i = 0; i < CROWD; i++) {
      say(join(), beginning);
    }
    var unused =
        timer.scheduleAtFixedRate(
            () -> crowd.forEach(socket -> say(socket, "a")), 0, 500, TimeUnit.MILLISECONDS);

    for (int i = 0; i < 20; i++) {
      assertThat(RawAnswer.to(port(), Wire.bytes(HEALTH)).status()).isIn(200, 500);
    }
  }

  /** Each asks for more than fits on the way, and reads none of it. */
  @Test
  void whatIsNotReadDoesNotHoldTheThreads() throws Exception {
    String all = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500);
    for (int i = 0; i < CROWD; i++) {
      say(join(), all);
    }

    for (int i = 0; i < 20; i++) {
      assertThat(RawAnswer.to(port(), Wire.bytes(HEALTH)).status()).isIn(200, 500);
    }
  }

  @Test
  void taskThatIsAtWorkIsNotEndedForTheSakeOfACrowd() throws Exception {
    Socket working = join();
    say(working, "GET /pprof?duration=3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    await().until(() -> isProfiling());

    for (int i = 0; i < CROWD; i++) {
      say(join(), GC + "Content-Length: 100\r\n\r\n");
    }

    assertThat(new String(working.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
  }

  private static boolean isProfiling() {
    return Thread.getAllStackTraces().values().stream()
        .anyMatch(
            stack ->
                List.of(stack).stream()
                    .anyMatch(frame -> frame.getClassName().endsWith("CpuProfileServlet")));
  }

  private static int port() {
    return acuse.app().getAdminPort();
  }

  private Socket join() throws IOException {
    var socket = new Socket();
    crowd.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
    return socket;
  }

  /** The service may have hung up, which is what it should do. */
  private static void say(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }
}
