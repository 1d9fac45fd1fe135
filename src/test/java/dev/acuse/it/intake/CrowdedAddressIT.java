package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One address that opens more connections than it may; all others come from another. */
class CrowdedAddressIT {
  private static final int CAP = 10;
  private static final int CROWD = 60;

  /** Headers that are never finished, and bodies. */
  private static final List<String> SLOW =
      List.of(
          "POST /webhooks/mp HTTP/1.1\r\nHost: localhost\r\nX-A: a",
          "POST /webhooks/mp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");

  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of(
              "intake.connectionsPerAddress",
              String.valueOf(CAP),
              // Nobody shall have to wait for these clients to lose patience.
              "intake.bodyTimeout",
              "1m",
              "server.applicationConnectors[0].idleTimeout",
              "1m"));
  private final List<Socket> crowd = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    try {
      hangUp();
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @Test
  void anAddressHasSoManyConnectionsAndTheOthersHaveTheirsAllTheWhile() throws Exception {
    for (int i = 0; i < CROWD; i++) {
      try {
        say(join(), SLOW.get(i % SLOW.size()));
      } catch (SocketException e) {
        // Refused before it said a word.
      }
    }
    await().untilAsserted(() -> assertThat(refused()).isEqualTo(CROWD - CAP));

    assertThat(allOf(join())).startsWith("HTTP/1.1 503 ").containsIgnoringCase("\r\nRetry-After: ");
    assertThat(refused()).isEqualTo(CROWD - CAP + 1);
    String payment = bench.sell();
    bench.stored(bench.notifications().paymentCreated(payment));

    hangUp();
    await().untilAsserted(() -> assertThat(request(join())).isEqualTo("HTTP/1.1 200"));
  }

  private long refused() {
    return bench.metrics().counter("acuse.connections.refused").getCount();
  }

  private Socket join() throws IOException {
    var socket = new Socket();
    crowd.add(socket);
    socket.setSoTimeout(20_000);
    socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench.port()));
    return socket;
  }

  private void hangUp() throws IOException {
    for (Socket socket : crowd) {
      socket.close();
    }
    crowd.clear();
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String allOf(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** The beginning of the answer to a request that is none too slow. */
  private static String request(Socket socket) throws IOException {
    say(socket, "GET /webhooks/mp HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
  }
}
