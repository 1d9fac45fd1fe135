package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers that monitoring reads move as the events do, on both engines. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class MetricsIT {
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private RunningAcuse acuse;

  MetricsIT(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @BeforeEach
  void start() {
    acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of(
                "mercadoPago.webhookSecrets",
                "next-secret," + sandbox.options().credentials().webhookSecret(),
                "intake.quarantinedPerSecond",
                "1",
                "dispatch.shutdownGracePeriod",
                "0s"));
  }

  @AfterEach
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void intakeIsCountedByWhatBecameOfIt() {
    Notification good = sandbox.notifications().simulated();
    acuse.send(good);
    acuse.send(good);
    acuse.send(sandbox.notifications().simulated().withHeader("x-signature", null));

    assertThat(value("acuse_intake_received_total")).isEqualTo(3);
    assertThat(value("acuse_intake_stored_total")).isEqualTo(1);
    assertThat(value("acuse_intake_duplicate_total")).isEqualTo(1);
    assertThat(value("acuse_intake_quarantined_total")).isEqualTo(1);
    assertThat(value("acuse_intake_refused_total{code=\"signature\"}")).isEqualTo(1);
    assertThat(value("acuse_intake_seconds_count")).isEqualTo(3);
    assertThat(value("acuse_intake_group_count")).isEqualTo(2);
    assertThat(json("counters", "acuse.intake.stored", "count")).isEqualTo(1);
    assertThat(value("acuse_mercadopago_signatures_total{verdict=\"valid\"}")).isEqualTo(2);
    assertThat(value("acuse_mercadopago_signatures_total{verdict=\"old-secret\"}")).isEqualTo(2);
    assertThat(value("acuse_mercadopago_signatures_total{verdict=\"missing\"}")).isEqualTo(1);
  }

  @Test
  void refusedAreKeptAtARateAndTheRestIsCounted() {
    Notification bad = sandbox.notifications().simulated().withHeader("x-signature", "ts=1,v1=2");

    await()
        .until(
            () -> {
              acuse.send(bad);
              return value("acuse_intake_not_kept_total") >= 1;
            });

    assertThat(value("acuse_intake_quarantined_total")).isGreaterThanOrEqualTo(1);
    assertThat(value("acuse_intake_quarantined_total") + value("acuse_intake_not_kept_total"))
        .isEqualTo(value("acuse_intake_received_total"))
        .isEqualTo(value("acuse_intake_refused_total{code=\"signature\"}"));
  }

  @Test
  void oddOnesAreTakenAndFlagged() {
    Notification good = sandbox.notifications().simulated();
    String body = new String(good.body(), StandardCharsets.UTF_8);
    acuse.send(good);
    acuse.send(good.withBody(body.replace("\"live_mode\":true", "\"live_mode\":false")));
    acuse.send(good.withQuery(good.query() + "&data.id=7"));

    assertThat(value("acuse_intake_refused_total{code=\"signature\"}")).isNaN();
    assertThat(value("acuse_mercadopago_flagged_total{flag=\"test_mode\"}")).isEqualTo(1);
    assertThat(value("acuse_mercadopago_flagged_total{flag=\"other_resource\"}")).isEqualTo(1);
    assertThat(value("acuse_mercadopago_flagged_total{flag=\"late\"}")).isZero();
  }

  @Test
  void attemptsAreCountedByTheirOutcome() {
    acuse.checkout("order-1", "contact1");
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
    sandbox.goHighLevel().faults().next(1, Fault.status(422));
    acuse.send(sandbox.notifications().paymentCreated(payment));
    acuse.send(sandbox.notifications().simulated());
    acuse.send(sandbox.notifications().paymentCreated("138499999999"));

    await().until(() -> value("acuse_attempts_total{outcome=\"ignored\"}") == 1);
    await().until(() -> value("acuse_attempts_total{outcome=\"failed\"}") >= 1);
    await().until(() -> value("acuse_attempts_total{outcome=\"retry\"}") == 3);
    await().until(() -> value("acuse_attempts_total{outcome=\"failed\"}") == 2);
    acuse.send(sandbox.notifications().paymentCreated(payment));
    await().until(() -> value("acuse_attempts_total{outcome=\"success\"}") >= 1);
    assertThat(value("acuse_attempts_seconds_count")).isGreaterThanOrEqualTo(6);
    assertThat(json("counters", "acuse.attempts.ignored", "count")).isEqualTo(1);
  }

  @Test
  void attemptThatHangsAtTheEndIsCounted() {
    acuse.checkout("order-1", "contact1");
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
    sandbox.goHighLevel().faults().latency(Duration.ofSeconds(9));
    acuse.send(sandbox.notifications().paymentCreated(payment));
    await().until(() -> sandbox.goHighLevel().tagCalls().size() == 1);

    acuse.stopDispatcher();

    assertThat(value("acuse_attempts_total{outcome=\"released\"}")).isGreaterThanOrEqualTo(1);
    // Or the end of this test would wait for the call that hangs.
    sandbox.goHighLevel().stopListening();
  }

  @Test
  void breakerPauseAndBacklogAreGauges() {
    crmThatIsOutOpensItsBreaker();
    assertThat(value("acuse_breaker_open{downstream=\"mercadopago\"}")).isZero();
    sandbox.mercadoPago().faults().always(Fault.status(401));
    acuse.send(sandbox.notifications().paymentCreated("138400000001"));

    await().until(() -> value("acuse_breaker_open{downstream=\"mercadopago\"}") == 1);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> value("acuse_backlog_waiting{downstream=\"mercadopago\"}") == 1);
    // While a probe is under way, the event is being processed.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> value("acuse_backlog{origin=\"other\",status=\"pending\"}") == 1);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(json("gauges", "acuse.backlog.pending.other", "value")).isEqualTo(1));

    call("POST", "/tasks/pause");
    await().atMost(Duration.ofSeconds(20)).until(() -> value("acuse_dispatch_paused") == 1);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> value("acuse_backlog_oldest_due_seconds") > 0);
  }

  private void crmThatIsOutOpensItsBreaker() {
    acuse.checkout("order-1", "contact1");
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
    assertThat(value("acuse_breaker_open{downstream=\"gohighlevel\"}")).isZero();
    sandbox.goHighLevel().faults().always(Fault.status(401));
    acuse.send(sandbox.notifications().paymentCreated(payment));

    await().until(() -> value("acuse_breaker_open{downstream=\"gohighlevel\"}") == 1);
    await().until(() -> value("acuse_attempts_total{outcome=\"outage\"}") >= 1);

    sandbox.goHighLevel().faults().none();
    await().until(() -> value("acuse_breaker_open{downstream=\"gohighlevel\"}") == 0);
    // The webhook's, and that of the tag.
    await().until(() -> value("acuse_attempts_total{outcome=\"success\"}") == 2);
  }

  @Test
  void rescueFromAProcessThatIsGoneIsCounted() {
    call("POST", "/tasks/pause");
    var store = new EventStore(database.jdbi(), Clock.systemUTC(), 4);
    store.append(Events.of("a", "123456"));
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids,
                      claim_nos)
                    SELECT -1, 'gone', received_at, received_at, ARRAY[id], ARRAY[claim_no + 1]
                    FROM webhook_events
                    """));

    await().until(() -> value("acuse_leases_rescued_total") == 1);
    call("POST", "/tasks/resume");
    await().until(() -> value("acuse_attempts_total{outcome=\"ignored\"}") == 1);
  }

  private double value(String metric) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(metric) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(call("GET", "/metrics/prometheus"));
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  private long json(String kind, String name, String field) {
    return RunningAcuse.json(call("GET", "/metrics")).path(kind).path(name).path(field).asLong();
  }

  private String call(String method, String path) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
    return acuse
        .exchange(
            HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build())
        .body();
  }
}
