package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A flood of notifications that nothing proves, of resources that nobody knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class HintFloodIT {
  private static final int FLOOD = 2_000;

  /** What one sender gets within a minute, of ten a second, and what comes due as time passes. */
  private static final int MOST = 400;

  private final Bench bench = new Bench(Engine.H2, Map.of("intake.hintsPerSecond", "10"));

  @AfterAll
  void close() {
    bench.close();
  }

  @Test
  void genuineOnesAreLookedUpBesideItAndTheDiskTakesLittleOfIt() throws Exception {
    String known = bench.sell();
    bench.ends(bench.stored(bench.notifications().paymentCreated(known)), EventStatus.SUCCESS);
    String unknown = bench.sell();

    int refused = flood();

    assertThat(refused).isGreaterThan(FLOOD - MOST);
    assertThat(bench.count()).isLessThan(MOST);
    // From another address, of which this is the first.
    bench.ends(bench.stored(bench.notifications().ipnPayment(unknown)), EventStatus.SUCCESS);
    // From the flood's own, because a proxy may stand in front of both.
    WebhookEvent told = find(postFrom((byte) 2, bench.notifications().ipnPayment(known)));
    assertThat(told.nextRetryAt() == null || !told.nextRetryAt().isAfter(told.receivedAt()))
        .as("at once: %s", told.nextRetryAt())
        .isTrue();
  }

  @Test
  void alertThatIsSentOnceIsTakenBesideItThoughNothingSignsItsPaymentButItsSignatureTakesNoMore()
      throws Exception {
    String payment = bench.sell();
    assertThat(flood()).isGreaterThan(FLOOD - MOST);

    Notification alert =
        bench
            .notifications()
            .webhook("stop_delivery_op_wh", "99900000001", "Created")
            .withBody(alertOf(payment));
    try (Socket socket = connect((byte) 2)) {
      say(socket, "/webhooks/mp?" + alert.query(), alert.body(), signed(alert));
      assertThat(status(socket)).isEqualTo(200);
      int again = 0;
      for (int i = 0; i < 100; i++) {
        byte[] other = alertOf(String.valueOf(800_000_000L + i)).getBytes(StandardCharsets.UTF_8);
        say(socket, "/webhooks/mp?" + alert.query(), other, signed(alert));
        again += status(socket) == 200 ? 1 : 0;
      }
      assertThat(again).as("by the rate of hints alone").isLessThan(50);
    }
    WebhookEvent told = bench.latestOf(payment);
    assertThat(told.eventType()).isEqualTo("stop_delivery_op_wh");
    assertThat(told.nextRetryAt() == null || !told.nextRetryAt().isAfter(told.receivedAt()))
        .as("at once: %s", told.nextRetryAt())
        .isTrue();
  }

  private static String alertOf(String payment) {
    return "{\"type\":\"stop_delivery_op_wh\",\"data\":{\"payment_id\":" + payment + "}}";
  }

  private static String[] signed(Notification notification) {
    return new String[] {
      "x-signature: " + notification.header("x-signature"),
      "x-request-id: " + notification.header("x-request-id")
    };
  }

  private int flood() throws IOException {
    int refused = 0;
    try (Socket socket = connect((byte) 2)) {
      for (int i = 0; i < FLOOD; i++) {
        say(socket, "/webhooks/mp?topic=payment&id=" + (900_000_000L + i), new byte[0]);
        refused += status(socket) == 503 ? 1 : 0;
      }
    }
    return refused;
  }

  private String postFrom(byte address, Notification notification) throws IOException {
    try (Socket socket = connect(address)) {
      say(socket, "/webhooks/mp?" + notification.query(), notification.body());
      assertThat(status(socket)).isEqualTo(200);
    }
    return notification.query();
  }

  private WebhookEvent find(String query) {
    String id = query.replaceAll(".*[?&]?id=(\\d+).*", "$1");
    return bench.latestOf(id);
  }

  private Socket connect(byte address) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(20_000);
    socket.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, address}), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench.port()));
    return socket;
  }

  private static void say(Socket socket, String path, byte[] body, String... headers)
      throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "POST " + path + " HTTP/1.1", "Host: localhost", "Content-Length: " + body.length));
    lines.addAll(List.of(headers));
    socket.getOutputStream().write(Wire.join(Wire.lines(lines.toArray(String[]::new)), body));
  }

  /** The status of the next answer, which is read to its end. */
  private static int status(Socket socket) throws IOException {
    String head = headOf(socket);
    String length = head.replaceAll("(?is).*\\ncontent-length: *(\\d+).*", "$1");
    socket.getInputStream().readNBytes(Integer.parseInt(length));
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  private static String headOf(Socket socket) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("connection closed after: %s", head).isNotNegative();
      head.append(new String(new byte[] {(byte) next}, StandardCharsets.ISO_8859_1));
    }
    return head.toString();
  }
}
