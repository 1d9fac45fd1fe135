package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that the webhook's address does not take, and requests to the API that make no sense. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestIT {
  private static final String CHECKOUT =
      """
      {"external_reference": "Canary7", "contact_id": "c", "amount": 10, "currency": "ARS",
       "title": "Consulta"}
      """;

  private final Bench bench = new Bench(Engine.H2, Map.of());
  private final RunningAcuse acuse = bench.acuse();

  @AfterAll
  void close() {
    try {
      assertThat(acuse.items("/api/checkouts?external_reference=Canary7"))
          .as("none of these requests registered anything")
          .isEmpty();
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void lookingAtTheWebhooksAddressStoresNothing(String method) {
    long before = bench.count();

    HttpResponse<String> answer = send(method, "/webhooks/mp?data.id=1&type=payment");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(bench.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "PROPFIND", "BREW"})
  void anyOtherMethodIsNotAllowedThere(String method) {
    long before = bench.count();

    HttpResponse<String> answer = send(method, "/webhooks/mp?data.id=1&type=Canary7");

    ProblemAnswer.of(answer, 405, "method_not_allowed");
    assertThat(answer.headers().firstValue("Allow").orElse("")).contains("POST", "GET");
    assertThat(bench.count()).isEqualTo(before);
  }

  @Test
  void whatIsTracedIsNotRepeated() {
    // Over a bare socket: Java's client will not send it.
    RawAnswer answer =
        RawAnswer.to(
            bench.port(),
            new byte[0],
            "TRACE /webhooks/mp?Canary7 HTTP/1.1",
            "Host: localhost",
            "X-Secret: Canary7",
            "Connection: close");

    ProblemAnswer.of(answer, 405, "method_not_allowed");
    assertThat(answer.header("Allow")).contains("POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/webhooks/Canary7", "/webhooks", "/webhooks/mp/Canary7"})
  void anAddressThatTakesNoWebhooksIsNotFound(String path) {
    ProblemAnswer.of(acuse.post(path, "{}"), 404, "not_found");
  }

  /** Whose body is still on its way when he has his answer must not reuse the connection. */
  @ParameterizedTest
  @ValueSource(strings = {"/webhooks/Canary7", "/nowhere/Canary7"})
  void whoIsAnsweredBeforeHisBodyCameIsToldThatTheConnectionCloses(String path) {
    RawAnswer answer =
        RawAnswer.to(
            bench.port(),
            new byte[0],
            "POST " + path + " HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: 2");

    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=abc, limit",
    "limit=Canary7, limit",
    "limit=2147483648, limit",
    "limit=99999999999999999999, limit",
    "limit=0, limit",
    "limit=-1, limit",
    "limit=501, limit",
    "limit=1.5, limit",
    "limit=%2B5, limit",
    "limit=%D9%A1, limit",
    "status=Canary7, status",
    "status=FAILED, status",
    "type=a%00Canary7, type",
  })
  void aParameterThatIsNotWhatItShouldBeIsNamed(String query, String parameter) {
    JsonNode problem =
        ProblemAnswer.of(acuse.get("/api/webhook-events?" + query), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains("'" + parameter + "'");
  }

  @Test
  void aListIsAsLongAsAsked() {
    assertThat(acuse.get("/api/webhook-events?limit=500").statusCode()).isEqualTo(200);
    assertThat(acuse.get("/api/webhook-events?limit=1&unknown=x").statusCode()).isEqualTo(200);
  }

  @Test
  void anIdThatIsNoneIsToldFromOneThatNobodyHas() {
    for (String path : new String[] {"/api/payments/", "/api/checkouts/"}) {
      ProblemAnswer.of(acuse.get(path + "Canary7"), 400, "invalid_parameter");
      ProblemAnswer.of(acuse.get(path + "-1"), 400, "invalid_parameter");
      ProblemAnswer.of(acuse.get(path + "9223372036854775808"), 400, "invalid_parameter");
      ProblemAnswer.of(acuse.get(path + "9223372036854775807"), 404, "not_found");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Canary7",
        "{\"external_reference\":\"Canary7\"",
        "{} Canary7",
        "{\"title\":\"Canary7\",\"title\":\"x\"}",
      })
  void aCheckoutThatIsNotJsonIsRefused(String body) {
    ProblemAnswer.of(acuse.post("/api/checkouts", body), 400, "malformed_json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "\"Canary7\"", "1", "{}"})
  void aCheckoutThatIsNotOneIsRefused(String body) {
    ProblemAnswer.of(acuse.post("/api/checkouts", body), 400, "invalid_body");
  }

  @Test
  void aCheckoutThatIsTooDeepOrTooLargeANumberIsRefused() {
    for (String amount :
        new String[] {"[".repeat(10_000), "9".repeat(1001), "1e999999999", "-1", "\"Canary7\""}) {
      HttpResponse<String> answer =
          acuse.post("/api/checkouts", CHECKOUT.replace("10,", amount + ","));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      ProblemAnswer.of(answer, 400, RunningAcuse.json(answer).path("code").asText());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "@@@@",
        "application/json; charset=nope",
      })
  void aCheckoutOfAnotherTypeIsNotTaken(String contentType) {
    HttpResponse<String> answer = checkout(contentType, null);

    ProblemAnswer.of(answer, 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/xml", "text/html", "@@@"})
  void anAnswerOfAnotherTypeIsNotToBeHad(String accept) {
    ProblemAnswer.of(checkout("application/json", accept), 406, "not_acceptable");
    HttpRequest list =
        HttpRequest.newBuilder(acuse.url("/api/webhook-events")).header("Accept", accept).build();
    ProblemAnswer.of(acuse.exchange(list), 406, "not_acceptable");
  }

  private HttpResponse<String> checkout(String contentType, @Nullable String accept) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(acuse.url("/api/checkouts"))
            .POST(BodyPublishers.ofByteArray(CHECKOUT.getBytes(StandardCharsets.UTF_8)));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    if (accept != null) {
      request.header("Accept", accept);
    }
    return acuse.exchange(request.build());
  }

  private HttpResponse<String> send(String method, String path) {
    return acuse.exchange(
        HttpRequest.newBuilder(acuse.url(path)).method(method, BodyPublishers.noBody()).build());
  }
}
