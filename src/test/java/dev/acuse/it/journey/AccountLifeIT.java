package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SandboxAccount;
import dev.acuse.support.SeededAccounts;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an account's webhooks while it is made, changed, paused and disconnected. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class AccountLifeIT {
  private static final String NEW_TOKEN = "APP_USR-792000-445566-b77889900-2000";

  private static final String EFFECTS =
      "webhook_events WHERE origin = 'effect' AND account_id = 2 AND status = 'pending' ";

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase database;
  private final SandboxAccount b = SandboxAccount.of(sandbox, "b", 2_000);

  AccountLifeIT(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private RunningAcuse start(Map<String, String> more) {
    String main = String.valueOf(sandbox.mercadoPago().seller().userId());
    Map<String, String> settings = new HashMap<>(new SeededAccounts(database, main).settings());
    settings.putAll(more);
    return RunningAcuse.start(database, sandbox, settings);
  }

  /** No probe comes to help: what waits drains because the token is there. */
  @Test
  void aRevokedTokenIsReplacedAndWhatWaitsDrainsByItself() {
    try (var acuse = start(Map.of("dispatch.probeEvery", "10m"))) {
      b.addApplication(acuse).add(acuse);
      String old = b.seller().token();
      b.seller().revoke(old);
      List<String> payments = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        payments.add(b.pay());
      }
      for (String payment : payments) {
        assertThat(b.send(acuse, payment)).isEqualTo("200 stored");
      }
      await().until(() -> acuse.items("/api/webhook-events?status=pending").size() == 5);
      await().until(() -> sandbox.mercadoPago().requestCount(old, "/") > 0);
      await()
          .until(
              () ->
                  database.count("webhook_events WHERE outage_since IS NOT NULL AND lane = 'mp:2'")
                      > 0);
      assertMainIsServed(acuse);

      b.seller().token(NEW_TOKEN);
      assertThat(b.change(acuse, "{\"access_token\": \"%s\"}".formatted(NEW_TOKEN)).statusCode())
          .isEqualTo(200);
      long calls = sandbox.mercadoPago().requestCount(old, "/");

      await().until(() -> stored().stream().allMatch(row -> row.get("status").equals("success")));
      assertThat(database.count("payments WHERE account_id = 2 AND status = 'approved'"))
          .isEqualTo(5);
      await().until(() -> b.tagCalls().size() == 1);
      assertThat(sandbox.mercadoPago().requestCount(old, "/")).isEqualTo(calls);
    }
  }

  @Test
  void whatIsOfAnUnknownSellerIsKeptToldOfAndReleasedWhenTheAccountIsMade() {
    try (var acuse = start(Map.of())) {
      b.addApplication(acuse);
      String payment = b.pay();
      assertThat(b.sendTo(acuse, "/webhooks/mp", payment)).isEqualTo("200 stored");
      assertThat(stored())
          .extracting(row -> row.get("account_id"), row -> row.get("status"))
          .containsExactly(tuple(0L, "quarantined"));
      assertThat(acuse.get("/console/health").body())
          .contains("1 genuine webhook is of a seller that no account has");
      assertMainIsServed(acuse);
      assertThat(sandbox.mercadoPago().requestCount("/v1/payments/" + payment)).isZero();

      b.add(acuse);

      await().until(() -> b.tagCalls().size() == 1);
      await()
          .untilAsserted(
              () ->
                  assertThat(stored())
                      .extracting(row -> row.get("account_id"), row -> row.get("status"))
                      .containsOnly(tuple(2L, "success")));
      assertThat(acuse.get("/console/health").body()).doesNotContain("that no account has");
      assertThat(RunningAcuse.json(acuse.get("/api/ledger")).path("unaccounted").asInt()).isZero();
    }
  }

  @Test
  void aDisconnectedAccountsAddressAnswersAndItsTokensAreUsedNoMore() {
    try (var acuse = start(Map.of())) {
      b.addApplication(acuse).add(acuse);
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      await().until(() -> b.tagCalls().size() == 1);
      await().until(() -> acuse.items("/api/webhook-events?status=pending").isEmpty());
      assertThat(
              acuse
                  .exchange(HttpRequest.newBuilder(acuse.url("/api/accounts/b")).DELETE().build())
                  .statusCode())
          .isEqualTo(200);
      long asked = b.seller().requestCount("/");
      long called = b.location().requestCount("/");

      assertThat(acuse.get("/webhooks/mp/b").statusCode()).isEqualTo(200);
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      assertThat(b.sendTo(acuse, "/webhooks/mp", b.pay())).isEqualTo("200 stored");
      sandbox.mercadoPago().application("792000").secret("forged");
      assertThat(b.send(acuse, b.pay())).startsWith("401");
      assertMainIsServed(acuse);

      await()
          .untilAsserted(
              () ->
                  assertThat(stored())
                      .extracting(row -> row.get("account_id"), row -> row.get("status"))
                      .containsExactlyInAnyOrder(
                          tuple(2L, "success"),
                          tuple(0L, "quarantined"),
                          tuple(0L, "quarantined"),
                          tuple(2L, "quarantined")));
      assertThat(database.count("webhook_events WHERE seller_id = '2000' AND account_id = 0"))
          .isEqualTo(2);
      assertThat(b.seller().requestCount("/")).isEqualTo(asked);
      assertThat(b.location().requestCount("/")).isEqualTo(called);
    }
  }

  @Test
  void theSellerOfADisconnectedAccountMayBeAnothersWhichGetsWhatHasWaited() {
    try (var acuse = start(Map.of())) {
      b.addApplication(acuse).add(acuse);
      assertThat(
              acuse
                  .exchange(HttpRequest.newBuilder(acuse.url("/api/accounts/b")).DELETE().build())
                  .statusCode())
          .isEqualTo(200);
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");

      HttpResponse<String> again =
          acuse.post(
              "/api/accounts",
              "{\"name\": \"b-again\", \"application\": \"b\", \"access_token\": \"%s\"}"
                  .formatted(b.seller().token()));
      assertThat(again.statusCode()).as(again.body()).isEqualTo(201);

      await()
          .untilAsserted(
              () ->
                  assertThat(stored())
                      .extracting(row -> row.get("account_id"), row -> row.get("status"))
                      .containsExactly(tuple(3L, "success")));
      assertThat(b.send(acuse, b.pay())).as("at the old address").isEqualTo("200 stored");
      await()
          .until(
              () -> database.count("payments WHERE account_id = 3 AND status = 'approved'") == 2);
      assertThat(database.count("payments WHERE account_id = 2")).isZero();
    }
  }

  @Test
  void aPausedAccountsWebhooksAreStoredAndWorkedOffWhenItGoesOn() {
    try (var acuse = start(Map.of())) {
      b.addApplication(acuse).add(acuse);
      assertThat(b.change(acuse, "{\"state\": \"paused\"}").statusCode()).isEqualTo(200);

      for (int i = 0; i < 3; i++) {
        assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      }
      assertMainIsServed(acuse);
      assertThat(stored())
          .extracting(row -> row.get("account_id"), row -> row.get("status"))
          .containsOnly(tuple(2L, "pending"));
      assertThat(b.seller().requestCount("/")).isZero();

      assertThat(b.change(acuse, "{\"state\": \"active\"}").statusCode()).isEqualTo(200);

      await().until(() -> b.tagCalls().size() == 1);
      await().until(() -> stored().stream().allMatch(row -> row.get("status").equals("success")));
    }
  }

  /** Also where it is another process that goes on, and the location is another by then. */
  @Test
  void whatAPausedAccountStillHasToDoIsDoneByWhatItIsWhenItGoesOn() {
    String newToken = "pit-00000000-0000-4000-8000-new";
    sandbox.goHighLevel().location("loc-new", newToken);
    sandbox.goHighLevel().location("loc-new").addContact(SandboxAccount.CONTACT, null);
    try (var acuse = start(Map.of())) {
      b.addApplication(acuse).add(acuse);
      b.location().faults().always(503);
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      await().until(() -> database.count(EFFECTS + "AND lane = 'crm:loc-b'") == 1);
      await().until(() -> b.location().requestCount("/") > 0);
      assertThat(b.change(acuse, "{\"state\": \"paused\"}").statusCode()).isEqualTo(200);
      assertThat(database.count(EFFECTS + "AND lane = 'crm:account:2'")).isEqualTo(1);
      assertThat(
              b.change(
                      acuse,
                      "{\"location_id\": \"loc-new\", \"crm_token\": \"%s\"}".formatted(newToken))
                  .statusCode())
          .isEqualTo(200);
      assertThat(database.count(EFFECTS + "AND lane = 'crm:account:2'")).isEqualTo(1);
    }
    b.location().faults().none();
    long called = b.location().requestCount("/");
    try (var acuse = start(Map.of())) {
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      assertMainIsServed(acuse);
      assertThat(sandbox.goHighLevel().location("loc-new").requestCount("/")).isZero();
      assertThat(b.location().requestCount("/")).isEqualTo(called);

      assertThat(b.change(acuse, "{\"state\": \"active\"}").statusCode()).isEqualTo(200);

      await().until(() -> stored().stream().allMatch(row -> row.get("status").equals("success")));
      await().until(() -> database.count(EFFECTS) == 0);
      assertThat(sandbox.goHighLevel().location("loc-new").tagsOf(SandboxAccount.CONTACT))
          .hasSize(1);
      assertThat(b.location().requestCount("/")).isEqualTo(called);
    }
  }

  @Test
  void aTokenOfTheCrmIsReplacedAndTheEffectsDrainByThemselves() {
    String newToken = "pit-00000000-0000-4000-8000-new";
    try (var acuse = start(Map.of("dispatch.probeEvery", "10m"))) {
      b.addApplication(acuse).add(acuse);
      String old = b.location().token();
      b.location().revoke(old);
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      await().until(() -> database.count(EFFECTS + "AND outage_since IS NOT NULL") == 1);
      b.location().token(newToken);

      assertThat(b.change(acuse, "{\"crm_token\": \"%s\"}".formatted(newToken)).statusCode())
          .isEqualTo(200);
      long calls = sandbox.goHighLevel().requestCount(old, "/");

      await().until(() -> b.tagCalls().size() == 1);
      await().until(() -> database.count(EFFECTS) == 0);
      assertThat(sandbox.goHighLevel().requestCount(old, "/")).isEqualTo(calls);
    }
  }

  /** Both are good while both are there. */
  @Test
  void theWebhookSecretOfAnApplicationIsReplacedWithoutAGap() {
    try (var acuse = start(Map.of())) {
      b.addApplication(acuse).add(acuse);
      String old = sandbox.mercadoPago().application("792000").secret();
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      secrets(acuse, "\"b-new-webhook-secret-0123456789\", \"" + old + "\"");
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      sandbox.mercadoPago().application("792000").secret("b-new-webhook-secret-0123456789");
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      secrets(acuse, "\"b-new-webhook-secret-0123456789\"");
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      sandbox.mercadoPago().application("792000").secret(old);
      assertThat(b.send(acuse, b.pay())).startsWith("401");

      await()
          .untilAsserted(
              () ->
                  assertThat(stored())
                      .extracting(row -> row.get("status"))
                      .containsExactlyInAnyOrder(
                          "success", "success", "success", "success", "quarantined"));
    }
  }

  private static void secrets(RunningAcuse acuse, String list) {
    HttpResponse<String> changed =
        acuse.exchange(
            HttpRequest.newBuilder(acuse.url("/api/applications/b"))
                .header("Content-Type", "application/json")
                .method(
                    "PATCH",
                    HttpRequest.BodyPublishers.ofString("{\"webhook_secrets\": [" + list + "]}"))
                .build());
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
  }

  @Test
  void whatWaitsForALocationMovesWithItsAccountToTheNew() {
    try (var acuse = start(Map.of("dispatch.probeEvery", "10m"))) {
      b.addApplication(acuse).add(acuse);
      sandbox.goHighLevel().location("loc-new", "pit-00000000-0000-4000-8000-new");
      sandbox.goHighLevel().location("loc-new").addContact(SandboxAccount.CONTACT, null);
      b.location().revokeAll();
      assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
      await()
          .until(
              () ->
                  database.count(
                          "webhook_events WHERE origin = 'effect' AND lane = 'crm:loc-b'"
                              + " AND status = 'pending' AND outage_since IS NOT NULL")
                      == 1);

      assertThat(
              b.change(
                      acuse,
                      "{\"location_id\": \"loc-new\","
                          + " \"crm_token\": \"pit-00000000-0000-4000-8000-new\"}")
                  .statusCode())
          .isEqualTo(200);

      assertThat(database.count("webhook_events WHERE lane = 'crm:loc-b'")).isZero();
      await()
          .until(
              () ->
                  sandbox.goHighLevel().location("loc-new").tagsOf(SandboxAccount.CONTACT).size()
                      == 1);
      await()
          .until(
              () ->
                  database.count(
                          "webhook_events WHERE origin = 'effect' AND lane = 'crm:loc-new'"
                              + " AND status = 'success'")
                      == 1);
      assertThat(b.tagCalls()).isEmpty();
    }
  }

  /** The account {@code main} goes on; what was stored before had its time as well. */
  private void assertMainIsServed(RunningAcuse acuse) {
    long before = sandbox.goHighLevel().tagCalls().size();
    String reference = "order-" + before;
    acuse.checkout(reference, "main-contact-" + before);
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay(reference, PaymentOutcome.APPROVED).payment().id());
    assertThat(acuse.send(sandbox.notifications().paymentCreated(payment)).status()).isEqualTo(200);
    await().until(() -> sandbox.goHighLevel().tagCalls("main-contact-" + before).size() == 1);
  }

  private List<Map<String, Object>> stored() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT account_id, status FROM webhook_events"
                            + " WHERE origin = 'webhook' AND account_id <> 1 ORDER BY id")
                    .mapToMap()
                    .list());
  }
}
