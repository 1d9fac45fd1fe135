package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.Wire;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests whose end two servers may see in different places, with a second one behind them: that
 * is never run, on either port. The settings are those of an installation that asks for lenience.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmuggledRequestIT {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of(
              "server.applicationConnectors[0].httpCompliance", "RFC2616_LEGACY",
              "server.adminConnectors[0].httpCompliance", "RFC2616_LEGACY"));
  private final String payment = bench.sell();

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  /** What follows the lines of a head that are as they should be. */
  private static Stream<Arguments> brokenHeads() {
    return Stream.of(
        Arguments.of("a line that ends in LF", "X-A: b\n" + CHUNKED + "\r\n0\r\n\r\n"),
        Arguments.of("LF before the length", "X-A: b\nContent-Length: 0\r\n\r\n"),
        Arguments.of("a head that ends in LF", "Content-Length: 0\r\n\n"),
        Arguments.of("all of it LF", "Content-Length: 0\n\n"),
        Arguments.of("a bare CR", "X-A: b\rContent-Length: 0\r\n\r\n"),
        Arguments.of("a line that ends in CR", "Content-Length: 0\r\rX-A: b\r\n\r\n"),
        Arguments.of("NUL", "X-A: b\u0000\r\nContent-Length: 0\r\n\r\n"),
        Arguments.of("a folded line", "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n"),
        Arguments.of("a folded coding", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of("a blank before the colon", "Content-Length : 0\r\n\r\n"),
        Arguments.of("a tab before the colon", "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of("no colon", "Content-Length\r\n\r\n"),
        Arguments.of("an empty name", ": 0\r\nContent-Length: 0\r\n\r\n"),
        Arguments.of("coding and length", CHUNKED + "Content-Length: 5\r\n\r\n0\r\n\r\n"),
        Arguments.of("length and coding", "Content-Length: 5\r\n" + CHUNKED + "\r\n0\r\n\r\n"),
        Arguments.of("two lengths", "Content-Length: 0\r\nContent-Length: 5\r\n\r\n"),
        Arguments.of("a length twice", "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        Arguments.of("a list of lengths", "Content-Length: 0, 0\r\n\r\n"),
        Arguments.of("a length with a sign", "Content-Length: +0\r\n\r\n"),
        Arguments.of("a hexadecimal length", "Content-Length: 0x0\r\n\r\n"),
        Arguments.of("no digits for a length", "Content-Length:\r\n\r\n"),
        Arguments.of("chunked twice", CHUNKED + CHUNKED + "\r\n0\r\n\r\n"),
        Arguments.of("chunked in a list twice", coding("chunked, chunked")),
        Arguments.of("chunked not last", coding("chunked, identity")),
        Arguments.of("identity", coding("identity")),
        Arguments.of("identity before chunked", coding("identity, chunked")),
        Arguments.of("packed, then chunked", coding("gzip, chunked")),
        Arguments.of("not chunked", coding("xchunked")),
        Arguments.of("chunked in quotes", coding("\"chunked\"")),
        Arguments.of("an empty coding", coding("")),
        Arguments.of("a comma before", coding(",chunked")),
        Arguments.of("a vertical tab before", coding("\u000bchunked")),
        Arguments.of("chunked with a parameter", coding("chunked;a=b")));
  }

  private static String coding(String value) {
    return "Transfer-Encoding: " + value + "\r\n\r\n0\r\n\r\n";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenHeads")
  void aHeadWithTwoReadingsIsRefusedOnBothPorts(String what, String rest) {
    ProblemAnswer.of(webhook("HTTP/1.1", rest), 400, "bad_request");
    ProblemAnswer.of(task("HTTP/1.1", rest), 400, "bad_request");
  }

  private static Stream<Arguments> oldHeads() {
    return Stream.of(
        Arguments.of("chunked", CHUNKED + "\r\n0\r\n\r\n"),
        Arguments.of("chunked and a length", CHUNKED + "Content-Length: 5\r\n\r\n0\r\n\r\n"),
        Arguments.of("another coding", "Transfer-Encoding: gzip\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oldHeads")
  void aCodingInHttp10IsRefusedThoughItsConnectionIsToBeKept(String what, String rest) {
    for (String more : new String[] {"Connection: keep-alive\r\n", ""}) {
      ProblemAnswer.of(webhook("HTTP/1.0", more + rest), 400, "bad_request");
      ProblemAnswer.of(task("HTTP/1.0", more + rest), 400, "bad_request");
    }
  }

  private static Stream<Arguments> brokenChunks() {
    return Stream.of(
        Arguments.of("CRLF in a quoted extension", "2;a=\"\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("CRLF in quotes that end", "2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("an escaped CRLF in quotes", "2;a=\"\\\r\n\"\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("LF in a quoted extension", "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("LF in an extension", "2;a\n{}\r\n0\r\n\r\n"),
        Arguments.of("CR in an extension", "2;a\rb\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("an extension without a name", "2;\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("LF after the size", "2\n{}\r\n0\r\n\r\n"),
        Arguments.of("CR after the size", "2\r{}\r\n0\r\n\r\n"),
        Arguments.of("a blank after the size", "2 \r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a blank before the size", " 2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a size with a sign", "+2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a size with a prefix", "0x2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("bytes after the chunk", "2\r\n{}XX0\r\n\r\n"),
        Arguments.of("bytes before CRLF", "2\r\n{}X\r\n0\r\n\r\n"),
        Arguments.of("nothing after the chunk", "2\r\n{}0\r\n\r\n"),
        Arguments.of("LF after the chunk", "2\r\n{}\n0\r\n\r\n"),
        Arguments.of("CR after the chunk", "2\r\n{}\r0\r\n\r\n"),
        Arguments.of("an empty line after the chunk", "2\r\n{}\r\n\r\n0\r\n\r\n"),
        Arguments.of("LF after the last size", "2\r\n{}\r\n0\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenChunks")
  void aChunkWithTwoReadingsIsRefused(String what, String body) {
    ProblemAnswer.of(webhook("HTTP/1.1", CHUNKED + "\r\n" + body), 400, "incomplete_body");
    // A task that wants no body has run by then; what follows has not.
    task("HTTP/1.1", CHUNKED + "\r\n" + body);
  }

  private static Stream<Arguments> brokenTrailers() {
    return Stream.of(
        Arguments.of("LF ends it", "2\r\n{}\r\n0\r\n\n"),
        Arguments.of("LF ends a line", "2\r\n{}\r\n0\r\nX-A: b\n\r\n"),
        Arguments.of("a bare CR", "2\r\n{}\r\n0\r\nX-A: b\rX-B: c\r\n\r\n"),
        Arguments.of("a folded line", "2\r\n{}\r\n0\r\nX-A: b\r\n c\r\n\r\n"));
  }

  /** The body was whole, and may be taken; but the connection is of no more use. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenTrailers")
  void whatFollowsABrokenTrailerIsNotRun(String what, String body) {
    RawAnswer answer =
        sent(bench.port(), webhookHead("HTTP/1.1", CHUNKED + "\r\n" + body), second());

    assertThat(answer.body()).as("one answer").doesNotContain("HTTP/1.1 ");
    task("HTTP/1.1", CHUNKED + "\r\n" + body);
  }

  private RawAnswer webhook(String version, String rest) {
    long before = bench.count();

    RawAnswer answer = sent(bench.port(), webhookHead(version, rest), second());

    assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
    assertThat(answer.body()).as("one answer").doesNotContain("HTTP/1.1 ");
    assertThat(bench.count()).as("nothing is stored").isEqualTo(before);
    return answer;
  }

  private String webhookHead(String version, String rest) {
    Notification genuine = genuine();
    return String.join(
        "\r\n",
        "POST /webhooks/mp?" + genuine.query() + " " + version,
        "Host: localhost",
        "x-signature: " + genuine.header("x-signature"),
        "x-request-id: " + genuine.header("x-request-id"),
        rest);
  }

  private byte[] second() {
    return Wire.whole(genuine());
  }

  private RawAnswer task(String version, String rest) {
    String head =
        "POST /tasks/log-level?logger=dev.acuse.nobody&level=INFO %s\r\nHost: localhost\r\n%s"
            .formatted(version, rest);
    byte[] pause =
        Wire.lines(
            "POST /tasks/pause HTTP/1.1",
            "Host: localhost",
            "Content-Length: 0",
            "Connection: close");

    RawAnswer answer = sent(bench.acuse().app().getAdminPort(), head, pause);

    assertThat(answer.body()).as("one answer").doesNotContain("HTTP/1.1 ");
    assertThat(RunningAcuse.json(bench.acuse().get("/api/stats")).path("paused").isNull())
        .as("the second task is not run")
        .isTrue();
    return answer;
  }

  private static RawAnswer sent(int port, String first, byte[] second) {
    return RawAnswer.to(port, Wire.join(Wire.bytes(first), second));
  }

  private Notification genuine() {
    return bench.notifications().paymentUpdated(payment);
  }
}
