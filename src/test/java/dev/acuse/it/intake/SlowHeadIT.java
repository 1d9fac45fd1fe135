package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Senders whose headers come by drops. The server's idle timeout alone would hear them out. */
class SlowHeadIT {
  private static final String REQUEST = "GET /webhooks/mp HTTP/1.1\r\nHost: localhost\r\n";

  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of(
              "intake.headTimeout",
              "1s",
              "server.applicationConnectors[0].idleTimeout",
              "20s",
              "intake.bodyTimeout",
              "20s"));
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    timer.shutdownNow();
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @Test
  void headThatDripsIsCutThoughItNeverFallsSilent() throws Exception {
    try (Socket socket = open()) {
      say(socket, REQUEST + "X-A: ");
      ScheduledFuture<?> drip = drip(socket);

      assertThat(toTheEnd(socket.getInputStream())).isEmpty();
      drip.cancel(false);
      assertThat(timedOut()).isEqualTo(1);
    }
  }

  @Test
  void headOfALaterRequestIsCutAsWell() throws Exception {
    try (Socket socket = open()) {
      say(socket, REQUEST + "\r\n");
      assertThat(beginning(socket)).isEqualTo("HTTP/1.1 200");
      say(socket, REQUEST + "X-A: ");
      ScheduledFuture<?> drip = drip(socket);

      toTheEnd(socket.getInputStream());
      drip.cancel(false);
      assertThat(timedOut()).isEqualTo(1);
    }
  }

  @Test
  void silenceBetweenTwoRequestsAndASlowBodyMayTakeLonger() throws Exception {
    try (Socket idle = open();
        Socket slow = open();
        Socket cut = open()) {
      say(idle, REQUEST + "\r\n");
      assertThat(beginning(idle)).isEqualTo("HTTP/1.1 200");
      say(
          slow,
          "POST /webhooks/mp?topic=payment&id=77 HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Length: 2\r\n\r\n{");
      // Two that have said nothing at all are cut, one after the other.
      assertThat(toTheEnd(cut.getInputStream())).isEmpty();
      try (Socket another = open()) {
        assertThat(toTheEnd(another.getInputStream())).isEmpty();
      }

      idle.getInputStream().skipNBytes(idle.getInputStream().available());
      say(idle, REQUEST + "\r\n");
      assertThat(beginning(idle)).isEqualTo("HTTP/1.1 200");
      say(slow, "}");
      assertThat(beginning(slow)).isEqualTo("HTTP/1.1 200");
      assertThat(timedOut()).isEqualTo(2);
    }
  }

  private long timedOut() {
    return bench.metrics().counter("acuse.connections.timed_out").getCount();
  }

  private Socket open() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), bench.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private ScheduledFuture<?> drip(Socket socket) {
    return timer.scheduleAtFixedRate(
        () -> {
          try {
            say(socket, "a");
          } catch (IOException e) {
            throw new IllegalStateException("cut", e);
          }
        },
        0,
        100,
        TimeUnit.MILLISECONDS);
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String beginning(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
  }

  /** A connection that is closed while bytes are on their way to it ends in a reset. */
  private static byte[] toTheEnd(InputStream in) throws IOException {
    try {
      return in.readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }
}
