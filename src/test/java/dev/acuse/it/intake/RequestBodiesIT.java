package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.SignatureState;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger's bodies may take: bytes, memory and threads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestBodiesIT {
  private static final int UNVERIFIED = 16 << 10;
  private static final int LARGEST = 1 << 20;
  private static final int THREADS = 16;

  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of(
              "intake.memory",
              "2MiB",
              "server.maxThreads",
              String.valueOf(THREADS),
              "server.minThreads",
              String.valueOf(THREADS),
              // Nobody shall have to wait for these senders to lose patience.
              "intake.bodyTimeout",
              "1m",
              "server.applicationConnectors[0].idleTimeout",
              "1m"));
  private final String payment = bench.sell();
  private final List<Socket> open = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
    await().untilAsserted(() -> assertThat(memoryInUse()).isZero());
  }

  @AfterAll
  void close() {
    try {
      String payment = bench.sell();
      bench.stored(bench.notifications().paymentCreated(payment));
    } finally {
      bench.close();
    }
  }

  @Test
  void signedWebhookMayBeAsLargeAsCanBeStored() {
    assertThat(bench.stored(signed().withBody("x".repeat(LARGEST))).signature())
        .isEqualTo(SignatureState.VERIFIED);
    ProblemAnswer.of(
        RawAnswer.to(bench.port(), new byte[0], head(signed(), "Content-Length: " + (LARGEST + 1))),
        413,
        "payload_too_large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "wrong", "of another id", "without an id", "IPN"})
  void whatIsNotSignedIsSmallAndOtherwiseNotKept(String kind) {
    Notification forged = forged(kind);
    long before = bench.count();

    RawAnswer told =
        RawAnswer.to(
            bench.port(), new byte[0], head(forged, "Content-Length: " + (UNVERIFIED + 1)));
    ProblemAnswer.of(told, 413, "payload_too_large");
    RawAnswer chunked =
        RawAnswer.to(
            bench.port(),
            Wire.join(
                Wire.bytes(Integer.toHexString(UNVERIFIED + 1) + "\r\n"), new byte[UNVERIFIED + 1]),
            head(forged, "Transfer-Encoding: chunked"));
    ProblemAnswer.of(chunked, 413, "payload_too_large");
    assertThat(chunked.header("Connection")).isEqualTo("close");

    assertThat(bench.count()).isEqualTo(before);
    bench.post(forged.withBody(" ".repeat(UNVERIFIED - 2) + "{}"));
    assertThat(bench.count()).as("one of the largest size is kept").isEqualTo(before + 1);
  }

  private Notification forged(String kind) {
    Notification signed = signed();
    return switch (kind) {
      case "none" -> signed.withHeader("x-signature", null);
      case "wrong" -> signed.withHeader("x-signature", "ts=1700000000,v1=" + "0".repeat(64));
      case "of another id" -> signed.withQuery("type=payment&data.id=1" + payment);
      case "without an id" -> signed.withQuery("type=payment&id=" + payment);
      default -> bench.notifications().ipnPayment(payment);
    };
  }

  @Test
  void bodyForWhichThereIsNoMemoryIsRefusedBeforeItIsRead() throws Exception {
    // Each of these has promised the largest body, and sent nothing of it.
    begin(head(signed(), "Content-Length: " + LARGEST));
    await().untilAsserted(() -> assertThat(memoryInUse()).isGreaterThan(LARGEST));

    RawAnswer answer =
        RawAnswer.to(bench.port(), new byte[0], head(signed(), "Content-Length: " + LARGEST));

    ProblemAnswer.of(answer, 503, "unavailable");
    assertThat(answer.header("Retry-After")).isNotNull();
    bench.stored(signed());
  }

  @Test
  void strangersLeaveHalfOfTheMemoryToSignedWebhooks() throws Exception {
    int enough = LARGEST / UNVERIFIED;
    for (int i = 0; i < enough; i++) {
      begin(head(forged("none"), "Content-Length: " + UNVERIFIED));
    }
    await().untilAsserted(() -> assertThat(withoutRoom()).isPositive());

    assertThat(memoryInUse()).isLessThanOrEqualTo(LARGEST);
    bench.stored(signed().withBody("x".repeat(LARGEST / 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/webhooks/mp?topic=payment&id=1", "/api/checkouts", "/console/login", "/nowhere"})
  void bodiesThatDripHoldNoThread(String path) throws Exception {
    for (int i = 0; i < 4 * THREADS; i++) {
      begin("POST " + path + " HTTP/1.1", "Host: localhost", "Content-Length: 10");
    }

    bench.stored(signed());
  }

  private void begin(String... head) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), bench.port());
    open.add(socket);
    socket
        .getOutputStream()
        .write((String.join("\r\n", head) + "\r\n\r\n ").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String[] head(Notification notification, String length) {
    List<String> head = new ArrayList<>();
    head.add("POST /webhooks/mp?" + notification.query() + " HTTP/1.1");
    head.add("Host: localhost");
    for (String name : List.of("x-signature", "x-request-id")) {
      String value = notification.header(name);
      if (value != null) {
        head.add(name + ": " + value);
      }
    }
    head.add(length);
    return head.toArray(String[]::new);
  }

  private long withoutRoom() {
    return bench.metrics().counter("acuse.intake.without_room").getCount();
  }

  private long memoryInUse() {
    return (Long) bench.metrics().getGauges().get("acuse.intake.memory_bytes").getValue();
  }

  private Notification signed() {
    return bench.notifications().paymentUpdated(payment);
  }
}
