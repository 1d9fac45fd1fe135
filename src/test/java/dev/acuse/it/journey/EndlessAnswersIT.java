package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.Engine;
import dev.acuse.support.RawServer;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** MercadoPago and the alerts' address answer without end, both at once. */
@Tag("slow")
class EndlessAnswersIT {
  private static final int EVENTS = 40;

  /** The service itself takes some fifty of it. */
  private static final int HEAP_MIB = 80;

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void fillNoHeapAndAreTriedAgainWhileWebhooksAreTakenIn() throws Exception {
    database.disconnect();
    try (var mercadoPago = new RawServer(EndlessAnswer.HEADER_LINES);
        var alerts = new RawServer(EndlessAnswer.INTERIM_ANSWERS);
        var acuse = start(mercadoPago, alerts)) {
      var notifier = sandbox.notifier(acuse.url("/webhooks/mp"));
      for (int i = 0; i < EVENTS; i++) {
        assertThat(notifier.send(notifier.notifications().paymentCreated("13840000" + (1000 + i))))
            .extracting(Notifier.Answer::status)
            .isEqualTo(200);
      }

      await()
          .untilAsserted(
              () -> {
                assertThat(mercadoPago.connections()).isGreaterThan(2 * EVENTS);
                assertThat(alerts.connections()).isPositive();
              });
      assertThat(acuse.items("/api/webhook-events?limit=100"))
          .hasSize(EVENTS)
          .allSatisfy(
              event -> assertThat(event.path("status").asText()).isNotIn("failed", "ignored"))
          .anySatisfy(
              event ->
                  assertThat(event.path("last_error").asText())
                      .contains("MercadoPago: the answer's lines are too long or too many"));
      assertThat(acuse.output()).doesNotContain("OutOfMemoryError");
      assertThat(acuse.admin("/healthcheck")).contains("deadlocks");
    }
  }

  private AcuseProcess start(RawServer mercadoPago, RawServer alerts) {
    return AcuseProcess.startWithHeap(
        HEAP_MIB,
        database,
        sandbox,
        Map.of(
            "MP_BASE_URL", mercadoPago.url(),
            "ACUSE_ALERT_WEBHOOK", alerts.url(),
            "ACUSE_ALERT_EVERY", "500ms",
            "JAVA_TOOL_OPTIONS", "-Ddw.alerts.outage=0s",
            "ACUSE_RETRY_DELAYS", "500ms,1s",
            "ACUSE_PROBE_EVERY", "100ms",
            "ACUSE_RECONCILE_EVERY", "1s"));
  }
}
