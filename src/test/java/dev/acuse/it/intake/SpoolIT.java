package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks that come while PostgreSQL is out of reach. */
class SpoolIT {
  private static final Duration LONG = Duration.ofSeconds(40);

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.POSTGRESQL);
  private final TcpProxy network =
      new TcpProxy(URI.create(database.url().substring("jdbc:".length())).getPort());

  @AfterEach
  void close() {
    network.close();
    database.close();
    sandbox.close();
  }

  @Test
  void webhooksAreAcknowledgedWhileTheDatabaseIsOutAndProcessedWhenItIsBack() {
    try (var acuse = start(Map.of())) {
      acuse.checkout("order-1", "contact-1");
      network.cut();
      String payment =
          String.valueOf(
              sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
      Notifier.Answer answer = acuse.send(sandbox.notifications().paymentCreated(payment));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(RunningAcuse.json(answer.body()).path("status").asText()).isEqualTo("spooled");
      assertThat(status(acuse, "ready")).isEqualTo(200);
      assertThat(metric(acuse, "acuse_spool_records")).isEqualTo("1.0");
      assertThat(task(acuse, "drain-spool").body()).contains("1 webhooks of ");

      network.restore();
      // The list is refused until the database is back.
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> acuse.items("/api/webhook-events?status=success").size() == 1);
      await().atMost(LONG).until(() -> sandbox.goHighLevel().tagCalls().size() == 1);
      assertThat(task(acuse, "drain-spool").body()).contains("The spool is empty.");
      assertThat(metric(acuse, "acuse_intake_spooled_total")).isEqualTo("1.0");
      assertThat(metric(acuse, "acuse_spool_drained_total")).isEqualTo("1.0");
    }
  }

  @Test
  void serviceStartsWithItsDatabaseOutIsReadySpoolsAndMigratesLater() {
    try (var empty = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
      network.cut();
      try (var acuse =
          RunningAcuse.start(
              empty, sandbox, Map.of("database.url", through(empty), "migrateOnStart", "true"))) {
        await().until(() -> status(acuse, "ready") == 200);
        assertThat(status(acuse, "alive")).isEqualTo(200);
        Notifier.Answer answer = acuse.send(sandbox.notifications().simulated());
        assertThat(RunningAcuse.json(answer.body()).path("status").asText()).isEqualTo("spooled");
        assertThat(check(acuse, "schema").path("healthy").asBoolean()).isFalse();

        network.restore();
        await()
            .atMost(LONG)
            .ignoreExceptions()
            .until(() -> acuse.items("/api/webhook-events?status=ignored").size() == 1);
        // The webhook is stored as soon as its table takes it, be it before the last migration.
        await().until(() -> check(acuse, "schema").path("healthy").asBoolean());
      }
    }
  }

  @Test
  void withoutASpoolTheAnswerIs503AndItIsNotReady() {
    try (var acuse = start(Map.of("intake.spool.mode", "off"))) {
      await().until(() -> status(acuse, "ready") == 200);
      network.cut();

      assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(503);
      await().until(() -> status(acuse, "ready") == 503);
      assertThat(task(acuse, "drain-spool").statusCode()).isEqualTo(409);

      network.restore();
      await()
          .atMost(LONG)
          .until(() -> acuse.send(sandbox.notifications().simulated()).status() == 200);
      await().atMost(LONG).until(() -> status(acuse, "ready") == 200);
    }
  }

  private RunningAcuse start(Map<String, String> more) {
    var settings = new HashMap<>(more);
    settings.put("database.url", through(database));
    return RunningAcuse.start(database, sandbox, settings);
  }

  private String through(TestDatabase target) {
    return target.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + network.port() + "/");
  }

  private static int status(RunningAcuse acuse, String what) {
    return send(HttpRequest.newBuilder(acuse.url("/health-check?type=" + what)).build())
        .statusCode();
  }

  private static JsonNode check(RunningAcuse acuse, String name) {
    return RunningAcuse.json(send(HttpRequest.newBuilder(admin(acuse, "/healthcheck")).build()))
        .path(name);
  }

  private static HttpResponse<String> task(RunningAcuse acuse, String name) {
    return send(
        HttpRequest.newBuilder(admin(acuse, "/tasks/" + name))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private static String metric(RunningAcuse acuse, String name) {
    return send(HttpRequest.newBuilder(admin(acuse, "/metrics/prometheus")).build())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .orElse(name + " is missing")
        .substring(name.length() + 1);
  }

  private static URI admin(RunningAcuse acuse, String path) {
    return URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
