package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that ask for many answers, and read none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadAnswersIT {
  private static final int THREADS = 16;
  private static final int REQUESTS = 500;
  private static final int RECEIVE_BUFFER = 2 << 10;
  private static final int SEND_BUFFER = 4 << 10;

  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of(
              "intake.hintsPerSecond",
              "1",
              // Another connection needs the place of one of them.
              "intake.maxConnections",
              String.valueOf(2 * THREADS),
              "server.maxThreads",
              String.valueOf(THREADS),
              "server.minThreads",
              String.valueOf(THREADS),
              // Only a thread that waits for none of these answers gets to the genuine one in time.
              "server.applicationConnectors[0].idleTimeout",
              "5m"));
  private final String payment = bench.sell();
  private final List<Socket> open = new ArrayList<>();

  /** A sender across a network has no buffers of megabytes, either. */
  @BeforeAll
  void sendFromSmallBuffers() {
    for (Connector connector :
        bench.acuse().app().getEnvironment().getApplicationContext().getServer().getConnectors()) {
      ((ServerConnector) connector).setAcceptedSendBufferSize(SEND_BUFFER);
    }
  }

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
  }

  @AfterAll
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /webhooks/mp?type=payment&data.id=1 HTTP/1.1\r\nx-signature: ts=1,v1=00",
        "POST /webhooks/mp?topic=payment&id=1 HTTP/1.1",
        "POST /api/checkouts HTTP/1.1\r\nContent-Type: application/json",
        "GET /webhooks/mp HTTP/1.1",
        "GET /console/assets/console.css HTTP/1.1",
        "GET /nowhere HTTP/1.1"
      })
  void delayNoOther(String request) throws IOException {
    for (int i = 0; i < 2 * THREADS; i++) {
      ask(request);
    }
    awaitFullBuffers();

    await()
        .ignoreExceptions()
        .untilAsserted(() -> bench.stored(bench.notifications().paymentUpdated(payment)));
  }

  private void ask(String request) throws IOException {
    var socket = new Socket();
    open.add(socket);
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench.port()));
    String body = request.startsWith("POST") ? "Content-Length: 2\r\n\r\n{}" : "\r\n";
    String whole = request + "\r\nHost: localhost\r\n" + body;
    socket.getOutputStream().write(whole.repeat(REQUESTS).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** From then on each answer waits for its receiver. */
  private void awaitFullBuffers() {
    var before = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              long unread = 0;
              for (Socket socket : open) {
                unread += socket.getInputStream().available();
              }
              assertThat(unread).isPositive().isEqualTo(before.getAndSet(unread));
            });
  }
}
