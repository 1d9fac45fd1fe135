package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.ApiContract;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The inbox over the API; each engine has a class of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventsApi {
  private static final String EVENTS = "/api/webhook-events";

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private final EventStore store;
  private final EventReader reader;
  private int last;

  EventsApi(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of());
    store = new EventStore(database.jdbi(), Clock.systemUTC(), 4);
    reader = new EventReader(database.jdbi(), Clock.systemUTC(), TestAccounts.MAIN_ALONE);
  }

  @BeforeEach
  void empty() {
    sandbox.mercadoPago().faults().none();
    await()
        .until(
            () ->
                reader.countByStatus(Scope.everything()).getOrDefault(EventStatus.PROCESSING, 0L)
                    == 0);
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM webhook_events"));
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void pagesHangTogetherWhileEventsKeepComing() {
    Events.insert(database.jdbi(), 25, EventStatus.SUCCESS, now());
    List<String> seen = new ArrayList<>();
    String path = EVENTS + "?limit=10&type=payment";
    JsonNode page = json(path);
    for (int more = 0; ; more++) {
      page.path("items").forEach(item -> seen.add(item.path("webhook_id").asText()));
      if (page.path("next").isNull()) {
        break;
      }
      store.append(Events.quarantined("new-" + more, "{}"));
      page = json(path + "&cursor=" + page.path("next").asText());
    }

    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    assertThat(seen.get(0)).isEqualTo("success-24");
    assertThat(seen.get(24)).isEqualTo("success-0");
  }

  @Test
  void documentOfTheApiIsServedAsItIsPackaged() {
    HttpResponse<String> answer = acuse.get("/api/openapi.json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).get().asString().contains("json");
    assertThat(RunningAcuse.json(answer)).isEqualTo(ApiContract.document());
  }

  @Test
  void cursorServesTheFilterThatItWasGivenOutFor() {
    Events.insert(database.jdbi(), 3, EventStatus.SUCCESS, now());
    String cursor = json(EVENTS + "?limit=1").path("next").asText();

    assertThat(json(EVENTS + "?limit=2&cursor=" + cursor).path("items")).hasSize(2);
    for (String wrong :
        List.of(
            "?status=success&cursor=" + cursor,
            "?cursor=" + cursor.substring(1),
            "?cursor=" + cursor.substring(0, cursor.length() - 2),
            "?cursor=" + cursor + "A",
            "?cursor=***",
            "?cursor=MQ")) {
      ProblemAnswer.of(acuse.get(EVENTS + wrong), 400, "invalid_cursor");
    }
    ProblemAnswer.of(acuse.get("/api/payments?cursor=" + cursor), 400, "invalid_cursor");
  }

  @Test
  void listIsNarrowedByWhatAnOperatorKnows() {
    String reference = "order-" + ++last;
    String contact = "contact" + last;
    acuse.checkout(reference, contact);
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay(reference, PaymentOutcome.APPROVED).payment().id());
    acuse.send(sandbox.notifications().paymentCreated(payment));
    await().until(() -> found("?status=success").size() == 1);
    Events.insert(database.jdbi(), 2, EventStatus.FAILED, now().minus(Duration.ofDays(2)));
    String webhookId = found("?status=success").get(0);
    String preference =
        json("/api/checkouts?external_reference=" + reference)
            .path("items")
            .path(0)
            .path("preference_id")
            .asText();

    assertThat(found("")).hasSize(3);
    assertThat(found("?payment_id=" + payment)).containsExactly(webhookId);
    assertThat(found("?preference_id=" + preference)).containsExactly(webhookId);
    assertThat(found("?q=" + payment)).containsExactly(webhookId);
    assertThat(found("?q=" + webhookId.substring(0, 14))).containsExactly(webhookId);
    assertThat(found("?q=" + reference)).as("by our reference").containsExactly(webhookId);
    assertThat(found("?q=%25")).as("literally").isEmpty();
    assertThat(found("?q=_")).as("literally").isEmpty();
    assertThat(found("?q=%27")).as("literally").isEmpty();
    assertThat(found("?origin=webhook")).hasSize(3);
    assertThat(found("?origin=manual")).isEmpty();
    assertThat(found("?status=failed&type=payment")).containsExactly("failed-1", "failed-0");
    assertThat(found("?to=" + now().minus(Duration.ofDays(1)))).hasSize(2);
    assertThat(found("?from=" + now().minus(Duration.ofDays(1)))).containsExactly(webhookId);
    assertThat(found("?unknown=1")).as("a list ignores what it does not know").hasSize(3);
  }

  @Test
  void eventShowsItsRequestAndEveryAttemptWithItsSteps() {
    String payment = "13849" + (1000 + ++last);
    acuse.send(sandbox.notifications().paymentCreated(payment));
    await().until(() -> found("?status=failed").size() == 1);
    long id = id(found("?status=failed").get(0));

    JsonNode event = json(EVENTS + "/" + id);

    assertThat(event.path("id").asLong()).isEqualTo(id);
    assertThat(event.path("query_string").asText()).contains("data.id=" + payment);
    assertThat(event.path("headers").path("x-request-id").asText()).isNotBlank();
    assertThat(event.path("headers").has("authorization")).isFalse();
    assertThat(event.path("payload_size").asInt()).isPositive();
    assertThat(event.path("received_at").asText()).endsWith("Z");
    assertThat(event.path("attempts_history")).hasSize(4);
    JsonNode attempt = event.path("attempts_history").path(3);
    assertThat(attempt.path("outcome").asText()).isEqualTo("failed");
    assertThat(attempt.path("http_status").asInt()).isEqualTo(404);
    assertThat(attempt.path("steps").path(0).path("name").asText()).isEqualTo("look-up");
  }

  @Test
  void payloadComesBackByteForByteAndIsNeverAPage() throws Exception {
    String body = "<script>alert(1)</script>\u0000{";
    acuse.exchange(
        HttpRequest.newBuilder(acuse.url("/webhooks/mp?data.id=1&type=payment"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "text/html")
            .build());
    long id = id(found("?status=quarantined").get(0));

    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(acuse.url(EVENTS + "/" + id + "/payload")).build(),
                BodyHandlers.ofByteArray());

    assertThat(answer.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("attachment"));
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(value -> assertThat(value).contains("sandbox"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUCCESS", "IGNORED", "FAILED"})
  void whatHasEndedIsTriedAgain(EventStatus status) {
    Events.insert(database.jdbi(), 1, status, now());
    long id = id(status.code() + "-0");

    HttpResponse<String> answer = acuse.post(EVENTS + "/" + id + "/retry", "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(RunningAcuse.json(answer).path("status").asText()).isEqualTo("pending");
    await().until(() -> !reader.attempts(Scope.everything(), id).isEmpty());
  }

  @Test
  void whatIsProcessedOrQuarantinedIsNot() {
    store.append(Events.quarantined("quarantine:1", "{}"));
    JsonNode problem =
        ProblemAnswer.of(
            acuse.post(EVENTS + "/" + id("quarantine:1") + "/retry", ""), 409, "not_retryable");
    assertThat(problem.path("detail").asText()).contains("quarantined");

    sandbox.mercadoPago().faults().latency(Duration.ofSeconds(3));
    acuse.send(sandbox.notifications().paymentCreated("13848" + (1000 + ++last)));
    await().until(() -> found("?status=processing").size() == 1);
    problem =
        ProblemAnswer.of(
            acuse.post(EVENTS + "/" + id(found("?status=processing").get(0)) + "/retry", ""),
            409,
            "not_retryable");
    assertThat(problem.path("detail").asText()).contains("processing");
    ProblemAnswer.of(acuse.post(EVENTS + "/99999999/retry", ""), 404, "not_found");
    ProblemAnswer.of(acuse.get(EVENTS + "/99999999"), 404, "not_found");
    ProblemAnswer.of(acuse.get(EVENTS + "/99999999/payload"), 404, "not_found");
    ProblemAnswer.of(acuse.get(EVENTS + "/abc"), 400, "invalid_parameter");
  }

  @Test
  void manyAreRetriedByFilterAfterADryRun() {
    Events.insert(database.jdbi(), 7, EventStatus.FAILED, now());
    Events.insert(database.jdbi(), 3, EventStatus.SUCCESS, now());
    String path = EVENTS + "/retry?type=payment";

    assertThat(RunningAcuse.json(acuse.post(path + "&dry_run=true", "")).toString())
        .isEqualTo("{\"dry_run\":true,\"matched\":7,\"retried\":0}");
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.FAILED, 7L);

    assertThat(RunningAcuse.json(acuse.post(path, "")).toString())
        .isEqualTo("{\"dry_run\":false,\"matched\":7,\"retried\":7}");
    await().untilAsserted(() -> assertThat(attempted()).isEqualTo(7));
    JsonNode all = RunningAcuse.json(acuse.post(EVENTS + "/retry?all=true&status=success", ""));
    assertThat(all.path("retried").asInt()).isGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "'', all",
    "?dry_run=true, all",
    "?all=maybe, all",
    "?status=processing, status",
    "?status=pending, status",
    "?status=quarantined, status",
    "?statsu=failed, query",
    "?status=failed&limit=3, query",
    "?dry_run=1&type=payment, dry_run",
  })
  void retryOfManyRefusesWhatItIsNotSureOf(String query, String named) {
    JsonNode problem =
        ProblemAnswer.of(acuse.post(EVENTS + "/retry" + query, ""), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains(named);
  }

  @ParameterizedTest
  @CsvSource({
    "from=2026-02-30T00:00:00Z, from",
    "from=99999-01-01T00:00:00Z, from",
    "to=yesterday, to",
    "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z, from",
    "origin=nowhere, origin",
    "limit=501, limit",
    "limit=1&limit=2, limit",
    "q=%00, q",
    "status=zzz, status",
  })
  void badParameterIsNamed(String query, String name) {
    JsonNode problem = ProblemAnswer.of(acuse.get(EVENTS + "?" + query), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains("'" + name + "'");
  }

  @Test
  void searchTakesTwoHundredCharactersOfAnything() {
    assertThat(found("?q=" + "x".repeat(200))).isEmpty();
    assertThat(found("?q=(a%2B)%2B%24%27%3B--")).isEmpty();
    ProblemAnswer.of(acuse.get(EVENTS + "?q=" + "x".repeat(201)), 400, "invalid_parameter");
  }

  @Test
  void statsTellHowTheInboxIsDoing() {
    Events.insert(database.jdbi(), 2, EventStatus.FAILED, now());
    assertThat(json("/api/stats").path("events").path("failed").asInt()).isEqualTo(2);
    assertThat(json("/api/stats").path("oldest_due_at").isNull()).isTrue();
    assertThat(json("/api/stats").path("paused").isNull()).isTrue();
    assertThat(json("/api/stats").path("downstreams"))
        .extracting(downstream -> downstream.path("name").asText())
        .containsExactly("mercadopago", "gohighlevel");
  }

  private long attempted() {
    return reader.page(Scope.everything(), EventFilter.ALL, null, 100).stream()
        .filter(event -> !reader.attempts(Scope.everything(), event.id()).isEmpty())
        .count();
  }

  private long id(String webhookId) {
    return reader
        .findByWebhookId(Scope.everything(), webhookId)
        .map(WebhookEvent::id)
        .orElseThrow();
  }

  private List<String> found(String query) {
    List<String> ids = new ArrayList<>();
    json(EVENTS + query).path("items").forEach(item -> ids.add(item.path("webhook_id").asText()));
    return ids;
  }

  private JsonNode json(String path) {
    HttpResponse<String> answer = acuse.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningAcuse.json(answer);
  }

  private static Instant now() {
    return InstantSource.system().instant();
  }
}
