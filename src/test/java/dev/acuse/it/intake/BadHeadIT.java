package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.Wire;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Genuine webhooks under heads that nobody should send; after each a good one is stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadHeadIT {
  private final Bench bench = new Bench(Engine.H2, Map.of());
  private final String payment = bench.sell();

  @AfterEach
  void aGoodWebhookIsStored() {
    bench.stored(genuine());
  }

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  private static Stream<Arguments> brokenHeads() {
    return Stream.of(
        Arguments.of("a folded header", "X-A: b\r\n Canary7"),
        Arguments.of("a blank before the colon", "X-A : Canary7"),
        Arguments.of("a control character", "X-A: Canary7\u0001"),
        Arguments.of("a second host", "Host: Canary7"),
        Arguments.of("two lengths", "Content-Length: 1\r\nContent-Length: 2"),
        Arguments.of("a negative length", "Content-Length: -1"),
        Arguments.of("a length of twenty digits", "Content-Length: 99999999999999999999"),
        Arguments.of("an unknown coding", "Transfer-Encoding: Canary7"),
        Arguments.of("a length and a coding", "Content-Length: 5\r\nTransfer-Encoding: chunked"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenHeads")
  void aBrokenHeadIsRefusedAndTheWebhookBehindItOnTheWireIsNotRun(String what, String headers) {
    isRefusedAndClosed(
        Wire.join(
            Wire.lines(Wire.head(genuine(), headers)),
            Wire.bytes("0\r\n\r\n"),
            Wire.whole(genuine())));
  }

  @Test
  void aHeadWithoutAHostIsRefused() {
    String[] head = Wire.head(genuine(), "Content-Length: 0");
    head[1] = "X-A: Canary7";

    isRefusedAndClosed(Wire.join(Wire.lines(head), Wire.whole(genuine())));
  }

  /** RFC 9112, 3.2.2: of an absolute target the host is the target's, and Host is ignored. */
  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, localhost",
    "http://localhost, localhost:8080",
    "http://hooks.example, localhost",
    "http://hooks.example:443, 10.0.0.7:8080",
  })
  void anAbsoluteTargetNeedNotAgreeWithTheHost(String target, String host) {
    Notification genuine = genuine();
    String[] head =
        Wire.head(
            target + "/webhooks/mp",
            genuine,
            "Content-Length: " + genuine.body().length,
            "Connection: close");
    head[1] = "Host: " + host;

    assertThat(RawAnswer.to(bench.port(), genuine.body(), head).status()).isEqualTo(200);
  }

  @Test
  void anAbsoluteTargetOfTheApiIsOursWhateverPortItNames() {
    for (String host : new String[] {"localhost", "localhost:1"}) {
      assertThat(
              sent(
                      "GET http://localhost:%d/api/stats HTTP/1.1".formatted(bench.port()),
                      "Host: " + host,
                      "Connection: close")
                  .status())
          .isEqualTo(200);
    }
    // Still one host, and one that is one (RFC 9112, 3.2).
    isRefusedAndClosed(Wire.lines("GET http://localhost/api/stats HTTP/1.1", "Host: a", "Host: a"));
    isRefusedAndClosed(Wire.lines("GET http://localhost/api/stats HTTP/1.1"));
    isRefusedAndClosed(Wire.lines("GET http://localhost/api/stats HTTP/1.1", "Host: a/b"));
  }

  private void isRefusedAndClosed(byte[] request) {
    long before = bench.count();

    RawAnswer answer = RawAnswer.to(bench.port(), request);

    ProblemAnswer.of(answer, 400, "bad_request");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(answer.body()).as("one answer").doesNotContain("HTTP/1.1 ");
    assertThat(bench.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/Canary7",
        "/webhooks/%2e%2e/%2e%2e/Canary7",
        "/webhooks/mp%00",
        "/webhooks/mp%zz",
        "/webhooks%2fmp",
        "//webhooks/mp",
        "/webhooks\\mp",
        "/webhooks/x\\..\\mp",
      })
  void aPathThatIsNotOneIsRefused(String path) {
    long before = bench.count();

    RawAnswer answer = sent(Wire.head(path, genuine(), "Connection: close", "Content-Length: 0"));

    ProblemAnswer.of(answer, 400, "bad_request");
    assertThat(bench.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere/Canary7", "/webhooks/mp/Canary7", "/api/Canary7"})
  void aPathThatLeadsNowhereIsNoPage(String path) {
    ProblemAnswer.of(
        sent(
            "GET " + path + " HTTP/1.1",
            "Host: localhost",
            "Accept: text/html",
            "Connection: close"),
        404,
        "not_found");
  }

  /** The path's parameters are none of its name, neither for the resource nor for its filters. */
  @ParameterizedTest
  @ValueSource(strings = {"/webhooks/mp;x=1", "/webhooks;x=1/mp"})
  void parametersInAPathHideNoFilter(String path) {
    Notification genuine = genuine();

    RawAnswer answer =
        RawAnswer.to(
            bench.port(),
            genuine.body(),
            Wire.head(
                path,
                genuine,
                "Content-Type: @@@@",
                "Connection: close",
                "Content-Length: " + genuine.body().length));

    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
  }

  @Test
  void aHeadOverTheLimitIsTold() {
    String tooLong = "x".repeat(9 * 1024);

    ProblemAnswer.of(sent(Wire.head("/" + tooLong, genuine())), 414, "uri_too_long");
    ProblemAnswer.of(sent(Wire.head(genuine(), "X-A: " + tooLong)), 431, "headers_too_large");
  }

  @Test
  void manyHeadersAreNoReasonToLoseAWebhook() {
    Notification genuine = genuine();
    String[] many = Collections.nCopies(90, "X-A: b").toArray(String[]::new);
    String[] head = Arrays.copyOf(many, 92);
    head[90] = "Content-Length: " + genuine.body().length;
    head[91] = "Connection: close";

    RawAnswer answer = RawAnswer.to(bench.port(), genuine.body(), Wire.head(genuine, head));

    assertThat(answer.status()).isEqualTo(200);
  }

  /** Each line is an object of Jetty's, thirty times its bytes, for as long as a head may take. */
  @Test
  void moreLinesThanAnySenderSendsAreRefusedBeforeTheirEndHasCome() {
    String lines = "a:b\r\n".repeat(150);
    byte[] webhook = Wire.bytes("POST /webhooks/mp HTTP/1.1\r\nHost: localhost\r\n" + lines);
    byte[] metrics = Wire.bytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + lines);

    isToldTooMany(RawAnswer.to(bench.port(), webhook));
    isToldTooMany(RawAnswer.to(bench.acuse().app().getAdminPort(), metrics));
  }

  @Test
  void linesAreCountedForEachRequestOfAConnection() {
    byte[] ping = Wire.bytes("GET /webhooks/mp HTTP/1.1\r\nHost: localhost\r\n");
    byte[] lines = Wire.bytes("a:b\r\n".repeat(80));
    byte[] end = Wire.bytes("\r\n");
    byte[] last = Wire.bytes("Connection: close\r\n\r\n");

    RawAnswer answer = RawAnswer.to(bench.port(), Wire.join(ping, lines, end, ping, lines, last));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("HTTP/1.1 200");
  }

  @Test
  void linesBehindABodyAreBoundedAsWell() {
    long before = bench.count();
    byte[] webhook =
        Wire.join(
            Wire.lines(Wire.head(genuine(), "Transfer-Encoding: chunked")),
            Wire.bytes("2\r\n{}\r\n0\r\n" + "a:b\r\n".repeat(150)));

    RawAnswer answer = RawAnswer.to(bench.port(), webhook);

    ProblemAnswer.of(answer, 400, "incomplete_body");
    assertThat(bench.count()).isEqualTo(before);
  }

  private static void isToldTooMany(RawAnswer answer) {
    ProblemAnswer.of(answer, 431, "headers_too_large");
    assertThat(answer.header("Connection")).isEqualTo("close");
  }

  @ParameterizedTest
  @CsvSource({
    "'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 426, upgrade_required",
    "'POST /webhooks/mp HTTP/9.9\r\nHost: localhost\r\n\r\n', 505, http_version_not_supported",
    "'POST /webhooks/mp\r\n\r\n', 505, http_version_not_supported",
    "'\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000\r\n', 400, bad_request",
  })
  void anotherProtocolIsToldSo(String request, int status, String code) {
    ProblemAnswer.of(RawAnswer.to(bench.port(), Wire.bytes(request)), status, code);
  }

  @Test
  void whatIsExpectedOfNobodyFails() {
    ProblemAnswer.of(
        sent(Wire.head(genuine(), "Expect: Canary7", "Content-Length: 2", "Connection: close")),
        417,
        "expectation_failed");
  }

  private RawAnswer sent(String... head) {
    return RawAnswer.to(bench.port(), Wire.lines(head));
  }

  private Notification genuine() {
    return bench.notifications().paymentUpdated(payment);
  }
}
