package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.Sales;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The books balance, and turn red when something is lost on purpose. */
@Tag("slow")
class LedgerIT {
  /** A byte of the first record. */
  private static final int DAMAGED = 40;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyAnswerIsAccountedForUntilARowIsLost(Engine engine) {
    try (TestDatabase database = TestDatabase.open(engine);
        RunningAcuse acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      Notification first = sell(acuse, "one");
      acuse.send(first);
      acuse.send(first);
      acuse.send(sell(acuse, "two"));
      acuse.send(sell(acuse, "three").withHeader("x-signature", null));
      await().until(() -> acuse.items("/api/webhook-events?status=success").size() == 2);
      await().until(() -> run(acuse).path("received").asInt() == 4);
      await().until(() -> run(acuse).path("unanswered").asInt() == 0);

      JsonNode run = run(acuse);
      assertThat(run.path("stored").asInt()).isEqualTo(2);
      assertThat(run.path("duplicates").asInt()).isEqualTo(1);
      assertThat(run.path("rejected").path("signature").asInt()).isEqualTo(1);
      assertThat(run.path("unanswered").asInt()).isZero();
      assertThat(run.path("rows").asInt()).isEqualTo(2);
      assertThat(run.path("closed").isNull()).isTrue();
      JsonNode day = ledger(acuse).path("days").get(6);
      assertThat(day.path("remote").asInt()).as("one was refused").isEqualTo(3);
      assertThat(day.path("ours").asInt()).isEqualTo(2);
      assertThat(day.path("by").path("webhook").asInt()).isEqualTo(2);
      assertThat(stats(acuse)).isZero();
      assertThat(admin(acuse, "/healthcheck").path("ledger").path("healthy").asBoolean()).isTrue();

      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("DELETE FROM webhook_attempts");
                handle.execute("DELETE FROM webhook_events WHERE signature = 'verified'");
              });

      await().until(() -> stats(acuse) == 2);
      assertThat(run(acuse).path("unaccounted").asInt()).isEqualTo(2);
      assertThat(admin(acuse, "/healthcheck").path("ledger").path("healthy").asBoolean()).isFalse();
      assertThat(
              admin(acuse, "/metrics")
                  .path("gauges")
                  .path("acuse.ledger.unaccounted")
                  .path("value")
                  .asInt())
          .isEqualTo(2);
      Map.of(
              "from=9999-01-01", "future",
              "from=2026-02-30", "date",
              "from=2026-11-02&to=2026-11-01", "after",
              "from=2026-01-01&to=2026-11-01", "30 days")
          .forEach(
              (query, reason) -> {
                var answer = acuse.get("/api/ledger?" + query);
                assertThat(answer.statusCode()).as(query).isEqualTo(400);
                assertThat(answer.body()).contains(reason);
              });
    }
  }

  @Test
  void recordThatIsLostFromTheSpoolIsNotAccountedFor(@TempDir Path spool) {
    try (TestDatabase database = TestDatabase.open(Engine.POSTGRESQL);
        var network =
            new TcpProxy(URI.create(database.url().substring("jdbc:".length())).getPort());
        RunningAcuse acuse =
            RunningAcuse.start(
                database,
                sandbox,
                Map.of(
                    "intake.spool.folder",
                    spool.toString(),
                    "database.url",
                    database
                        .url()
                        .replaceFirst("//[^/]+/", "//127.0.0.1:" + network.port() + "/")))) {
      await().until(() -> !ledger(acuse).path("unaccounted").isNull());
      network.cut();
      for (int i = 0; i < 3; i++) {
        assertThat(acuse.send(sandbox.notifications().simulated()).body()).contains("spooled");
      }
      damageTheFirstRecord(spool);
      awaitTheDrainersTurn(acuse);

      network.restore();

      await()
          .ignoreExceptions()
          .until(() -> acuse.items("/api/webhook-events?status=ignored").size() == 2);
      await().ignoreExceptions().until(() -> stats(acuse) == 1);
      assertThat(run(acuse).path("spooled").asInt()).isEqualTo(3);
      assertThat(run(acuse).path("rows").asInt()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void runThatWasKilledIsClosedByTheNext(Engine engine) throws IOException {
    try (TestDatabase database = TestDatabase.open(engine)) {
      database.disconnect();
      AcuseProcess killed = AcuseProcess.start(database, sandbox, Map.of());
      String payment = Sales.sell(killed, sandbox, 1);
      Sales.notify(killed, sandbox, payment);
      await()
          .until(() -> killed.json("/api/ledger").path("runs").path(0).path("rows").asInt() == 1);
      killed.kill();
      try (AcuseProcess next = AcuseProcess.start(database, sandbox, Map.of())) {
        await()
            .until(
                () ->
                    next.json("/api/ledger")
                        .path("runs")
                        .path(1)
                        .path("closed")
                        .asText()
                        .equals("killed"));
        assertThat(next.json("/api/ledger").path("unaccounted").asInt()).isZero();
      }
    }
  }

  private Notification sell(RunningAcuse acuse, String name) {
    acuse.checkout(name, "contact-" + name);
    return sandbox
        .notifications()
        .paymentCreated(
            String.valueOf(
                sandbox.mercadoPago().pay(name, PaymentOutcome.APPROVED).payment().id()));
  }

  /** Until its turn has ended, the drainer may hold the records as it has read them before. */
  private static void awaitTheDrainersTurn(RunningAcuse acuse) {
    URI task = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/tasks/drain-spool");
    HttpRequest request =
        HttpRequest.newBuilder(task).POST(HttpRequest.BodyPublishers.noBody()).build();
    try {
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
          .contains("webhooks of ");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void damageTheFirstRecord(Path spool) {
    try (Stream<Path> files = Files.list(spool)) {
      Path file = files.filter(f -> f.toString().endsWith(".spool")).findFirst().orElseThrow();
      // In its place: a file that is written anew is empty for a moment, and the drainer reads it.
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, DAMAGED);
        one.put(0, (byte) (one.get(0) ^ 1)).flip();
        channel.write(one, DAMAGED);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode ledger(RunningAcuse acuse) {
    return RunningAcuse.json(acuse.get("/api/ledger"));
  }

  private static JsonNode run(RunningAcuse acuse) {
    return ledger(acuse).path("runs").path(0);
  }

  private static long stats(RunningAcuse acuse) {
    return RunningAcuse.json(acuse.get("/api/stats")).path("unaccounted").asLong();
  }

  private static JsonNode admin(RunningAcuse acuse, String path) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
    return RunningAcuse.json(acuse.exchange(HttpRequest.newBuilder(uri).build()));
  }
}
