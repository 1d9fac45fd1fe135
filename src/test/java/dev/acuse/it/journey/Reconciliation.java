package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What MercadoPago never told is made up for; each engine has a class of its own. */
abstract class Reconciliation {
  private static final Map<String, String> BY_ITSELF = Map.of("reconciliation.every", "1s");

  /** MercadoPago's time: it begins a week ago. */
  private final ManualClock time =
      new ManualClock(InstantSource.system().instant().minus(Duration.ofDays(7)));

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(time));

  Reconciliation(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void twoThousandChangesOfWhichNobodyToldAreMadeUpForInOneCycle() {
    time.set(InstantSource.system().instant().minus(Duration.ofHours(2)));
    try (RunningAcuse acuse = start(Map.of("goHighLevel.requestsPer10Seconds", "99"))) {
      for (int i = 0; i < 2_000; i++) {
        // of each ten a contact is to be tagged: GoHighLevel takes but ten calls a second
        SandboxPayment pending = pay(i % 10 == 0 ? "c" + i : null, PaymentOutcome.PENDING);
        time.advance(Duration.ofHours(1).dividedBy(2_000));
        sandbox.mercadoPago().change(pending.id(), outcome(i));
      }

      JsonNode run = RunningAcuse.json(acuse.post("/api/reconciliation", ""));
      JsonNode done = awaitDone(acuse, run.path("id").asLong());

      assertThat(done.path("remote").asInt()).isEqualTo(2_000);
      assertThat(done.path("missing").asInt()).isEqualTo(2_000);
      assertThat(done.path("queued").asInt()).isEqualTo(2_000);
      await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> run(acuse, run.path("id").asLong()).path("healed").asInt() == 2_000);
      assertAsMercadoPagoHasIt();

      JsonNode next = RunningAcuse.json(acuse.post("/api/reconciliation", ""));
      JsonNode again = awaitDone(acuse, next.path("id").asLong());
      assertThat(again.path("remote").asInt()).isEqualTo(2_000);
      assertThat(again.path("known").asInt()).isEqualTo(2_000);
      assertThat(again.path("missing").asInt()).isZero();
      assertThat(again.path("stale").asInt()).isZero();
      assertThat(again.path("untagged").asInt()).isZero();
    }
  }

  @Test
  void sixDaysAwayAreMadeUpForAtTheStart() {
    time.set(InstantSource.system().instant().minus(Duration.ofDays(6).plusHours(1)));
    pay("before", PaymentOutcome.APPROVED);
    Map<String, String> settings =
        Map.of("reconciliation.every", "1s", "reconciliation.lookback", "10d");
    try (RunningAcuse acuse = start(settings)) {
      await().until(() -> isDone(acuse, 1));
      assertThat(acuse.items("/api/payments")).hasSize(1);
    }
    for (int i = 0; i < 60; i++) {
      SandboxPayment pending = pay("away" + i, PaymentOutcome.PENDING);
      time.advance(Duration.ofDays(6).dividedBy(60));
      sandbox.mercadoPago().change(pending.id(), PaymentOutcome.APPROVED);
    }

    try (RunningAcuse acuse = start(BY_ITSELF)) {
      await().until(() -> acuse.items("/api/payments?status=approved&limit=500").size() == 61);
      await().untilAsserted(() -> assertAsMercadoPagoHasIt());
      JsonNode first = acuse.items("/api/reconciliation?limit=500");
      JsonNode caughtUp = null;
      for (JsonNode run : first) {
        caughtUp = run.path("missing").asInt() > 0 && run.path("id").asLong() > 1 ? run : caughtUp;
      }
      assertThat(caughtUp).isNotNull();
      assertThat(caughtUp.path("cause").asText()).isEqualTo("schedule");
      assertThat(Instant.parse(caughtUp.path("from").asText()))
          .isBefore(InstantSource.system().instant().minus(Duration.ofDays(6)));
    }
  }

  @Test
  void webhookThatComesAfterReconciliationDoesNothingTwice() {
    time.set(InstantSource.system().instant().minus(Duration.ofMinutes(5)));
    try (RunningAcuse acuse = start(Map.of())) {
      SandboxPayment paid = pay("late", PaymentOutcome.APPROVED);
      JsonNode run = RunningAcuse.json(acuse.post("/api/reconciliation", ""));
      awaitDone(acuse, run.path("id").asLong());
      await().until(() -> sandbox.goHighLevel().tagsOf("late").contains("pago_confirmado"));

      acuse.send(sandbox.notifications().paymentCreated(String.valueOf(paid.id())));

      assertThat(run.path("account").asText()).isEqualTo("main");
      assertThat(acuse.items("/api/reconciliation?account=main")).isNotEmpty();
      assertThat(acuse.get("/api/reconciliation?account=none").statusCode()).isEqualTo(400);
      var refused = acuse.post("/api/reconciliation?account=none", "");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("'account'");
      await().until(() -> acuse.items("/api/webhook-events?status=success").size() == 2);
      assertThat(acuse.items("/api/webhook-events?origin=reconciliation")).hasSize(1);
      assertThat(sandbox.goHighLevel().tagCalls("late")).hasSize(1);
      assertThat(acuse.items("/api/payments")).hasSize(1);
    }
  }

  @Test
  void genuineWebhookThatFailedItsCheckIsMadeGoodByALookUp() {
    try (RunningAcuse acuse = start(Map.of("reconciliation.quarantineLookupsPerMinute", "6000"))) {
      String paid = String.valueOf(pay("unsigned", PaymentOutcome.APPROVED).id());

      assertThat(
              acuse
                  .send(
                      sandbox.notifications().paymentCreated(paid).withHeader("x-signature", null))
                  .status())
          .isEqualTo(401);

      await().until(() -> sandbox.goHighLevel().tagsOf("unsigned").contains("pago_confirmado"));
      JsonNode event = acuse.items("/api/webhook-events").get(0);
      assertThat(event.path("signature").asText()).isEqualTo("bad");
      assertThat(event.path("confirmed_at").asText()).endsWith("Z");
    }
  }

  @Test
  void windowIsAskedForByTaskAndApiAndRefusedWhereThereCanBeNothing() {
    time.set(InstantSource.system().instant().minus(Duration.ofMinutes(5)));
    try (RunningAcuse acuse = start(Map.of())) {
      pay("asked", PaymentOutcome.APPROVED);

      assertThat(task(acuse, "reconcile?dry-run=true").body())
          .contains("MercadoPago has 1, we had 0; 1 missing, 0 stale, 0 untagged", "dry run");
      assertThat(acuse.items("/api/webhook-events")).isEmpty();
      assertThat(task(acuse, "reconcile?from=2026-01-01T00:00:00Z").body())
          .contains("done", "1 events to heal them");
      await().until(() -> sandbox.goHighLevel().tagsOf("asked").contains("pago_confirmado"));

      Map<String, String> wrong = new LinkedHashMap<>();
      wrong.put("account=none", "account");
      wrong.put("from=9999-01-01T00:00:00Z", "future");
      wrong.put("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "after");
      wrong.put("from=2001-01-01T00:00:00Z", "364 days");
      wrong.put("from=yesterday", "RFC 3339");
      wrong.put("form=2026-11-02T00:00:00Z", "unknown parameter");
      wrong.forEach(
          (query, reason) -> {
            HttpResponse<String> byTask = task(acuse, "reconcile?" + query);
            assertThat(byTask.statusCode()).as(query).isEqualTo(400);
            assertThat(byTask.body()).containsIgnoringCase(reason);
            HttpResponse<String> byApi = acuse.post("/api/reconciliation?" + query, "");
            assertThat(byApi.statusCode()).as(query).isEqualTo(400);
            assertThat(byApi.body()).containsIgnoringCase(reason);
          });
      assertThat(acuse.items("/api/reconciliation")).hasSize(2);
      assertThat(acuse.get("/api/reconciliation/999").statusCode()).isEqualTo(404);
      HttpResponse<String> begun = acuse.post("/api/reconciliation?dry_run=true", "");
      assertThat(begun.statusCode()).isEqualTo(202);
      assertThat(begun.headers().firstValue("Location").orElseThrow())
          .matches("/api/reconciliation/\\d+");
    }
  }

  private RunningAcuse start(Map<String, String> settings) {
    return RunningAcuse.start(database, sandbox, settings);
  }

  private static PaymentOutcome outcome(int number) {
    return number % 3 == 1 ? PaymentOutcome.REJECTED : PaymentOutcome.APPROVED;
  }

  /** A payment whose contact its own metadata names, and of which nobody is told. */
  private SandboxPayment pay(@Nullable String contact, PaymentOutcome outcome) {
    if (contact != null) {
      sandbox.goHighLevel().addContact(contact, null);
    }
    var terms =
        new SandboxPayment.Terms(
            BigDecimal.TEN,
            "ARS",
            null,
            null,
            sandbox.options().credentials().collectorId(),
            contact == null ? Map.of() : Map.of("contact_id", contact));
    return sandbox.mercadoPago().payDirectly(terms, outcome).payment();
  }

  /** By our rows and the sandbox's, without any code of the service. */
  private void assertAsMercadoPagoHasIt() {
    Jdbi jdbi = database.jdbi();
    Map<String, String> ours = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("SELECT mp_payment_id, status FROM payments")
                .map((row, context) -> ours.put(row.getString(1), row.getString(2)))
                .list());
    Map<String, String> theirs = new LinkedHashMap<>();
    for (SandboxPayment payment : sandbox.mercadoPago().payments()) {
      theirs.put(String.valueOf(payment.id()), payment.status());
      Object contact = payment.terms().metadata().get("contact_id");
      if (contact != null) {
        assertThat(sandbox.goHighLevel().tagsOf(String.valueOf(contact)))
            .as("%s of %s", contact, payment.status())
            .isEqualTo(
                payment.status().equals("approved") ? List.of("pago_confirmado") : List.of());
      }
    }
    assertThat(ours).isEqualTo(theirs);
  }

  private static JsonNode awaitDone(RunningAcuse acuse, long id) {
    await().atMost(Duration.ofMinutes(5)).until(() -> isDone(acuse, id));
    return run(acuse, id);
  }

  private static boolean isDone(RunningAcuse acuse, long id) {
    return run(acuse, id).path("status").asText().equals("done");
  }

  private static JsonNode run(RunningAcuse acuse, long id) {
    return RunningAcuse.json(acuse.get("/api/reconciliation/" + id));
  }

  private static HttpResponse<String> task(RunningAcuse acuse, String nameAndQuery) {
    URI uri =
        URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/tasks/" + nameAndQuery);
    return acuse.exchange(
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build());
  }
}
