package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Genuine webhooks whose body comes packed, cut, in pieces or in tons; after each a good one is
 * stored.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadTransferIT {
  private static final int UNVERIFIED_LIMIT = 16 * 1024;
  private static final int TEN_MEGABYTES = 10_000_000;

  private final Bench bench = new Bench(Engine.H2, Map.of());
  private final String payment = bench.sell();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  BadTransferIT() {
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void aGoodWebhookIsStoredAndNothingLeftBehind() {
    bench.stored(genuine());
    await().untilAsserted(() -> assertThat(bench.requestsUnderWay()).isZero());
  }

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
      assertThat(log.list)
          .as("what senders do is no error of ours")
          .noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.ERROR))
          .noneMatch(line -> line.getThrowableProxy() != null);
    } finally {
      root.detachAppender(log);
      bench.close();
    }
  }

  private static Stream<Arguments> packed() {
    byte[] packed = gzip(new byte[64_000_000]);
    return Stream.of(
        Arguments.of("a bomb", "gzip", packed),
        Arguments.of("corrupt", "gzip", corrupt(packed)),
        Arguments.of("without its trailer", "gzip", Arrays.copyOf(packed, packed.length - 8)),
        Arguments.of("not packed at all", "gzip", Wire.bytes("{}")),
        Arguments.of("packed twice", "gzip, gzip", gzip(gzip(new byte[100]))),
        Arguments.of("deflate", "deflate", Wire.bytes("{}")),
        Arguments.of("br", "br", Wire.bytes("{}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("packed")
  void aPackedBodyIsNeverUnpacked(String what, String encoding, byte[] body) {
    Notification packed = genuine().withBody(body).withHeader("content-encoding", encoding);

    WebhookEvent event = bench.stored(packed);
    Notification forged = packed.withHeader("x-signature", null);
    if (body.length > UNVERIFIED_LIMIT) {
      ProblemAnswer.of(bench.post(forged), 413, "payload_too_large");
    } else {
      bench.refused(forged, 401, "signature");
    }
    RawAnswer api =
        RawAnswer.to(
            bench.port(),
            body,
            "POST /api/checkouts HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Encoding: " + encoding,
            "Connection: close",
            "Content-Length: " + body.length);

    assertThat(event.resourceId()).isEqualTo(payment);
    ProblemAnswer.of(api, 415, "unsupported_media_type");
  }

  private static Stream<Arguments> tons() {
    byte[] tons = new byte[TEN_MEGABYTES];
    byte[] chunks =
        Wire.join(
            Wire.bytes(Integer.toHexString(TEN_MEGABYTES) + "\r\n"), tons, Wire.bytes("\r\n"));
    String length = "Content-Length: " + TEN_MEGABYTES;
    return Stream.of(
        Arguments.of("by its length", length, tons),
        Arguments.of("in chunks", "Transfer-Encoding: chunked", chunks),
        Arguments.of("packed", "Content-Encoding: gzip\r\n" + length, tons),
        Arguments.of("asking first", "Expect: 100-continue\r\n" + length, new byte[0]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tons")
  void tenMegabytesAreRefusedHoweverTheyComeAndTheirConnectionClosed(
      String what, String headers, byte[] body) {
    long before = bench.count();
    long refused = refused("payload_too_large");

    RawAnswer answer = RawAnswer.to(bench.port(), body, Wire.head(genuine(), headers));

    ProblemAnswer.of(answer, 413, "payload_too_large");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(bench.count()).isEqualTo(before);
    assertThat(refused("payload_too_large")).isEqualTo(refused + 1);
  }

  private static Stream<Arguments> cut() {
    return Stream.of(
        Arguments.of("before its length", "Content-Length: 10", "{\"a"),
        Arguments.of("within a chunk", "Transfer-Encoding: chunked", "A\r\n{\"a"),
        Arguments.of("between chunks", "Transfer-Encoding: chunked", "2\r\n{}\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cut")
  void aBodyThatEndsEarlyIsRefusedAndNothingOfItStored(String what, String headers, String body) {
    long before = bench.count();

    RawAnswer answer =
        RawAnswer.toTheEnd(
            bench.port(), Wire.join(Wire.lines(Wire.head(genuine(), headers)), Wire.bytes(body)));

    ProblemAnswer.of(answer, 400, "incomplete_body");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(bench.count()).isEqualTo(before);
  }

  @Test
  void aBrokenChunkIsRefusedAndTheWebhookBehindItIsNotRun() {
    for (String size : new String[] {"Canary7", "-2", "FFFFFFFFFFFFFFFFF", ""}) {
      long before = bench.count();

      RawAnswer answer =
          RawAnswer.to(
              bench.port(),
              Wire.join(
                  Wire.lines(Wire.head(genuine(), "Transfer-Encoding: chunked")),
                  Wire.bytes(size + "\r\n{}\r\n0\r\n\r\n"),
                  Wire.whole(genuine())));

      ProblemAnswer.of(answer, 400, "incomplete_body");
      assertThat(answer.body()).as("one answer").doesNotContain("HTTP/1.1 ");
      assertThat(bench.count()).isEqualTo(before);
    }
  }

  @Test
  void aSenderThatHasNoMoreToSayIsAnswered() {
    long before = bench.count();

    assertThat(RawAnswer.toTheEnd(bench.port(), Wire.whole(genuine())).status()).isEqualTo(200);

    assertThat(bench.count()).isEqualTo(before + 1);
  }

  @Test
  void aSenderThatHangsUpBeforeItsAnswerMaySendItAgain() {
    for (int i = 0; i < 20; i++) {
      Notification genuine = genuine();
      long before = bench.count();
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(Wire.whole(genuine));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }

      RawAnswer again = RawAnswer.to(bench.port(), Wire.whole(genuine));

      assertThat(again.status()).isEqualTo(200);
      assertThat(again.body()).containsAnyOf("\"stored\"", "\"duplicate\"");
      assertThat(bench.count()).isEqualTo(before + 1);
    }
  }

  private long refused(String code) {
    return bench.metrics().counter("acuse.intake.refused." + code).getCount();
  }

  private static byte[] corrupt(byte[] packed) {
    byte[] corrupt = packed.clone();
    Arrays.fill(corrupt, 20, 60, (byte) 0x55);
    return corrupt;
  }

  private static byte[] gzip(byte[] plain) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private Notification genuine() {
    return bench.notifications().paymentUpdated(payment);
  }
}
