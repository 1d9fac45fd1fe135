package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A service that was installed and has no token yet. */
@ParameterizedClass
@EnumSource
class NoTokenIT {
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  NoTokenIT(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void itIsSaidAsItIsAndNothingIsDown() throws Exception {
    try (var acuse =
        RunningAcuse.start(
            database, sandbox, Map.of("mercadoPago.accessToken", "", "goHighLevel.token", ""))) {
      for (JsonNode system : RunningAcuse.json(acuse.get("/api/stats")).path("downstreams")) {
        assertThat(system.path("state").asText()).isEqualTo("no_token");
        assertThat(system.path("up").asBoolean()).isFalse();
        assertThat(health(acuse, system.path("name").asText()).path("healthy").asBoolean())
            .as("nothing was to be asked yet")
            .isTrue();
        assertThat(health(acuse, system.path("name").asText()).path("message").asText())
            .isEqualTo("no token yet");
      }

      for (String words :
          List.of("en:no token yet", "es:todavía sin token", "pt:ainda sem token")) {
        assertThat(console(acuse, words.substring(0, 2))).contains(words.substring(3));
      }

      acuse.send(sandbox.notifications().paymentCreated("138400000001"));
      await()
          .untilAsserted(
              () -> assertThat(event(acuse).path("waits_for").asText()).isEqualTo("mercadopago"));

      assertThat(event(acuse).path("attempts").asInt()).isLessThan(2);
      assertThat(event(acuse).path("last_error_kind").asText()).isEqualTo("not_set_up");
      await()
          .untilAsserted(
              () ->
                  assertThat(health(acuse, "mercadopago").path("message").asText())
                      .startsWith("no token yet")
                      .doesNotContain("out", "down", "refuses"));
      assertThat(console(acuse, "en"))
          .contains("No token for mercadopago is set yet")
          .doesNotContain("do not go through", "refuses us");
    }
    try (var acuse = RunningAcuse.start(database, sandbox, Map.of("goHighLevel.token", ""))) {
      String id = pay(acuse);
      acuse.send(sandbox.notifications().paymentCreated(id));

      await()
          .untilAsserted(
              () ->
                  assertThat(acuse.items("/api/webhook-events?limit=10&origin=effect"))
                      .anyMatch(event -> event.path("waits_for").asText().equals("gohighlevel")));
      assertThat(health(acuse, "gohighlevel").path("message").asText()).startsWith("no token yet");
      assertThat(health(acuse, "mercadopago").path("healthy").asBoolean()).isTrue();
    }
    try (var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      await()
          .untilAsserted(
              () ->
                  assertThat(sandbox.goHighLevel().tagsOf("contact1"))
                      .containsExactly("pago_confirmado"));
      for (JsonNode system : RunningAcuse.json(acuse.get("/api/stats")).path("downstreams")) {
        assertThat(system.path("state").asText()).isEqualTo("up");
      }
    }
  }

  private String pay(RunningAcuse acuse) {
    acuse.checkout("order-1", "contact1");
    return String.valueOf(
        sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
  }

  private static String console(RunningAcuse acuse, String language) {
    return acuse
        .exchange(
            HttpRequest.newBuilder(acuse.url("/console/health"))
                .header("Accept-Language", language)
                .build())
        .body();
  }

  private static JsonNode event(RunningAcuse acuse) {
    return acuse.items("/api/webhook-events?limit=10").get(0);
  }

  private static JsonNode health(RunningAcuse acuse, String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/healthcheck");
    return RunningAcuse.json(
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body())
        .path(name);
  }
}
