package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.mercadopago.Signer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SeededAccounts;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several accounts' webhooks that come while PostgreSQL is out of reach, from the start on. */
class AccountsWithoutDatabaseIT {
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.POSTGRESQL);
  private final TcpProxy network =
      new TcpProxy(URI.create(database.url().substring("jdbc:".length())).getPort());
  private final SeededAccounts accounts = new SeededAccounts(database, "100");
  @TempDir private Path spool;

  @BeforeEach
  void seed() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO inbox_hold (id, paused_at, paused_by)"
                        + " VALUES (1, CURRENT_TIMESTAMP, 'test')"));
    accounts
        .application("b", "b-secret")
        .application("agency", "agency-secret")
        .account("bodega", "b", "200")
        .account("casa", "agency", "300");
  }

  @AfterEach
  void close() {
    sandbox.close();
    network.close();
    database.close();
  }

  private RunningAcuse start() {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "mercadoPago.webhookSecrets",
                "main-secret",
                "database.url",
                database.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + network.port() + "/"),
                "intake.quarantinedPerSecond",
                "4",
                "intake.spool.folder",
                spool.toString()));
    settings.putAll(accounts.settings());
    return RunningAcuse.start(database, sandbox, settings);
  }

  @Test
  void withoutTheFileWhatCannotBeJudgedIsSpooledAsItCameAndJudgedAtTheDrain() throws Exception {
    network.cut();
    try (var acuse = start()) {
      assertThat(send(acuse, "", "1", "100", "main-secret")).isEqualTo("200 spooled");
      // One sender has a quarter of the rate, which is one a second here.
      await().until(() -> send(acuse, "/bodega", "2", "200", "b-secret").equals("200 spooled"));
      await().until(() -> send(acuse, "/casa", "3", "300", "forged").equals("200 spooled"));
      await().until(() -> send(acuse, "/nueva", "4", "900", "new-secret").equals("200 spooled"));
      await().until(() -> send(acuse, "/none", "5", "901", "any").equals("200 spooled"));
      int refused = 0;
      for (int i = 0; i < 40; i++) {
        refused += send(acuse, "", "7" + i, "300", "forged").startsWith("503") ? 1 : 0;
      }
      assertThat(refused).as("beyond the rate of quarantine").isPositive();
      try (Stream<Path> files = Files.list(spool)) {
        assertThat(files.filter(file -> file.toString().endsWith(".spool2"))).isNotEmpty();
      }
      assertThat(database.count("webhook_events")).isZero();
      accounts.application("new", "new-secret").account("nueva", "new", "900");

      network.restore();

      await()
          .untilAsserted(
              () ->
                  assertThat(rows())
                      .filteredOn(row -> String.valueOf(row.get("resource_id")).length() == 1)
                      .extracting(
                          row -> row.get("resource_id"),
                          row -> row.get("account_id"),
                          row -> row.get("status"),
                          row -> row.get("signature"))
                      .contains(
                          tuple("1", 1L, "pending", "verified"),
                          tuple("2", 2L, "pending", "verified"),
                          tuple("3", 3L, "quarantined", "bad"),
                          tuple("4", 4L, "pending", "verified"),
                          tuple("5", 1L, "quarantined", "bad"))
                      .hasSize(5));
      await().untilAsserted(() -> assertThat(run(acuse).path("in_spool").asInt(-1)).isZero());
      assertThat(run(acuse).path("unaccounted").asInt(-1)).isZero();
      assertThat(spool.resolve("settings.sealed")).exists();
    }
  }

  @Test
  void withTheFileTheyAreJudgedAtOnce() throws Exception {
    try (var acuse = start()) {
      await().until(() -> Files.exists(spool.resolve("settings.sealed")));
      assertThat(send(acuse, "/bodega", "1", "200", "b-secret")).isEqualTo("200 stored");
    }
    accounts.application("new", "new-secret").account("nueva", "new", "900");
    network.cut();
    try (var acuse = start()) {
      assertThat(send(acuse, "", "2", "100", "main-secret")).isEqualTo("200 spooled");
      assertThat(send(acuse, "/bodega", "3", "200", "b-secret")).isEqualTo("200 spooled");
      assertThat(send(acuse, "", "4", "300", "agency-secret")).isEqualTo("200 spooled");
      assertThat(send(acuse, "/bodega", "5", "200", "forged")).startsWith("401");
      assertThat(send(acuse, "/nueva", "6", "900", "new-secret"))
          .as("another instance may have made it")
          .isEqualTo("200 spooled");

      network.restore();

      await()
          .untilAsserted(
              () ->
                  assertThat(rows())
                      .filteredOn(row -> !"5".equals(row.get("resource_id")))
                      .extracting(
                          row -> row.get("resource_id"),
                          row -> row.get("account_id"),
                          row -> row.get("status"),
                          row -> row.get("signature"))
                      .containsExactlyInAnyOrder(
                          tuple("1", 2L, "pending", "verified"),
                          tuple("2", 1L, "pending", "verified"),
                          tuple("3", 2L, "pending", "verified"),
                          tuple("4", 3L, "pending", "verified"),
                          tuple("6", 4L, "pending", "verified")));
      await().untilAsserted(() -> assertThat(run(acuse).path("in_spool").asInt(-1)).isZero());
      assertThat(run(acuse).path("unaccounted").asInt(-1)).isZero();
    }
  }

  @Test
  void aNewAddressIsNo404WhileTheAccountsCannotBeRead() throws IOException {
    try (var acuse = start()) {
      assertThat(send(acuse, "/nueva", "1", "900", "new-secret")).startsWith("404");
      network.cut();
      accounts.application("new", "new-secret").account("nueva", "new", "900");
      await().until(() -> send(acuse, "/nueva", "2", "900", "new-secret").equals("200 spooled"));

      network.restore();

      await()
          .untilAsserted(
              () ->
                  assertThat(rows())
                      .extracting(row -> row.get("resource_id"), row -> row.get("account_id"))
                      .containsOnly(tuple("2", 4L)));
      await().untilAsserted(() -> assertThat(run(acuse).path("unaccounted").asInt(-1)).isZero());
    }
  }

  private static String send(
      RunningAcuse acuse, String path, String id, String user, String secret) {
    String requestId = UUID.randomUUID().toString();
    String ts = "1704908010";
    String manifest = "id:" + id + ";request-id:" + requestId + ";ts:" + ts + ";";
    String body =
        "{\"type\": \"payment\", \"data\": {\"id\": \"%s\"}, \"user_id\": %s}".formatted(id, user);
    HttpResponse<String> answer =
        acuse.exchange(
            HttpRequest.newBuilder(
                    acuse.url("/webhooks/mp" + path + "?data.id=" + id + "&type=payment"))
                .header("x-request-id", requestId)
                .header("x-signature", Signer.header(secret, ts, manifest))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    return answer.statusCode() + " " + RunningAcuse.json(answer).path("status").asText();
  }

  private List<Map<String, Object>> rows() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT resource_id, account_id, status, signature FROM webhook_events"
                            + " WHERE origin = 'webhook' ORDER BY id")
                    .mapToMap()
                    .list());
  }

  private static JsonNode run(RunningAcuse acuse) {
    return RunningAcuse.json(acuse.get("/api/ledger")).path("runs").path(0);
  }
}
