package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.backup.DataFolder;
import dev.acuse.backup.Restore;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups by the running service, and what becomes of an inbox that is restored from an older. */
class BackupIT {
  @TempDir private Path temp;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.H2);

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private static HttpResponse<String> backup(RunningAcuse acuse, String file) {
    String parameters =
        file.isEmpty() ? "" : "?file=" + URLEncoder.encode(file, StandardCharsets.UTF_8);
    URI tasks =
        URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/tasks/backup" + parameters);
    return acuse.exchange(
        HttpRequest.newBuilder(tasks).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  private static H2Files files(Path folder) {
    return new H2Files(folder.resolve("acuse"));
  }

  private static Restore restore(Path folder, Path spool) {
    String url = "jdbc:h2:file:" + folder.resolve("acuse") + ";MODE=PostgreSQL;WRITE_DELAY=0";
    return new Restore(
        DataFolder.of(files(folder), spool),
        new H2Access(url, "sa", "", Map.of()),
        Clock.systemUTC());
  }

  @Test
  void whileWebhooksArriveABackupHoldsAllThatWasAcknowledgedBeforeIt() throws Exception {
    Path file = temp.resolve("one.zip");
    Set<String> before;
    var stopped = new AtomicBoolean();
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    var senders = Executors.newFixedThreadPool(4);
    try (RunningAcuse acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      for (int sender = 1; sender <= 4; sender++) {
        int first = sender * 1_000_000;
        var unused = senders.submit(() -> send(acuse, first, stopped, acknowledged));
      }
      await().until(() -> acknowledged.size() > 100);
      before = new HashSet<>(acknowledged);

      HttpResponse<String> answer = backup(acuse, file.toString());

      int during = acknowledged.size();
      await().until(() -> acknowledged.size() > during + 20);
      stopped.set(true);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains(file.toString(), "holds the inbox as it was at");
      assertThat(backup(acuse, file.toString()).statusCode()).as("it is there").isEqualTo(409);
    } finally {
      stopped.set(true);
      senders.shutdown();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    restore(temp.resolve("other"), temp.resolve("other/spool")).run(file, false);
    try (var copy = TestDatabase.openH2In(temp.resolve("other"))) {
      List<String> rows =
          copy.jdbi()
              .withHandle(
                  handle ->
                      handle
                          .createQuery("SELECT resource_id FROM webhook_events")
                          .mapTo(String.class)
                          .list());
      assertThat(rows).containsAll(before).doesNotHaveDuplicates();
    }
  }

  private void send(RunningAcuse acuse, int first, AtomicBoolean stopped, Queue<String> done) {
    for (int i = first; !stopped.get(); i++) {
      String id = String.valueOf(i);
      if (acuse.send(sandbox.notifications().paymentCreated(id)).status() == 200) {
        done.add(id);
      }
    }
  }

  @Test
  void whatCannotBeWrittenIsRefusedWithAReason() throws Exception {
    try (RunningAcuse acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      assertThat(backup(acuse, "relative.zip"))
          .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(400))
          .satisfies(answer -> assertThat(answer.body()).contains("must be an absolute path"));
      assertThat(backup(acuse, temp + "/none/one.zip"))
          .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(409))
          .satisfies(answer -> assertThat(answer.body()).contains("is no folder"));

      HttpResponse<String> usual = backup(acuse, "");

      assertThat(usual.statusCode()).as(usual.body()).isEqualTo(200);
      assertThat(usual.body()).contains(database.folder() + "/backups/acuse-");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(database.folder().resolve("backups"))))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void onPostgresqlItNamesTheToolsThatDoIt() {
    try (var postgresql = TestDatabase.open(Engine.POSTGRESQL);
        RunningAcuse acuse = RunningAcuse.start(postgresql, sandbox, Map.of())) {
      HttpResponse<String> answer = backup(acuse, temp + "/one.zip");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("pg_dump", "ACUSE_SPOOL_DIR");
    }
  }

  @Test
  void reconciliationMakesUpForWhatAnOlderBackupLacksAndTheBooksSaySo() throws Exception {
    Path file = temp.resolve("one.zip");
    try (RunningAcuse acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      for (int i = 0; i < 3; i++) {
        sell(acuse, i);
      }
      await().until(() -> acuse.items("/api/payments?status=approved").size() == 3);
      await().until(() -> tagged() == 3);
      for (int i = 3; i < 5; i++) {
        acuse.checkout("order-" + i, "contact" + i);
      }
      await().until(() -> done(acuse) == 3 && tagsDone(acuse) == 3);
      assertThat(backup(acuse, file.toString()).statusCode()).isEqualTo(200);
      for (int i = 3; i < 5; i++) {
        pay(acuse, i);
      }
      await().until(() -> done(acuse) == 5);
      await().until(() -> tagged() == 5);
    }
    database.disconnect();
    Path spool = database.takeSpoolFolder();
    Instant restoredFrom = InstantSource.system().instant();

    restore(database.folder(), spool).run(file, true);

    database.leaveSpoolFolder(spool);
    Map<String, String> settings =
        Map.of("reconciliation.every", "1s", "reconciliation.lookback", "1d");
    try (RunningAcuse acuse = RunningAcuse.start(database, sandbox, settings)) {
      await().until(() -> acuse.items("/api/payments?status=approved").size() == 5);
      await().until(() -> tagsDone(acuse) == 5);
      for (int i = 0; i < 3; i++) {
        assertThat(sandbox.goHighLevel().tagCalls("contact" + i)).as("order %d", i).hasSize(1);
      }
      await().until(() -> !ledger(acuse).path("runs").isEmpty());
      JsonNode ledger = ledger(acuse);
      assertThat(ledger.path("unaccounted").asLong(-1)).isZero();
      assertThat(Instant.parse(ledger.path("restored").path("taken_at").asText()))
          .isBefore(restoredFrom);
      assertThat(Instant.parse(ledger.path("restored").path("restored_at").asText()))
          .isAfterOrEqualTo(restoredFrom.minus(Duration.ofSeconds(1)));
      assertThat(ledger.path("runs").findValuesAsText("closed")).contains("killed");
      assertThat(acuse.get("/console/health").body()).contains("The inbox is a backup of");
      await()
          .until(
              () ->
                  acuse.items("/api/webhook-events?origin=reconciliation").size() >= 2
                      && acuse.items("/api/webhook-events?status=pending").isEmpty());
    }
  }

  private static JsonNode ledger(RunningAcuse acuse) {
    return RunningAcuse.json(acuse.get("/api/ledger"));
  }

  private static int done(RunningAcuse acuse) {
    return acuse.items("/api/webhook-events?status=success").size();
  }

  private long tagged() {
    return sandbox.goHighLevel().tagCalls().size();
  }

  private static long tagsDone(RunningAcuse acuse) {
    long done = 0;
    for (JsonNode payment : acuse.items("/api/payments?status=approved")) {
      JsonNode one = RunningAcuse.json(acuse.get("/api/payments/" + payment.path("id").asLong()));
      done += one.path("tags").path(0).path("applied_at").isTextual() ? 1 : 0;
    }
    return done;
  }

  private void sell(RunningAcuse acuse, int number) {
    acuse.checkout("order-" + number, "contact" + number);
    pay(acuse, number);
  }

  private void pay(RunningAcuse acuse, int number) {
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay("order-" + number, PaymentOutcome.APPROVED).payment().id());
    assertThat(acuse.send(sandbox.notifications().paymentCreated(payment)).status()).isEqualTo(200);
  }
}
