package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL answers, and somebody else holds a lock on the tables. */
@Tag("slow")
class LockedTableIT {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TestDatabase database = TestDatabase.open(Engine.POSTGRESQL);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  @TempDir private Path spool;

  @AfterEach
  void close() {
    threads.shutdown();
    sandbox.close();
    database.close();
  }

  @Test
  void searchesAreGivenUpAndWebhooksWaitInTheSpoolWhoseNumbersAreTold() throws Exception {
    Files.writeString(spool.resolve("00000000000000000001.damaged"), "of an earlier run");
    Map<String, String> settings = Map.of("intake.spool.folder", spool.toString());
    try (var acuse = RunningAcuse.start(database, sandbox, settings)) {
      try (Handle lock = database.jdbi().open()) {
        lock.begin();
        lock.execute("LOCK TABLE webhook_events, payments, checkouts IN ACCESS EXCLUSIVE MODE");
        CompletableFuture<Notifier.Answer> webhook =
            CompletableFuture.supplyAsync(
                () -> acuse.send(sandbox.notifications().simulated()), threads);
        await().atMost(LONG).until(() -> value(acuse, "acuse_intake_commit_wait_seconds") > 0);

        searchesAreGivenUp(acuse);

        assertThat(webhook.join().body()).contains("\"status\":\"spooled\"");
        assertThat(value(acuse, "acuse_spool_records")).isEqualTo(1);
        assertThat(value(acuse, "acuse_spool_bytes")).isPositive();
        await().until(() -> value(acuse, "acuse_spool_oldest_seconds") > 0);
        assertThat(value(acuse, "acuse_spool_damaged_files")).isEqualTo(1);
        assertThat(value(acuse, "acuse_spool_rejected_files")).isZero();
        // From now on no row is good enough.
        lock.execute("ALTER TABLE webhook_events ADD CONSTRAINT none CHECK (FALSE) NOT VALID");
        lock.commit();
      }
      await().atMost(LONG).until(() -> value(acuse, "acuse_spool_rejected_total") == 1);
      await().until(() -> value(acuse, "acuse_spool_records") == 0);
      assertThat(value(acuse, "acuse_spool_rejected_files")).isEqualTo(1);
    }
  }

  /** Each while the lock is held: an answer at all shows that none waits for its end. */
  private void searchesAreGivenUp(RunningAcuse acuse) {
    List<CompletableFuture<HttpResponse<String>>> answers =
        List.of(
            async(() -> acuse.get("/api/webhook-events?status=failed")),
            async(() -> acuse.get("/api/webhook-events?q=order-1")),
            async(() -> acuse.get("/api/payments?flagged=true")),
            async(() -> acuse.get("/api/checkouts")),
            async(() -> acuse.post("/api/webhook-events/retry?status=failed&dry_run=true", "")));
    answers.forEach(answer -> ProblemAnswer.of(answer.join(), 503, "unavailable"));
  }

  private CompletableFuture<HttpResponse<String>> async(Supplier<HttpResponse<String>> call) {
    return CompletableFuture.supplyAsync(call, threads);
  }

  private static double value(RunningAcuse acuse, String metric) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/metrics/prometheus");
    return acuse
        .exchange(HttpRequest.newBuilder(uri).build())
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }
}
