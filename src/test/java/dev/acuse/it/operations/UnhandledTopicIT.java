package dev.acuse.it.operations;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.BatchRunner;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Handlers;
import dev.acuse.dispatch.Lanes;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.mercadopago.handler.UnhandledTopics;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Claims;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A topic that no handler takes, from its webhook to the upgrade that brings one. */
@ParameterizedClass
@EnumSource
class UnhandledTopicIT {
  private static final String FILTER = "status=ignored&error_kind=unhandled_topic";

  private static final String FILTER_SQL =
      "status = 'ignored' AND last_error_kind = 'unhandled_topic'";

  @RegisterExtension static final WireMockExtension SLACK = WireMockExtension.newInstance().build();

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final EventReader reader;

  UnhandledTopicIT(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.reader = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
  }

  @BeforeEach
  void takeMessages() {
    SLACK.stubFor(post(anyUrl()).willReturn(aResponse().withBody("ok")));
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void inventedTopicIsCountedShownToldKeptAndHandledAfterAnUpgrade() {
    try (RunningAcuse acuse = start()) {
      send(acuse, "rocket_launch", "71");
      send(acuse, "delivery", "72");
      await().until(() -> ended() == 2);

      assertThat(eventOf("71"))
          .returns(EventStatus.IGNORED, WebhookEvent::status)
          .returns(Attempt.UNHANDLED_TOPIC, WebhookEvent::lastErrorKind);
      assertThat(eventOf("72"))
          .as("nothing has to be done about it")
          .returns(EventStatus.IGNORED, WebhookEvent::status)
          .returns(null, WebhookEvent::lastErrorKind);
      JsonNode stats = RunningAcuse.json(acuse.get("/api/stats")).path("unhandled");
      assertThat(stats).hasSize(1);
      assertThat(stats.path(0).path("topic").asText()).isEqualTo("rocket_launch");
      assertThat(stats.path(0).path("verified").asLong()).isEqualTo(1);
      assertThat(stats.path(0).path("unverified").asLong()).isZero();
      assertThat(stats.path(0).path("latest_at").isTextual()).isTrue();
      assertThat(stats.path(0).path("handled_now").asBoolean()).isFalse();
      await()
          .until(
              () ->
                  admin(acuse, "GET", "/metrics/prometheus")
                      .body()
                      .contains("acuse_events_unhandled{topic=\"rocket_launch\"} 1.0"));
      assertThat(acuse.get("/console/health").body())
          .contains("class=\"verdict bad\"")
          .contains("1 genuine webhook is of a topic that this version did not handle")
          .contains("/console/events?status=ignored&amp;error_kind=unhandled_topic\">")
          .contains("error_kind=unhandled_topic&amp;type=rocket_launch\"><bdi>rocket_launch</bdi>")
          .doesNotContain("This version handles them", "<bdi>delivery</bdi>");
      await().until(() -> !messages().isEmpty());

      send(acuse, "rocket_launch", "73");
      await().until(() -> ended() == 3);
      lookedAgain("first");
      retry(acuse, "&type=rocket_launch", 2);
      await().until(() -> ended() == 3 && stored(FILTER_SQL) == 2);
      lookedAgain("second");
    }
    try (RunningAcuse acuse = start()) {
      send(acuse, "rocket_launch", "74");
      await().until(() -> ended() == 4);
      lookedAgain("third");
      assertThat(messages().stream().filter(text -> text.contains("rocket_launch")))
          .as("once a topic and day")
          .singleElement()
          .asString()
          .contains("nothing was done about 1 genuine webhooks of the topic rocket_launch")
          .doesNotContain("delivery");

      String mute = "/tasks/mute-alerts?kind=unhandled-topic&for=2h";
      assertThat(admin(acuse, "POST", mute).statusCode()).isEqualTo(200);
      age();
      assertThat(admin(acuse, "POST", "/tasks/purge?older-than=90d").statusCode()).isEqualTo(200);
      assertThat(stored("resource_id = '72'")).as("an ordinary one is purged").isZero();
      assertThat(stored(FILTER_SQL)).isEqualTo(3);
    }
    assertThat(afterAnUpgrade()).isEqualTo(3);

    assertThat(stored("status = 'success' AND event_type = 'rocket_launch'")).isEqualTo(3);
    assertThat(reader.unhandled(Scope.everything())).isEmpty();
  }

  /** What a version without its handler has left is worked off by this one, through HTTP. */
  @Test
  void whatAVersionBeforeDidNotHandleIsRetriedByApiAndConsole() {
    try (RunningAcuse acuse = start()) {
      acuse.stopDispatcher();
      acuse.checkout("order-1", "contact1");
      long payment = sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id();
      acuse.send(sandbox.notifications().paymentCreated(String.valueOf(payment)));
      send(acuse, "rocket_launch", "71");
      workOff(new Handlers(List.of(), new UnhandledTopics()));
      assertThat(stored(FILTER_SQL)).isEqualTo(2);
    }
    try (RunningAcuse acuse = start()) {
      JsonNode stats = RunningAcuse.json(acuse.get("/api/stats")).path("unhandled");
      assertThat(stats.findValuesAsText("topic")).containsExactly("payment", "rocket_launch");
      assertThat(stats.findValuesAsText("handled_now")).containsExactly("true", "false");
      assertThat(acuse.get("/console/health").body())
          .contains("This version handles them", "action=\"/console/bulk/preview\"")
          .contains("value=\"?status=ignored&amp;error_kind=unhandled_topic&amp;type=payment\"");
      assertThat(acuse.items("/api/webhook-events?" + FILTER)).hasSize(2);

      retry(acuse, "&type=payment", 1);

      await()
          .untilAsserted(
              () ->
                  assertThat(stored("status = 'success' AND event_type = 'payment'")).isEqualTo(1));
      assertThat(RunningAcuse.json(acuse.get("/api/stats")).path("unhandled")).hasSize(1);
    }
  }

  private RunningAcuse start() {
    Map<String, String> settings = new HashMap<>();
    settings.put("alerts.webhookUrl", SLACK.baseUrl() + "/services/x");
    settings.put("alerts.every", "200ms");
    return RunningAcuse.start(database, sandbox, settings);
  }

  private void send(RunningAcuse acuse, String topic, String id) {
    assertThat(acuse.send(sandbox.notifications().webhook(topic, id, topic + ".done")).status())
        .isEqualTo(200);
  }

  private WebhookEvent eventOf(String resource) {
    return reader
        .page(
            Scope.everything(),
            EventFilter.ALL.matching(new EventFilter.Search(resource, List.of())),
            null,
            1)
        .get(0);
  }

  private long ended() {
    return stored("status = 'ignored'");
  }

  private long stored(String which) {
    return database.count("webhook_events WHERE " + which);
  }

  /** Counts first. */
  private static void retry(RunningAcuse acuse, String narrowed, int matched) {
    String path = "/api/webhook-events/retry?" + FILTER + narrowed;
    JsonNode counted = RunningAcuse.json(acuse.post(path + "&dry_run=true", ""));
    assertThat(counted.path("matched").asInt()).isEqualTo(matched);
    assertThat(counted.path("retried").asInt()).isZero();
    assertThat(RunningAcuse.json(acuse.post(path, "")).path("retried").asInt()).isEqualTo(matched);
  }

  /** Waits until alerts were looked at from their beginning to their end, and delivered. */
  private void lookedAgain(String name) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("DELETE FROM webhook_events WHERE webhook_id LIKE 'failed-%'"));
    await()
        .until(
            () -> database.count("alerts WHERE kind = 'event-failed' AND closed_at IS NULL") == 0);
    long before = failures();
    Events.insert(database.jdbi(), 1, EventStatus.FAILED, InstantSource.system().instant());
    await().alias(name).until(() -> failures() > before);
  }

  private static long failures() {
    return messages().stream().filter(text -> text.startsWith("1 events have failed")).count();
  }

  /** As if all that has ended had ended long ago. */
  private void age() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    UPDATE webhook_events SET received_at = received_at - INTERVAL '400' DAY,
                      finished_at = finished_at - INTERVAL '400' DAY
                    """));
  }

  /** Retries all of them in bulk, and works them off by a runner that has a handler. */
  private int afterAnUpgrade() {
    var operations = Desks.of(database.jdbi(), Clock.systemUTC(), 4);
    EventFilter unhandled =
        EventFilter.ALL
            .withStatus(EventStatus.IGNORED)
            .withErrorKind(Attempt.UNHANDLED_TOPIC)
            .withType("rocket_launch");
    long retried =
        operations
            .planRetry(unhandled, new OperatorRequest("ana", "retry-many", "upgraded"), "rockets")
            .run();
    workOff(new Handlers(List.of(new RocketHandler()), new UnhandledTopics()));
    return (int) retried;
  }

  private static final class RocketHandler implements EventHandler {
    @Override
    public String source() {
      return "mp";
    }

    @Override
    public Set<String> eventTypes() {
      return Set.of("rocket_launch");
    }

    @Override
    public Outcome handle(WebhookEvent event, AttemptLog attempt) {
      return Outcome.done();
    }
  }

  private void workOff(Handlers handlers) {
    var config = new DispatchConfiguration();
    var lanes = new Lanes(List.of(), Claims.KINDS);
    var store = new EventStore(database.jdbi(), Clock.systemUTC(), 4);
    var policy = new RetryPolicy(config.retryDelays(), config.outagePatience(), new Random(1));
    var runner =
        new AttemptRunner(
            store, handlers, lanes, event -> policy, Clock.systemUTC(), new MetricRegistry());
    try (var batch = new BatchRunner(store, runner, lanes, config, "upgraded")) {
      batch.runDue(100);
    }
  }

  private static List<String> messages() {
    return SLACK.findAll(postRequestedFor(anyUrl())).stream()
        .map(request -> RunningAcuse.json(request.getBodyAsString()).path("text").asText())
        .toList();
  }

  private static HttpResponse<String> admin(RunningAcuse acuse, String method, String path) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
    return acuse.exchange(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build());
  }
}
