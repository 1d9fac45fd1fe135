package dev.acuse.alert;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Problem;
import dev.acuse.condition.Reading;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class AlertLoopTest {
  private static final OperatorRequest MUTE = new OperatorRequest("ana", "mute-alerts", null);
  private static final String SECRET = "/services/T000/B000/canary";

  @RegisterExtension static final WireMockExtension SLACK = WireMockExtension.newInstance().build();

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final AlertStore store;
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(5));
  private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
  private final Condition check =
      new Condition(
          Kind.FAILED,
          Condition.MAIN,
          "",
          inbox -> {
            String words = problem.get();
            return words == null ? null : new Problem(words, () -> words);
          });

  AlertLoopTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.store = new AlertStore(database.jdbi(), clock);
  }

  @BeforeEach
  void takeMessages() {
    SLACK.stubFor(post(urlEqualTo(SECRET)).willReturn(aResponse().withBody("ok")));
  }

  @AfterEach
  void close() {
    http.close();
    database.close();
  }

  @Test
  void whatLastsIsOneMessageWhenItBeginsAndOneWhenItEnds() {
    AlertLoop alerts = alerts();
    for (int failed = 1; failed <= 500; failed += 100) {
      problem.set(failed + " events have failed");
      look(alerts);
      look(alerts());
    }
    problem.set(null);
    look(alerts);
    look(alerts);

    assertThat(messages())
        .containsExactly("1 events have failed", "Recovered: 401 events have failed");

    problem.set("another event has failed");
    look(alerts);
    assertThat(messages()).hasSize(3).last().isEqualTo("another event has failed");
  }

  @Test
  void messageThatWasNotTakenIsDeliveredLaterEvenByAnotherProcess() {
    SLACK.stubFor(post(urlEqualTo(SECRET)).willReturn(aResponse().withStatus(500)));
    problem.set("an event has failed");
    look(alerts());
    look(alerts());
    assertThat(messages()).as("the second waits its turn").hasSize(1);
    takeMessages();
    SLACK.resetRequests();

    clock.advance(Duration.ofMinutes(1));
    look(alerts());
    clock.advance(Duration.ofHours(1));
    look(alerts());

    assertThat(messages()).containsExactly("an event has failed");
    assertThat(errors()).noneMatch(error -> error.contains("canary"));
  }

  @Test
  void reasonOfAFailureIsKeptWithoutTheSecretAddress() {
    SLACK.stubFor(
        post(urlEqualTo(SECRET)).willReturn(aResponse().withStatus(404).withBody(SECRET)));
    problem.set("an event has failed");

    look(alerts());

    assertThat(errors()).hasSize(1).noneMatch(error -> error.contains(SLACK.baseUrl() + SECRET));
  }

  @Test
  void mutedKindIsToldWhenTheMuteIsOverIfItStillLasts() {
    store.mute(
        Condition.INSTALLATION,
        "event-failed",
        Duration.ofHours(1),
        MUTE,
        "event-failed for an hour");
    problem.set("an event has failed");
    look(alerts());
    assertThat(messages()).isEmpty();

    clock.advance(Duration.ofMinutes(61));
    look(alerts());

    assertThat(messages()).containsExactly("an event has failed");
    store.mute(
        Condition.INSTALLATION, AlertStore.ALL, Duration.ofHours(1), MUTE, "anything for an hour");
    problem.set(null);
    look(alerts());
    assertThat(messages()).as("nor is its end told while muted").hasSize(1);
  }

  @Test
  void conditionThatCannotBeToldNeitherBeginsNorEnds() {
    problem.set("an event has failed");
    look(alerts());
    var unknown =
        new Condition(
            Kind.FAILED,
            Condition.MAIN,
            "",
            inbox -> {
              throw new IllegalStateException("the inbox cannot be read");
            });
    AlertLoop alerts = alerts();
    try {
      alerts.look(unknown);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("cannot be read");
    }
    alerts.deliver();

    assertThat(messages()).containsExactly("an event has failed");
  }

  @Test
  void whatIsTooOldToBeWorthTellingIsGivenUp() {
    store.enqueue("old news");
    clock.advance(Duration.ofDays(4));

    alerts().deliver();
    alerts().deliver();

    assertThat(messages()).isEmpty();
  }

  @Test
  void whileTheDatabaseIsOutItIsToldStraightAwayAndOnlyOnce() {
    // nobody listens there
    Jdbi nowhere = Jdbi.create("jdbc:postgresql://127.0.0.1:1/acuse");
    var out = new AlertStore(nowhere.installPlugin(new AcuseJdbiPlugin()), clock);
    var alerts =
        new AlertLoop(
            out, webhook(), List.of(check), AlertLoopTest::unread, Duration.ofSeconds(1), clock);
    problem.set("webhooks wait in the spool");

    alerts.look(check);
    alerts.look(check);

    assertThat(messages()).containsExactly("webhooks wait in the spool");
  }

  private AlertLoop alerts() {
    return new AlertLoop(
        store, webhook(), List.of(check), AlertLoopTest::unread, Duration.ofSeconds(1), clock);
  }

  private static Reading unread() {
    throw new AssertionError("the condition of this test does not need it");
  }

  private SlackWebhook webhook() {
    return new SlackWebhook(http.client(), SLACK.baseUrl() + SECRET, clock);
  }

  private void look(AlertLoop alerts) {
    alerts.look(check);
    alerts.deliver();
  }

  private static List<String> messages() {
    return SLACK.findAll(postRequestedFor(urlEqualTo(SECRET))).stream()
        .map(request -> RunningAcuse.json(request.getBodyAsString()).path("text").asText())
        .toList();
  }

  private List<String> errors() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT error FROM alert_messages WHERE error IS NOT NULL")
                    .mapTo(String.class)
                    .list());
  }
}
