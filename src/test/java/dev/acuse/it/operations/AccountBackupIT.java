package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.acuse.backup.DataFolder;
import dev.acuse.backup.Restore;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SandboxAccount;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup takes the key and the accounts with it: elsewhere they go on. */
class AccountBackupIT {
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final SandboxAccount b = SandboxAccount.of(sandbox, "b", 2_000);
  @TempDir private Path temp;

  @AfterEach
  void close() {
    sandbox.close();
  }

  private RunningAcuse start(TestDatabase database) {
    return RunningAcuse.start(
        database,
        sandbox,
        Map.of("mercadoPago.collectorId", String.valueOf(sandbox.mercadoPago().seller().userId())));
  }

  private static HttpResponse<String> backup(RunningAcuse acuse, Path file) {
    String name = URLEncoder.encode(file.toString(), StandardCharsets.UTF_8);
    return acuse.exchange(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + acuse.app().getAdminPort()
                        + "/tasks/backup?file="
                        + name))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  @Test
  void whatIsRestoredElsewhereVerifiesAndWorksOffTheAccountsWebhooks() throws Exception {
    Path file = temp.resolve("one.zip");
    String key;
    try (var database = TestDatabase.open(Engine.H2);
        var acuse = start(database)) {
      b.addApplication(acuse).add(acuse);
      key = Files.readString(database.folder().resolve("acuse.key"));
      await().until(() -> Files.exists(database.folder().resolve("acuse.settings.sealed")));
      assertThat(backup(acuse, file).statusCode()).isEqualTo(200);
    }
    Path other = temp.resolve("other");
    String url = "jdbc:h2:file:" + other.resolve("acuse") + ";MODE=PostgreSQL;WRITE_DELAY=0";
    new Restore(
            DataFolder.of(new H2Files(other.resolve("acuse")), other.resolve("spool")),
            new H2Access(url, "sa", "", Map.of()),
            Clock.systemUTC())
        .run(file, false);

    assertThat(other.resolve("acuse.key")).hasContent(key);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(other.resolve("acuse.key"))))
        .isEqualTo("rw-------");
    assertThat(other.resolve("acuse.settings.sealed")).exists();
    try (var database = TestDatabase.openH2In(other);
        var acuse = start(database)) {
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      await().until(() -> b.tagCalls().size() == 1);
      await()
          .untilAsserted(
              () ->
                  assertThat(rows(database))
                      .extracting(
                          row -> row.get("account_id"),
                          row -> row.get("signature"),
                          row -> row.get("status"))
                      .containsExactly(tuple(2L, "verified", "success")));
      assertThat(
              RunningAcuse.json(acuse.get("/api/accounts/b"))
                  .path("access_token")
                  .path("unreadable")
                  .asBoolean())
          .isFalse();
    }
  }

  private static List<Map<String, Object>> rows(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT account_id, signature, status FROM webhook_events"
                            + " WHERE origin = 'webhook'")
                    .mapToMap()
                    .list());
  }
}
