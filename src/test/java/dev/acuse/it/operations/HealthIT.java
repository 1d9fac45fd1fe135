package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an orchestrator and a monitor are told, in good times and in bad ones. */
class HealthIT {
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    sandbox.close();
  }

  @Test
  void databaseThatIsOutLeavesItReadyForTheSpoolAndItRecoversByItself() {
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        var network =
            new TcpProxy(URI.create(database.url().substring("jdbc:".length())).getPort());
        var acuse =
            RunningAcuse.start(
                database, sandbox, Map.of("database.url", through(network, database)))) {
      await().until(() -> is(acuse, "ready") == 200 && is(acuse, "alive") == 200);
      assertThat(admin(acuse, "/healthcheck").statusCode()).isEqualTo(200);

      network.cut();
      await().until(() -> !healthy(acuse, "intake-database"));
      assertThat(is(acuse, "alive")).isEqualTo(200);
      assertThat(is(acuse, "ready")).as("the spool takes webhooks").isEqualTo(200);
      assertThat(admin(acuse, "/healthcheck").statusCode()).isEqualTo(500);
      assertThat(healthy(acuse, "intake")).isTrue();
      assertThat(admin(acuse, "/metrics/prometheus").statusCode()).isEqualTo(200);

      network.restore();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> healthy(acuse, "intake-database") && is(acuse, "alive") == 200);
      assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(200);
    }
  }

  @Test
  void dispatcherThatIsDeadMakesItDeadAndStillItTakesWebhooks() {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      await().until(() -> is(acuse, "ready") == 200 && is(acuse, "alive") == 200);

      acuse.stopDispatcher();

      await().until(() -> is(acuse, "alive") == 503);
      assertThat(is(acuse, "ready")).as("what is dead is not ready").isEqualTo(503);
      assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(200);
      assertThat(RunningAcuse.json(admin(acuse, "/healthcheck")).path("dispatcher").toString())
          .contains("does not run");
    }
  }

  @Test
  void backlogThatGrowsOldIsAnAlarmUnlessItIsPaused() {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse = RunningAcuse.start(database, sandbox, Map.of("adminPort.backlogAlarm", "1s"))) {
      acuse.stopDispatcher();
      acuse.send(sandbox.notifications().simulated());

      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> !healthy(acuse, "backlog") && admin(acuse, "/healthcheck").statusCode() == 500);
      assertThat(acuse.get("/console/health").body())
          .as("the console says the same")
          .contains("has waited for more than 1 s.");
      admin(acuse, "POST", "/tasks/pause");
      await().atMost(Duration.ofSeconds(20)).until(() -> healthy(acuse, "backlog"));
      assertThat(acuse.get("/console/health").body())
          .contains("The inbox is paused")
          .doesNotContain("has waited for more than");
    }
  }

  @Test
  void downstreamThatIsOutIsNamed() {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      assertThat(healthy(acuse, "mercadopago")).isTrue();
      sandbox.mercadoPago().stopListening();
      acuse.send(sandbox.notifications().paymentCreated("138400000001"));

      await().until(() -> !healthy(acuse, "mercadopago"));
      assertThat(is(acuse, "ready")).isEqualTo(200);
      assertThat(is(acuse, "alive")).isEqualTo(200);
    }
  }

  /** A merchant's request goes past the breaker: look-ups that failed must not refuse it. */
  @Test
  void aCheckoutIsRegisteredWhileTheBreakerOfLookUpsIsOpen() {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse = RunningAcuse.start(database, sandbox, Map.of("dispatch.probeEvery", "1h"))) {
      sandbox.mercadoPago().stopListening();
      acuse.send(sandbox.notifications().paymentCreated("138400000001"));
      await().until(() -> !healthy(acuse, "mercadopago"));
      sandbox.mercadoPago().startListening();

      acuse.checkout("order-1", "contact-1");

      assertThat(healthy(acuse, "mercadopago")).isFalse();
    }
  }

  @Test
  void atTheEndItIsUnreadyWhileRequestsAreStillServed() {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      AcuseProcess acuse =
          AcuseProcess.start(database, sandbox, Map.of("ACUSE_SHUTDOWN_WAIT", "6s"));
      await().until(() -> get(acuse.url("/health-check?type=ready")).statusCode() == 200);
      CompletableFuture<Integer> end = CompletableFuture.supplyAsync(acuse::terminate);

      await().until(() -> get(acuse.url("/health-check?type=ready")).statusCode() == 503);
      assertThat(get(acuse.url("/health-check?type=alive")).statusCode())
          .as("nobody need kill it")
          .isEqualTo(200);
      assertThat(acuse.post("/webhooks/mp?topic=payment&id=1", "")).isEqualTo(200);
      assertThat(end.join()).isEqualTo(143);
    }
  }

  private static String through(TcpProxy network, TestDatabase database) {
    return database.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + network.port() + "/");
  }

  private boolean healthy(RunningAcuse acuse, String check) {
    return RunningAcuse.json(admin(acuse, "/healthcheck")).path(check).path("healthy").asBoolean();
  }

  private int is(RunningAcuse acuse, String what) {
    return get(acuse.url("/health-check?type=" + what)).statusCode();
  }

  private HttpResponse<String> admin(RunningAcuse acuse, String path) {
    return admin(acuse, "GET", path);
  }

  private HttpResponse<String> admin(RunningAcuse acuse, String method, String path) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
    return send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  private HttpResponse<String> get(URI uri) {
    return send(HttpRequest.newBuilder(uri).build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
