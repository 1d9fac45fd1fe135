package dev.acuse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start("", new Probe());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aGoodBodyComesBackExactly() {
    HttpResponse<String> answer =
        server.post(
            "/api/probe",
            """
            {"external_reference": "a-1", "amount": 1500.10, "count": 3, "status": "SUCCESS",
             "due_at": "2026-03-02T11:05:09-03:00", "patience": "PT72H"}
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"amount\":1500.10")
        .contains("\"due_at\":\"2026-03-02T14:05:09Z\"")
        .contains("\"patience\":\"PT72H\"");
  }

  @Test
  void aKeyWithoutAValueIsWrittenAsNull() {
    HttpResponse<String> answer =
        server.post("/api/probe", "{\"external_reference\": \"a-1\", \"amount\": 1}");
    assertThat(answer.body()).contains("\"count\":null", "\"due_at\":null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "nonsense",
        "{\"external_reference\": \"a\", \"amount\": 1} trailing",
        "{\"external_reference\": \"a\", \"amount\": 1} {}",
        "{\"external_reference\": \"a\", \"amount\": 1, \"amount\": 2}",
        "{\"external_reference\": tru}",
        "{\"external_reference\": \"\u0001\"}",
        "{\"external_reference\": \"a\", \"amount\": NaN}"
      })
  void whatIsNotJsonIsMalformed(String body) {
    JsonNode problem = Problems.read(server.post("/api/probe", body), 400, "malformed_json");
    assertThat(problem.path("detail").asText()).isEqualTo("The body is not valid JSON.");
  }

  @Test
  void whatIsTooDeepOrTooLongForAParserIsMalformed() {
    for (String body :
        new String[] {
          "[".repeat(50_000),
          "{\"external_reference\":".repeat(1_001),
          "{\"external_reference\": \"a\", \"amount\": " + "1".repeat(1_001) + "}",
          "{\"" + "k".repeat(60_000) + "\": 1}"
        }) {
      HttpResponse<String> answer = server.post("/api/probe", body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(Problems.detail(answer)).hasSizeLessThan(100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "\"text\"", "1", "true"})
  void aBodyThatIsNoObjectIsInvalid(String body) {
    Problems.read(server.post("/api/probe", body), 400, "invalid_body");
  }

  @Test
  void anUnknownFieldIsNamed() {
    assertThat(detail("\"amuont\": 1")).contains("'amuont'", "not known");
  }

  @Test
  void anUnknownFieldWithAStrangeNameIsNotRepeated() {
    assertThat(detail("\"<script>\": 1")).contains("'?'");
  }

  @Test
  void nothingIsConvertedToFit() {
    assertThat(detail("\"count\": 1.9")).contains("'count' must be a whole number");
    assertThat(detail("\"count\": \"1\"")).contains("'count' must be a whole number");
    assertThat(detail("\"count\": 2147483648")).contains("'count'");
    assertThat(detail("\"amount\": \"1\"")).contains("'amount' must be a number");
    assertThat(detail("\"amount\": true")).contains("'amount' must be a number");
    assertThat(detail("\"external_reference\": 7")).contains("'external_reference' must be a str");
    assertThat(detail("\"due_at\": \"2026-02-30\"")).contains("'due_at' must be a time");
    assertThat(detail("\"status\": \"zzz\"")).contains("'status' must be one of");
  }

  @Test
  void aNumberOutOfAllProportionIsRefused() {
    assertThat(detail("\"amount\": 1e999999999")).contains("'amount' must be a number");
    assertThat(detail("\"amount\": 1e-999999999")).contains("'amount' must be a number");
  }

  @Test
  void brokenUtf8IsMalformed() {
    String answer =
        server.raw(
            "{\"external_reference\": \"\u00ff\u00fe\"}",
            "POST /api/probe HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: 28",
            "Connection: close");
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("malformed_json");
  }

  @Test
  void decimalsAreReadExactlyAndWrittenInPlainDigits() throws Exception {
    ObjectMapper mapper = StrictJson.configure(Jackson.newObjectMapper());
    assertThat(mapper.readTree("0.10").decimalValue()).isEqualTo(new BigDecimal("0.10"));
    assertThat(mapper.writeValueAsString(new BigDecimal("1.50E+3"))).isEqualTo("1500");
  }

  @Test
  void timesAreWrittenAsText() throws Exception {
    ObjectMapper mapper = StrictJson.configure(Jackson.newObjectMapper());
    var values = new HashMap<String, Object>();
    values.put("at", Instant.parse("2026-03-02T14:05:09.120Z"));
    assertThat(mapper.writeValueAsString(values))
        .isEqualTo("{\"at\":\"2026-03-02T14:05:09.120Z\"}");
    assertThat(mapper.writeValueAsString(Duration.ofMinutes(5))).isEqualTo("\"PT5M\"");
  }

  @Test
  void theMapperThatClientsShareStaysLenient() throws Exception {
    ObjectMapper shared = Jackson.newObjectMapper();
    StrictJson.configure(shared.copy());
    assertThat(shared.readTree("{\"a\": 1, \"a\": 2}").path("a").asInt()).isEqualTo(2);
  }

  private static String detail(String field) {
    return Problems.detail(server.post("/api/probe", "{" + field + "}"));
  }
}
