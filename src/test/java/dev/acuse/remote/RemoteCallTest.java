package dev.acuse.remote;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.FreePorts;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RemoteCallTest {
  private static final String SECRET = "APP_USR-secret";

  @RegisterExtension
  static final WireMockExtension REMOTE =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().dynamicHttpsPort())
          .build();

  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final RemoteCall call =
      new RemoteCall("Remote", ManualClock.create(), SECRET, answer -> null, Guard.NONE);

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Test
  void answerIsReadWithItsStatusAndHeaders() throws Exception {
    answer(okJson("{\"a\": 1.50}").withHeader("X-Trace", "t"));

    RemoteAnswer answer = send();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-trace")).isEqualTo("t");
    assertThat(answer.object().path("a").decimalValue()).isEqualByComparingTo("1.5");
  }

  @Test
  void requestNamesAcuseAndAsksForNoCompression() throws Exception {
    answer(okJson("{}"));

    send();

    REMOTE.verify(
        getRequestedFor(urlEqualTo("/x"))
            .withHeader("User-Agent", matching("Acuse/.+"))
            .withoutHeader("Accept-Encoding")
            .withoutHeader("Cookie"));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 423, 424, 429, 500, 502, 503, 504, 599})
  void outageIsUnavailable(int status) {
    answer(aResponse().withStatus(status).withBody("{}"));

    var failure = failure(RemoteException.Unavailable.class);

    assertThat(failure.httpStatus()).isEqualTo(status);
    assertThat(failure.retryAfter()).isNull();
    assertThat(failure).hasMessage("Remote answered " + status + ": no reason given");
  }

  @Test
  void retryAfterIsPassedOn() {
    answer(aResponse().withStatus(429).withHeader("Retry-After", "30"));

    assertThat(failure(RemoteException.Unavailable.class).retryAfter())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void withoutRetryAfterTheCallersOwnRuleCounts() {
    answer(aResponse().withStatus(503));
    var patient =
        new RemoteCall(
            "R",
            ManualClock.create(),
            null,
            answer -> Duration.ofSeconds(answer.status()),
            Guard.NONE);

    assertThatExceptionOfType(RemoteException.Unavailable.class)
        .isThrownBy(
            () ->
                patient.send(
                    () -> http.client().target(url()).request().buildGet(),
                    answer -> answer,
                    RefusalRules.BY_STATUS))
        .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(503)));
  }

  @Test
  void refusedTokenIsUnauthorizedAndNotRepeatedInTheMessage() {
    answer(aResponse().withStatus(401).withBody("{\"message\": \"bad token APP_USR-secret\"}"));

    var failure = failure(RemoteException.Unauthorized.class);

    assertThat(failure).hasMessage("Remote answered 401: bad token [REDACTED]");
    assertThat(failure.httpStatus()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "400, '{\"message\": \"no\\nway\"}', no way",
    "403, '{\"error\": \"forbidden\"}', forbidden",
    "404, '{\"message\": \"Payment not found\", \"error\": \"not_found\"}', Payment not found",
    "409, '{\"message\": 17}', 17",
    "422, '{\"message\": [\"one\", \"two\", {}]}', one; two;",
    "422, '{\"message\": {\"a\": 1}}', no reason given",
    "418, '[]', no reason given",
    "400, '', no reason given",
  })
  void refusalIsRejectedWithTheOtherSidesWords(int status, String body, String words) {
    answer(aResponse().withStatus(status).withBody(body));

    var failure = failure(RemoteException.Rejected.class);

    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure).hasMessage("Remote answered " + status + ": " + words);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectIsABadResponseAndNotFollowed(int status) {
    answer(
        aResponse().withStatus(status).withHeader("Location", url().replace("/x", "/elsewhere")));

    assertThat(failure(RemoteException.NotUnderstood.class).httpStatus()).isEqualTo(status);
    REMOTE.verify(0, getRequestedFor(urlEqualTo("/elsewhere")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "<html>",
        "{\"a\":",
        "{} x",
        "[]",
        "null",
        "\"x\"",
        "{\"a\":1e}",
        "\u0001"
      })
  void answerThatIsNoJsonObjectIsABadResponse(String body) throws Exception {
    answer(aResponse().withStatus(200).withBody(body));
    RemoteAnswer answer = send();

    assertThatExceptionOfType(RemoteException.NotUnderstood.class)
        .isThrownBy(answer::object)
        .satisfies(e -> assertThat(e.httpStatus()).isEqualTo(200));
  }

  @Test
  void deepOrWronglyEncodedAnswerIsABadResponse() throws Exception {
    for (byte[] body :
        new byte[][] {
          ("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8),
          "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1),
          ("{\"a\":" + "9".repeat(2000) + "}").getBytes(StandardCharsets.UTF_8),
        }) {
      answer(aResponse().withStatus(200).withBody(body));
      RemoteAnswer answer = send();

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(answer::object)
          .withMessage("Remote answered 200 with an answer that is not JSON");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"@@@@", "application/json; charset=nope", "text/html"})
  void contentTypeOfTheAnswerDoesNotMatter(String contentType) throws Exception {
    answer(okJson("{\"a\": 1}").withHeader("Content-Type", contentType));

    assertThat(send().object().path("a").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void faultOnTheWireIsSortedAndNamesNoSecret(Fault fault) {
    answer(aResponse().withFault(fault));

    var failure = catchThrowableOfType(RemoteException.class, this::send);

    Class<?> expected =
        switch (fault) {
          case EMPTY_RESPONSE, CONNECTION_RESET_BY_PEER, RANDOM_DATA_THEN_CLOSE ->
              RemoteException.Unavailable.class;
          case MALFORMED_RESPONSE_CHUNK -> RemoteException.NotUnderstood.class;
        };
    assertThat(failure).isInstanceOf(expected);
    assertThat(failure).hasMessageStartingWith("Remote");
    assertThat(Throwables.getStackTrace(failure)).doesNotContain(SECRET);
  }

  @Test
  void bytesThatAreNotHttpAreABadResponse() throws Exception {
    try (var server = serving("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", out -> {})) {
      assertThat(failureAt(server.url(), RemoteException.NotUnderstood.class))
          .hasMessage("Remote answered with something other than HTTP");
    }
  }

  @Test
  void answerThatBreaksOffIsABadResponse() throws Exception {
    try (var server = serving("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", out -> {})) {
      assertThat(failureAt(server.url(), RemoteException.NotUnderstood.class))
          .hasMessage("Remote answered 200 and broke off");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3200000\r\n"
      })
  void answerWithoutEndIsCutOffAndHungUpOn(String head) throws Exception {
    try (var server = serving(head, RemoteCallTest::flood)) {
      assertThat(failureAt(server.url(), RemoteException.NotUnderstood.class))
          .hasMessage("Remote: the answer is larger than 1048576 bytes");
      server.hungUp().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void failureWithReasonsWithoutEndIsStillSortedByItsStatus() throws Exception {
    try (var server = serving("HTTP/1.1 503 No\r\n\r\n", RemoteCallTest::flood)) {
      assertThat(failureAt(server.url(), RemoteException.Unavailable.class).httpStatus())
          .isEqualTo(503);
      server.hungUp().get(10, TimeUnit.SECONDS);
    }
  }

  /** No read waits for long here, so that a socket time-out alone would never end the call. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\n{\"a\":\"",
        "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n{\"a\":\"",
        "HTTP/1.1 200 OK\r\nX-Drip: ",
        "HTTP/1.1 200 ",
        "",
      })
  void answerThatDripsIsCutOffAsAWhole(String head) throws Exception {
    try (var hasty = new BoundedClient(Duration.ofMillis(400));
        var server = serving(head, RemoteCallTest::drip)) {
      assertThatExceptionOfType(RemoteException.Unavailable.class)
          .isThrownBy(
              () ->
                  call.send(
                      () -> hasty.client().target(server.url()).request().buildGet(),
                      answer -> answer,
                      RefusalRules.BY_STATUS))
          .withMessageContaining("no complete answer within 400 ms");
      server.hungUp().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void silenceIsCutOff() throws Exception {
    answer(okJson("{}").withFixedDelay(5_000));

    try (var hasty = new BoundedClient(Duration.ofMillis(400))) {
      assertThatExceptionOfType(RemoteException.Unavailable.class)
          .isThrownBy(
              () ->
                  call.send(
                      () -> hasty.client().target(url()).request().buildGet(),
                      answer -> answer,
                      RefusalRules.BY_STATUS))
          .withMessageContaining("SocketTimeoutException");
    }
  }

  @Test
  void connectionIsUsedAgainAfterOneThatWasCutOff() throws Exception {
    answer(aResponse().withStatus(200).withBody(new byte[2 * 1024 * 1024]));
    failure(RemoteException.NotUnderstood.class);
    answer(okJson("{}"));

    assertThat(send().object()).isEmpty();
  }

  @Test
  void nobodyListeningIsUnavailable() throws Exception {
    int port = FreePorts.next();

    assertThat(failureAt("http://127.0.0.1:" + port, RemoteException.Unavailable.class))
        .hasMessageContaining("no connection");
  }

  @Test
  void unknownHostIsUnavailable() {
    assertThat(failureAt("http://no-such-host.invalid", RemoteException.Unavailable.class))
        .hasMessageContaining("unknown host");
  }

  @Test
  void untrustedCertificateIsUnavailable() {
    assertThat(
            failureAt(
                "https://localhost:" + REMOTE.getHttpsPort(), RemoteException.Unavailable.class))
        .hasMessageStartingWith("Remote is unavailable: TLS");
  }

  @Test
  void callDuringTheShutdownIsUnavailable() {
    answer(okJson("{}"));
    http.stopTimer();

    assertThat(failure(RemoteException.Unavailable.class)).hasMessageContaining("shutting down");
  }

  private <T extends RemoteException> T failureAt(String url, Class<T> type) {
    T failure =
        catchThrowableOfType(
            type,
            () ->
                call.send(
                    () -> http.client().target(url).request().buildGet(),
                    answer -> answer,
                    RefusalRules.BY_STATUS));
    assertThat(failure).isNotNull();
    return failure;
  }

  private <T extends RemoteException> T failure(Class<T> type) {
    T failure = catchThrowableOfType(type, this::send);
    assertThat(failure).isNotNull();
    return failure;
  }

  private RemoteAnswer send() throws RemoteException {
    return call.send(
        () ->
            http.client()
                .target(url())
                .request()
                .header("Authorization", "Bearer " + SECRET)
                .buildGet(),
        answer -> answer,
        RefusalRules.BY_STATUS);
  }

  private static String url() {
    return "http://localhost:" + REMOTE.getPort() + "/x";
  }

  private static void answer(ResponseDefinitionBuilder response) {
    REMOTE.stubFor(any(anyUrl()).willReturn(response));
  }

  /** A byte every 20 ms, for ever. */
  private static void drip(OutputStream out) throws IOException {
    while (!Thread.currentThread().isInterrupted()) {
      out.write('a');
      out.flush();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static RawServer serving(String head, RawServer.Answer rest) {
    return new RawServer(
        out -> {
          out.write(head.getBytes(StandardCharsets.US_ASCII));
          rest.write(out);
        });
  }

  /** As much as the client takes. */
  private static void flood(OutputStream out) throws IOException {
    var block = new byte[64 * 1024];
    while (!Thread.currentThread().isInterrupted()) {
      out.write(block);
    }
  }
}
