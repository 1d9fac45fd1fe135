package dev.acuse.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.api.ApiServer;
import dev.acuse.api.Probe;
import dev.acuse.api.Problems;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ApiErrorsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static ApiServer server;
  private static ApiServer withDefaultMappers;

  @BeforeAll
  static void start() {
    server = ApiServer.start("", new Probe());
    withDefaultMappers =
        ApiServer.start(
            "", factory -> factory.setRegisterDefaultExceptionMappers(true), new Probe());
  }

  @AfterAll
  static void stop() {
    server.close();
    withDefaultMappers.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/probe/fails/problem, 409, not_retryable",
    "/api/probe/fails/pause, 503, unavailable",
    "/api/probe/fails/bare, 410, bad_request",
    "/api/probe/fails/missing, 404, not_found",
    "/api/probe/fails/unavailable, 503, unavailable",
    "/api/probe/fails/connection, 503, unavailable",
    "/api/probe/fails/pool, 503, unavailable",
    "/api/probe/fails/shutdown, 503, unavailable",
    "/api/probe/fails/constraint, 500, internal_error",
    "/api/probe/fails/own-timeout, 500, internal_error",
    "/api/probe/fails/error, 500, internal_error",
    "/api/probe/fails/anyhow, 500, internal_error",
    "/api/probe/optional, 404, not_found",
    "/api/probe/bad-answer, 500, internal_error",
    "/api/probe/async, 500, internal_error",
    "/api/probe/native?page=abc, 400, invalid_parameter",
    "/api/probe/constrained?max_age=0, 400, invalid_parameter",
    "/api/nowhere, 404, not_found",
    "/nowhere, 404, not_found",
  })
  void everyFailureIsAProblemWhetherDropwizardsMappersAreThereOrNot(
      String path, int status, String code) {
    for (ApiServer each : new ApiServer[] {server, withDefaultMappers}) {
      JsonNode problem = Problems.read(each.get(path), status, code);
      assertThat(problem.path("detail").asText()).isNotBlank().doesNotContain("Exception");
    }
  }

  @Test
  void aFailureOfOursIsInTheLogOnceUnderTheIdThatTheClientIsTold() {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var logger = (Logger) LoggerFactory.getLogger("dev.acuse.http");
    logger.addAppender(log);
    HttpResponse<String> answer = server.get("/api/probe/fails/anyhow");
    HttpResponse<String> refused = server.get("/api/probe/native?page=abc");
    logger.detachAppender(log);

    String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(refused.headers().firstValue("X-Request-Id")).isPresent().get().isNotEqualTo(id);
    assertThat(log.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getFormattedMessage()).contains(id);
              assertThat(line.getThrowableProxy().getMessage()).isEqualTo("secret-canary");
              assertThat(line.getMDCPropertyMap()).containsEntry("request_id", id);
            });
  }

  @Test
  void anIdThatTheCallerSendsIsNotedButNeverTakenForOurs() throws Exception {
    HttpResponse<String> answer =
        server.send(server.request("/api/probe/log-context").header("x-request-id", "theirs-1"));
    JsonNode context = MAPPER.readTree(answer.body());
    String ours = answer.headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(context.path("request_id").asText()).isEqualTo(ours).isNotEqualTo("theirs-1");
    assertThat(context.path("caller_request_id").asText()).isEqualTo("theirs-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ñ", "a b", "a;b", "${jndi:ldap://x}"})
  void aCallersIdThatIsUnfitForALogIsDropped(String id) throws Exception {
    HttpResponse<String> answer =
        server.send(server.request("/api/probe/log-context").header("x-request-id", id));
    assertThat(MAPPER.readTree(answer.body()).has("caller_request_id")).isFalse();
  }

  @Test
  void theParameterAtFaultIsNamedAsTheClientKnowsIt() {
    assertThat(Problems.detail(server.get("/api/probe/native?page=abc"))).contains("'page'");
    assertThat(Problems.detail(server.get("/api/probe/constrained?max_age=0")))
        .contains("'max_age'");
    String order = "{\"external_reference\":\"123456789\",\"amount\":-1}";
    assertThat(Problems.detail(server.post("/api/probe", order)))
        .contains("'external_reference'", "'amount'")
        .doesNotContain("123456789");
  }

  @Test
  void aWrongMethodIsToldWhichAreRight() {
    HttpResponse<String> answer = server.send(server.request("/api/probe/list").DELETE());
    Problems.read(answer, 405, "method_not_allowed");
    assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("GET");
  }

  @ParameterizedTest
  @CsvSource({"fails/pause, 2", "fails/unavailable, 7", "fails/connection, 5"})
  void whoeverMustWaitIsToldHowLong(String path, String seconds) {
    HttpResponse<String> answer = server.get("/api/probe/" + path);
    assertThat(answer.headers().firstValue("Retry-After")).contains(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/xml", "@@@@", "application/json; charset=nope"})
  void aBodyOfAnotherTypeIs415(String type) {
    HttpRequest.Builder request =
        server
            .request("/api/probe")
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    Problems.read(server.send(request), 415, "unsupported_media_type");
  }

  @Test
  void aBodyOfNoTypeIs415() {
    HttpRequest.Builder request =
        server.request("/api/probe").POST(HttpRequest.BodyPublishers.ofString("{}"));
    Problems.read(server.send(request), 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/xml", "@@@", "text/html"})
  void anAnswerOfAnotherTypeIs406InJsonAllTheSame(String accept) {
    HttpRequest.Builder request = server.request("/api/probe").header("Accept", accept);
    Problems.read(server.send(request), 406, "not_acceptable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip, gzip", "deflate", "br"})
  void anEncodedBodyIs415(String encoding) {
    HttpRequest.Builder request =
        server
            .request("/api/probe")
            .header("Content-Type", "application/json")
            .header("Content-Encoding", encoding)
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    Problems.read(server.send(request), 415, "unsupported_media_type");
  }

  @Test
  void aBodyOverTheLimitIs413WhetherItSaysSoOrNot() {
    byte[] big =
        ("{\"external_reference\":\"" + "x".repeat(70_000) + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder sized =
        server
            .request("/api/probe")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(big));
    Problems.read(server.send(sized), 413, "payload_too_large");
    HttpRequest.Builder chunked =
        server
            .request("/api/probe")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(big)));
    Problems.read(server.send(chunked), 413, "payload_too_large");
  }
}
