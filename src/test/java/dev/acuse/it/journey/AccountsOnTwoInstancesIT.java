package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SandboxAccount;
import dev.acuse.support.SeededAccounts;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts of two instances on one PostgreSQL, and the keys by which each reads them. */
@Tag("slow")
class AccountsOnTwoInstancesIT {
  private static final String OLD = SeededAccounts.KEY;
  private static final String NEW = "HxwdGhsYGRYXFBUSExAREA8ODQwLCgkIBwYFBAMCAQA=";

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database = TestDatabase.open(Engine.POSTGRESQL);
  private final SandboxAccount b = SandboxAccount.of(sandbox, "b", 2_000);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private RunningAcuse start(String keys) {
    return start(keys, "main");
  }

  private RunningAcuse start(String keys, String log) {
    return start(keys, log, Map.of());
  }

  private RunningAcuse start(String keys, String log, Map<String, String> more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "accounts.key",
                keys,
                "mercadoPago.collectorId",
                String.valueOf(sandbox.mercadoPago().seller().userId()),
                "intake.hintsPerSecond",
                "8",
                "logging.appenders[1].currentLogFilename",
                folder.resolve(log + ".log").toString(),
                "logging.appenders[1].archivedLogFilenamePattern",
                folder.resolve(log + "-%d-%i.log.gz").toString()));
    settings.putAll(more);
    return RunningAcuse.start(database, sandbox, settings);
  }

  private static JsonNode keysOf(RunningAcuse acuse) {
    return RunningAcuse.json(
            acuse.exchange(HttpRequest.newBuilder(admin(acuse, "/healthcheck")).build()))
        .path("keys");
  }

  private static URI admin(RunningAcuse acuse, String path) {
    return URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
  }

  @Test
  void anAccountMadeOnOneIsKnownToTheOtherBeforeItSays404() {
    try (var one = start(OLD);
        var other = start(OLD)) {
      for (int i = 0; i < 5; i++) {
        SandboxAccount made = SandboxAccount.of(sandbox, "new-" + i, 3_000 + i);
        made.addApplication(one);
        assertThat(made.send(other, made.pay())).as("not yet").startsWith("404");

        made.add(one);

        assertThat(made.send(other, made.pay())).as("at once").isEqualTo("200 stored");
        assertThat(made.sendTo(other, "/webhooks/mp", made.pay())).isEqualTo("200 stored");
        assertThat(database.count("webhook_events WHERE account_id = " + (i + 2)))
            .isGreaterThanOrEqualTo(2);
      }
      assertThat(database.count("webhook_events WHERE account_id = 0")).isZero();
    }
  }

  /** The one that has what waits learns of the token from the database. */
  @Test
  void aTokenReplacedOnOneIsTheOthersWithinSeconds() {
    try (var one = start(OLD);
        var other = start(OLD)) {
      b.addApplication(one).add(one);
      one.stopDispatcher();
      b.seller().revokeAll();
      for (int i = 0; i < 3; i++) {
        assertThat(b.send(other, b.pay())).isEqualTo("200 stored");
      }
      await().until(() -> database.count("webhook_events WHERE outage_since IS NOT NULL") > 0);
      String token = "APP_USR-792000-445566-b77889900-2000";
      b.seller().token(token);

      assertThat(b.change(one, "{\"access_token\": \"%s\"}".formatted(token)).statusCode())
          .isEqualTo(200);

      await()
          .until(
              () ->
                  database.count("webhook_events WHERE status = 'success' AND origin = 'webhook'")
                      == 3);
      await().until(() -> b.tagCalls().size() == 1);
    }
  }

  @Test
  void whatWaitsForAnAccountIsReleasedOnceWhicheverInstanceIsFaster() {
    try (var one = start(OLD);
        var other = start(OLD)) {
      b.addApplication(one);
      assertThat(other.get("/api/applications/b").statusCode()).as("read anew").isEqualTo(200);
      for (int i = 0; i < 20; i++) {
        assertThat(b.sendTo(i % 2 == 0 ? one : other, "/webhooks/mp", b.pay()))
            .isEqualTo("200 stored");
      }
      assertThat(database.count("webhook_events WHERE account_id = 0")).isEqualTo(20);

      b.add(other);

      await()
          .untilAsserted(
              () ->
                  assertThat(events())
                      .hasSize(20)
                      .extracting(row -> row.get("account_id"), row -> row.get("status"))
                      .containsOnly(tuple(2L, "success")));
      assertThat(database.count("payments WHERE account_id = 2")).isEqualTo(20);
      await()
          .until(
              () -> RunningAcuse.json(one.get("/api/ledger")).path("unaccounted").asInt(-1) == 0);
    }
  }

  @Test
  void aPauseOnOneIsAPauseOnTheOtherWithinSeconds() {
    try (var one = start(OLD);
        var other = start(OLD)) {
      b.addApplication(one).add(one);
      one.stopDispatcher();
      assertThat(b.send(other, b.pay())).isEqualTo("200 stored");
      await().until(() -> b.tagCalls().size() == 1);
      assertThat(b.change(one, "{\"state\": \"paused\"}").statusCode()).isEqualTo(200);
      await()
          .until(
              () ->
                  RunningAcuse.json(other.get("/api/accounts/b"))
                      .path("state")
                      .asText()
                      .equals("paused"));
      long asked = b.seller().requestCount("/");
      assertThat(b.send(other, b.pay())).isEqualTo("200 stored");
      other.checkout("order-1", "contact-of-main");
      String ofMain =
          String.valueOf(
              sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
      assertThat(other.send(sandbox.notifications().paymentCreated(ofMain)).status())
          .isEqualTo(200);
      await().until(() -> sandbox.goHighLevel().tagCalls("contact-of-main").size() == 1);
      assertThat(b.seller().requestCount("/")).isEqualTo(asked);

      assertThat(b.change(one, "{\"state\": \"active\"}").statusCode()).isEqualTo(200);

      await()
          .until(
              () -> database.count("payments WHERE account_id = 2 AND status = 'approved'") == 2);
    }
  }

  /** It does so before it has looked at the accounts again. */
  @Test
  void whatIsMovedToANewLocationOnOneIsDoneThereByTheOther() {
    String newToken = "pit-00000000-0000-4000-8000-new";
    sandbox.goHighLevel().location("loc-new", newToken);
    sandbox.goHighLevel().location("loc-new").addContact(SandboxAccount.CONTACT, null);
    try (var one = start(OLD);
        var other = start(OLD)) {
      b.addApplication(one).add(one);
      one.stopDispatcher();
      b.location().faults().fail(1, 400);
      assertThat(b.send(other, b.pay())).isEqualTo("200 stored");
      String effect = "webhook_events WHERE origin = 'effect' AND ";
      await().until(() -> database.count(effect + "status = 'failed'") == 1);
      effects(
          "status = 'pending', attempts = 0, finished_at = NULL, next_retry_at = CURRENT_TIMESTAMP + INTERVAL '1' HOUR");

      assertThat(
              b.change(
                      one,
                      "{\"location_id\": \"loc-new\", \"crm_token\": \"%s\"}".formatted(newToken))
                  .statusCode())
          .isEqualTo(200);
      assertThat(database.count(effect + "lane = 'crm:loc-new'")).isEqualTo(1);
      effects("next_retry_at = CURRENT_TIMESTAMP");

      await().until(() -> database.count(effect + "status = 'success'") == 1);
      assertThat(sandbox.goHighLevel().location("loc-new").tagsOf(SandboxAccount.CONTACT))
          .hasSize(1);
      assertThat(b.tagCalls()).isEmpty();
    }
  }

  private void effects(String set) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("UPDATE webhook_events SET " + set + " WHERE origin = 'effect'"));
  }

  @Test
  void keysAreRotatedAndNothingIsMissedMeanwhile() {
    String both = NEW + "," + OLD;
    try (var one = start(OLD);
        var other = start(OLD)) {
      b.addApplication(one).add(one);
      served(one, other, 2);
    }
    try (var one = start(both);
        var other = start(OLD)) {
      served(one, other, 4);
    }
    try (var one = start(both);
        var other = start(both)) {
      HttpResponse<String> rotated =
          one.exchange(
              HttpRequest.newBuilder(admin(one, "/tasks/key?do=rotate"))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build());
      assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
      assertThat(rotated.body()).contains("secrets are sealed anew", "No other key is in use");
      served(one, other, 6);
    }
    try (var one = start(NEW);
        var other = start(NEW)) {
      served(one, other, 8);
      assertThat(keysOf(one).path("healthy").asBoolean()).isTrue();
      assertThat(keysOf(other).path("healthy").asBoolean()).isTrue();
      await().until(() -> b.location().tagsOf(SandboxAccount.CONTACT).size() == 1);
    }
  }

  /** Each stores a webhook of the account, which is verified and worked off. */
  private void served(RunningAcuse one, RunningAcuse other, int total) {
    assertThat(b.send(one, b.pay())).isEqualTo("200 stored");
    assertThat(b.send(other, b.pay())).isEqualTo("200 stored");
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .extracting(row -> row.get("signature"), row -> row.get("status"))
                    .hasSize(total)
                    .containsOnly(tuple("verified", "success")));
  }

  @ParameterizedTest
  @CsvSource({
    OLD + ",no key of ACUSE_KEY is one of this database's",
    "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,no key of ACUSE_KEY is one of this database's",
    "'',ACUSE_KEY is not set"
  })
  void anInstanceWithoutTheKeyStoresAllAndTheOtherWorksItOff(String key, String said)
      throws Exception {
    try (var one = start(NEW)) {
      b.addApplication(one).add(one);
      try (var odd = start(key, "odd")) {
        Path log = folder.resolve("odd.log");
        await()
            .untilAsserted(
                () ->
                    assertThat(Files.readAllLines(log))
                        .filteredOn(line -> line.contains("webhooks are stored all the same"))
                        .singleElement()
                        .asString()
                        .contains(said));
        assertThat(keysOf(odd).path("healthy").asBoolean()).isFalse();
        assertThat(keysOf(odd).path("message").asText()).contains(said);
        assertThat(keysOf(one).path("healthy").asBoolean()).isTrue();

        odd.checkout("order-1", "contact-of-main");
        String ofMain =
            String.valueOf(
                sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
        assertThat(odd.send(sandbox.notifications().paymentCreated(ofMain)).status())
            .isEqualTo(200);
        String payment = b.pay();
        assertThat(b.send(odd, payment)).isEqualTo("200 stored");
        String shared = b.pay();
        assertThat(b.sendTo(odd, "/webhooks/mp", shared)).isEqualTo("200 stored");
        assertThat(b.send(one, b.pay())).isEqualTo("200 stored");
        await().until(() -> sandbox.goHighLevel().tagCalls("contact-of-main").size() == 1);
        await()
            .untilAsserted(
                () ->
                    assertThat(events())
                        .extracting(
                            row -> row.get("account_id"),
                            row -> row.get("signature"),
                            row -> row.get("status"))
                        .containsExactlyInAnyOrder(
                            tuple(1L, "verified", "success"),
                            tuple(2L, "unverifiable", "success"),
                            tuple(2L, "unverifiable", "success"),
                            tuple(2L, "verified", "success")));
        assertThat(database.count("payments WHERE account_id = 2 AND status = 'approved'"))
            .isEqualTo(3);
        await().until(() -> b.location().tagsOf(SandboxAccount.CONTACT).size() == 1);
        assertRefusesToSeal(odd);
        assertHasTheRateOfHints(odd);
      }
    }
  }

  private void assertRefusesToSeal(RunningAcuse odd) {
    JsonNode before = RunningAcuse.json(odd.get("/api/accounts/b"));
    assertThat(
            ProblemAnswer.of(
                    b.change(odd, "{\"crm_token\": \"pit-another-token-of-b\"}"), 409, "wrong_key")
                .path("detail")
                .asText())
        .contains("'crm_token'");
    assertThat(RunningAcuse.json(odd.get("/api/accounts/b"))).isEqualTo(before);
  }

  /** Of what it cannot verify it takes no more than of IPN. */
  private void assertHasTheRateOfHints(RunningAcuse odd) {
    int refused = 0;
    for (int i = 0; i < 800 && refused == 0; i++) {
      refused += b.send(odd, "77" + i).startsWith("503") ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }

  private List<Map<String, Object>> events() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT account_id, signature, status FROM webhook_events"
                            + " WHERE origin = 'webhook' ORDER BY id")
                    .mapToMap()
                    .list());
  }
}
