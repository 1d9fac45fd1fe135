package dev.acuse.it.operations;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorAction;
import dev.acuse.event.EventStatus;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What people are told, through the whole service. */
@ParameterizedClass
@EnumSource
class AlertsIT {
  @RegisterExtension static final WireMockExtension SLACK = WireMockExtension.newInstance().build();

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  AlertsIT(Engine engine) {
    this.database = TestDatabase.open(engine);
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
  void fiveHundredFailuresAreOneMessageAndTheirEndIsAnother() {
    Events.insert(database.jdbi(), 500, EventStatus.FAILED, InstantSource.system().instant());
    try (RunningAcuse acuse = start(Map.of())) {
      await().until(() -> messages().size() == 1);
      assertThat(messages().get(0)).startsWith("500 events have failed and wait for an operator");

      assertThat(task(acuse, "test-alert").body()).contains("A test message is stored");
      await().until(() -> messages().size() == 2);
      database
          .jdbi()
          .useHandle(handle -> handle.execute("UPDATE webhook_events SET status = 'success'"));

      await().until(() -> messages().size() == 3);
      assertThat(messages().get(2)).startsWith("Recovered: 500 events have failed");
    }
  }

  @Test
  void silenceOfMercadoPagoAndARefusedTokenAreTold() {
    try (RunningAcuse acuse = start(Map.of("reconciliation.every", "1s", "alerts.silence", "0s"))) {
      var terms = new SandboxPayment.Terms(BigDecimal.TEN, "ARS", null, null, 1, Map.of());
      sandbox.mercadoPago().payDirectly(terms, PaymentOutcome.APPROVED);

      await().until(() -> messages().stream().anyMatch(m -> m.contains("no webhook has ever")));
      acuse.send(sandbox.notifications().simulated());
      await()
          .until(() -> messages().stream().anyMatch(m -> m.startsWith("Recovered: MercadoPago")));

      sandbox.mercadoPago().faults().always(401);
      acuse.send(sandbox.notifications().paymentCreated("138400000001"));
      await().until(() -> messages().stream().anyMatch(m -> m.contains("refuses our token")));
      sandbox.mercadoPago().faults().none();
      await()
          .until(
              () ->
                  messages().stream()
                      .anyMatch(m -> m.startsWith("Recovered: mercadopago refuses our token")));
    }
  }

  @Test
  void tasksRefuseWhatTheyCannotDo() {
    try (RunningAcuse acuse = start(Map.of("alerts.webhookUrl", ""))) {
      assertThat(task(acuse, "test-alert").statusCode()).isEqualTo(409);
      assertThat(task(acuse, "mute-alerts?for=2h").body()).contains("of anything for 120 minutes");
      assertThat(task(acuse, "mute-alerts?kind=event-failed&for=1d").statusCode()).isEqualTo(200);
      assertThat(new AuditTrail(database.jdbi(), Clock.systemUTC()).page(null, 9))
          .extracting(OperatorAction::target)
          .containsExactly("event-failed for 1440 minutes", "anything for 120 minutes");
      assertThat(task(acuse, "mute-alerts?kind=nonsense&for=1d").statusCode()).isEqualTo(400);
      assertThat(task(acuse, "mute-alerts").statusCode()).isEqualTo(400);
      assertThat(task(acuse, "mute-alerts?for=400d").statusCode()).isEqualTo(400);
    }
    assertThat(messages()).isEmpty();
  }

  private RunningAcuse start(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("alerts.webhookUrl", SLACK.baseUrl() + "/services/x");
    settings.put("alerts.every", "200ms");
    settings.putAll(more);
    return RunningAcuse.start(database, sandbox, settings);
  }

  private static List<String> messages() {
    return SLACK.findAll(postRequestedFor(anyUrl())).stream()
        .map(request -> RunningAcuse.json(request.getBodyAsString()).path("text").asText())
        .toList();
  }

  private static HttpResponse<String> task(RunningAcuse acuse, String nameAndQuery) {
    URI uri =
        URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/tasks/" + nameAndQuery);
    return acuse.exchange(
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build());
  }
}
