package dev.acuse.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.api.ApiServer;
import dev.acuse.api.Probe;
import dev.acuse.api.Problems;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything here goes over a bare socket: no HTTP client would send it. */
class JettyErrorsTest {
  private static final String CANARY = "Canary7";

  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start("", new Probe());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/Canary7",
        "/api/%2e%2e/%2e%2e/%2e%2e/Canary7",
        "/api/Canary7%00",
        "/api/Canary7%zz",
        "/api/Canary7%2fb",
        "//Canary7",
        "/api//Canary7",
        "/api\\..\\Canary7",
        "/api/..;/Canary7",
        "/api/Canary7%c0%af",
        "http://[Canary7/",
      })
  void anAddressThatIsNotOneIsRefusedAndNotRepeated(String path) {
    for (int port : new int[] {server.port(), server.adminPort()}) {
      String answer =
          ApiServer.raw(
              port, "", "GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
      problem(answer, 400, "bad_request");
    }
  }

  static Stream<Arguments> brokenHeads() {
    return Stream.of(
        Arguments.of("a folded header", "Host: localhost\r\nX-A: b\r\n Canary7"),
        Arguments.of("a blank before the colon", "Host: localhost\r\nX-A : Canary7"),
        Arguments.of("a control character", "Host: localhost\r\nX-A: Canary7\u0001"),
        Arguments.of("no host", "X-A: Canary7"),
        Arguments.of("two hosts", "Host: localhost\r\nHost: Canary7"),
        Arguments.of("a host that is none", "Host: Canary7:port"),
        Arguments.of("two lengths", "Host: localhost\r\nContent-Length: 1\r\nContent-Length: 2"),
        Arguments.of("a negative length", "Host: localhost\r\nContent-Length: -1"),
        Arguments.of("a huge length", "Host: localhost\r\nContent-Length: 99999999999999999999"),
        Arguments.of("an unknown coding", "Host: localhost\r\nTransfer-Encoding: Canary7"),
        Arguments.of(
            "a length and a coding",
            "Host: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenHeads")
  void aBrokenHeadIsRefusedAndWhatFollowsOnTheWireIsNotRun(String what, String headers) {
    String smuggled = "GET /api/probe HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answer = server.raw(smuggled, "POST /api/probe HTTP/1.1", headers);
    problem(answer, 400, "bad_request");
    assertThat(answer).as(what).containsOnlyOnce("HTTP/1.1 ");
  }

  @Test
  void aBrokenChunkIsRefused() {
    String answer =
        server.raw(
            "Canary7\r\n{}\r\n0\r\n\r\n",
            "POST /api/probe HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked");
    problem(answer, 400, "bad_request");
  }

  @Test
  void aBodyThatStopsComingTimesOut() {
    String answer =
        server.raw(
            "{\"ex",
            "POST /api/probe HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: 100");
    problem(answer, 408, "request_timeout");
  }

  @Test
  void anAddressOrAHeadThatIsTooLongIsTold() {
    String longWord = CANARY + "x".repeat(9 * 1024);
    problem(
        server.raw("", "GET /" + longWord + " HTTP/1.1", "Host: localhost"), 414, "uri_too_long");
    problem(
        server.raw("", "GET / HTTP/1.1", "Host: localhost", "X-A: " + longWord),
        431,
        "headers_too_large");
  }

  @Test
  void clientIsToldThatTheConnectionEndsWithARequestThatWasNotReadWhole() {
    String longWord = "x".repeat(9 * 1024);
    for (String answer :
        new String[] {
          server.raw("", "GET /" + longWord + " HTTP/1.1", "Host: localhost"),
          server.raw("", "GET / HTTP/1.1", "Host: localhost", "X-A: " + longWord),
        }) {
      assertThat(answer).containsIgnoringCase("\r\nConnection: close\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "PROPFIND", "BREW", "get"})
  void anUnknownMethodIsNotAllowed(String method) {
    for (int port : new int[] {server.port(), server.adminPort()}) {
      String answer =
          ApiServer.raw(
              port,
              "",
              method + " /api/probe HTTP/1.1",
              "Host: localhost",
              "X-A: Canary7",
              "Connection: close");
      problem(answer, 405, "method_not_allowed");
      assertThat(answer).contains("\r\nAllow: ");
    }
  }

  static Stream<Arguments> otherProtocols() {
    return Stream.of(
        Arguments.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 426, "upgrade_required"),
        Arguments.of(
            "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505, "http_version_not_supported"),
        Arguments.of(
            "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: Canary7\r\nConnection: close\r\n\r\n",
            417,
            "expectation_failed"));
  }

  @ParameterizedTest
  @MethodSource("otherProtocols")
  void anotherProtocolIsToldSo(String request, int status, String code) {
    problem(
        ApiServer.exchange(server.port(), request.getBytes(StandardCharsets.ISO_8859_1)),
        status,
        code);
  }

  @Test
  void tlsOnThePlainPortIsRefusedWithoutHtml() {
    byte[] hello = {0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00, 0x0d, 0x0a};
    problem(ApiServer.exchange(server.port(), hello), 400, "bad_request");
  }

  @Test
  void http09IsAnsweredWithoutHtml() {
    byte[] request = "GET /Canary7\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ApiServer.exchange(server.port(), request))
        .doesNotContainIgnoringCase("<html")
        .doesNotContain(CANARY);
  }

  @Test
  void whatTheAdminPortDoesNotHaveIsAProblemToo() {
    String answer =
        ApiServer.raw(
            server.adminPort(),
            "",
            "GET /Canary7 HTTP/1.1",
            "Host: localhost",
            "Connection: close");
    problem(answer, 404, "not_found");
  }

  @Test
  void theAnswerToHeadHasNoBody() {
    String answer =
        server.raw("", "HEAD /nowhere HTTP/1.1", "Host: localhost", "Connection: close");
    assertThat(answer).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
  }

  private static JsonNode problem(String answer, int status, String code) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n")
        .containsIgnoringCase("\r\nX-Request-Id: ")
        .doesNotContain(CANARY);
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    return Problems.parse(body, status, code);
  }
}
