package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountFollower;
import dev.acuse.account.AccountProblem;
import dev.acuse.account.AccountStore;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.seal.Keys;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.inbox.Ledger;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SandboxAccount;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Accounts of a service that runs: its keys, its file, its row among the instances. */
class AccountKeysIT {
  private static final Secret TOKEN = Secret.of("a-token-that-is-long-enough");
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String OTHER = "HxwdGhsYGRYXFBUSExAREA8ODQwLCgkIBwYFBAMCAQA=";

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  @TempDir private Path folder;

  @AfterEach
  void close() {
    sandbox.close();
  }

  private static AccountStore store(TestDatabase database, Keys keys) {
    var environment = new EnvironmentAccount(Secret.NONE, List.of(), "1000", Secret.NONE, null);
    Instant now = Instant.now();
    return new AccountStore(database.jdbi(), () -> now, keys, environment, () -> false);
  }

  private static JsonNode keysOf(RunningAcuse acuse) {
    HttpResponse<String> answer =
        acuse.exchange(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + acuse.app().getAdminPort() + "/healthcheck"))
                .build());
    return RunningAcuse.json(answer).path("keys");
  }

  @ParameterizedTest
  @EnumSource
  void anInstanceSaysWhichAccountsItKnowsAndKeepsThem(Engine engine) throws Exception {
    Path spool = folder.resolve("spool");
    try (var database = TestDatabase.open(engine)) {
      store(database, new Keys(Secret.of(KEY), null))
          .add("b", AccountChange.NONE.withSellerId("2000").withAccessToken(TOKEN));
      try (var acuse =
          RunningAcuse.start(
              database,
              sandbox,
              Map.of("accounts.key", KEY, "intake.spool.folder", spool.toString()))) {
        await()
            .until(
                () ->
                    database.count("intake_runs WHERE accounts_version = 1 AND closed_at IS NULL")
                        == 1);
        assertThat(keysOf(acuse).path("healthy").asBoolean()).isTrue();
        Path file =
            engine == Engine.H2
                ? database.folder().resolve("acuse.settings.sealed")
                : spool.resolve("settings.sealed");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain(TOKEN.reveal());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void withAnotherKeyItStoresWebhooksAndSaysWhatIsWrong(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      store(database, new Keys(Secret.of(KEY), null))
          .add("b", AccountChange.NONE.withSellerId("2000").withAccessToken(TOKEN));

      try (var acuse = RunningAcuse.start(database, sandbox, Map.of("accounts.key", OTHER))) {
        assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(200);
        assertThat(keysOf(acuse).path("healthy").asBoolean()).isFalse();
        assertThat(keysOf(acuse).path("message").asText()).contains("no key of ACUSE_KEY");
        assertThat(acuse.get("/console/health").body()).contains("no key of ACUSE_KEY");
      }
    }
  }

  /** Without ACUSE_KEY: one command does all of it. */
  @Test
  void onH2TheKeyOfTheFileIsRotatedAndWebhooksAreVerifiedBeforeAndAfter() throws Exception {
    SandboxAccount b = SandboxAccount.of(sandbox, "b", 2_000);
    Map<String, String> settings =
        Map.of("mercadoPago.collectorId", String.valueOf(sandbox.mercadoPago().seller().userId()));
    try (var database = TestDatabase.open(Engine.H2)) {
      Path file = database.folder().resolve("acuse.key");
      try (var acuse = RunningAcuse.start(database, sandbox, settings)) {
        b.addApplication(acuse).add(acuse);
        String before = Files.readString(file);
        assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");

        HttpResponse<String> rotated =
            acuse.exchange(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://localhost:"
                                + acuse.app().getAdminPort()
                                + "/tasks/key?do=rotate"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build());

        assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
        assertThat(rotated.body()).contains("3 secrets are sealed anew");
        assertThat(Files.readString(file)).isNotEqualTo(before).doesNotContain(",");
        assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      }
      try (var acuse = RunningAcuse.start(database, sandbox, settings)) {
        assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
        await()
            .until(
                () ->
                    database.count(
                            "webhook_events WHERE account_id = 2 AND signature = 'verified'"
                                + " AND status = 'success' AND origin = 'webhook'")
                        == 3);
        assertThat(keysOf(acuse).path("healthy").asBoolean()).isTrue();
      }
    }
  }

  @Test
  void aKeyFileThatIsTornHoldsUpNoWebhook() throws Exception {
    try (var database = TestDatabase.open(Engine.H2)) {
      Path file = database.folder().resolve("acuse.key");
      Files.writeString(file, "torn");

      try (var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
        assertThat(acuse.send(sandbox.notifications().simulated()).status()).isEqualTo(200);
        assertThat(keysOf(acuse).path("message").asText()).contains("acuse.key holds no keys");
        assertThat(file).hasContent("torn");
      }
    }
  }

  @Test
  void beforeASecondAccountInstancesOfTheVersionBeforeAreWaitedFor() {
    try (var database = TestDatabase.open(Engine.POSTGRESQL)) {
      Instant now = Instant.now();
      var ledger = new Ledger(database.jdbi(), () -> now);
      ledger.write("old", "old", now, new IntakeTally(0, 0, 0, 0, 0, 0, Map.of()));
      var environment = new EnvironmentAccount(Secret.NONE, List.of(), "1000", Secret.NONE, null);
      var store =
          new AccountStore(
              database.jdbi(),
              () -> now,
              new Keys(Secret.NONE, null),
              environment,
              () -> ledger.live().stream().anyMatch(one -> one.accountsVersion() == null));
      AccountChange values = AccountChange.NONE.withSellerId("2000");

      AccountProblem refused =
          catchThrowableOfType(AccountProblem.class, () -> store.add("b", values));
      assertThat(refused.code()).isEqualTo("older_instance");
      ledger.close("old");

      assertThat(store.add("b", values, AccountFollower.NONE).id()).isEqualTo(2);
    }
  }
}
