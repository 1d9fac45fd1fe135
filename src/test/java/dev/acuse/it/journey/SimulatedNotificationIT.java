package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the "Simulate" button of MercadoPago's panel sends, and what merely looks like it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedNotificationIT {
  private static final String SIMULATED = "a simulated notification from MercadoPago's panel";

  private final Bench bench =
      new Bench(Engine.H2, Map.of("mercadoPago.webhookSecrets", Bench.sandboxSecret()));

  @AfterAll
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payment",
        "topic_merchant_order_wh",
        "merchant_order",
        "stop_delivery_op_wh",
        "order",
        "subscription_preapproval",
        "subscription_preapproval_plan",
        "subscription_authorized_payment",
        "topic_chargebacks_wh",
        "topic_claims_integration_wh",
        "claim",
        "topic_card_id_wh",
        "wallet_connect",
        "point_integration_wh",
      })
  void simulatedOneOfEveryTopicIsIgnoredAsSuch(String topic) {
    WebhookEvent event = bench.stored(bench.notifications().simulated(topic));

    WebhookEvent ignored = bench.ends(event, EventStatus.IGNORED);

    assertThat(ignored.lastError()).isEqualTo(SIMULATED);
    assertThat(ignored.attempts()).isEqualTo(1);
  }

  @Test
  void simulatedOneOfAnIdThatWasTypedIsToldByItsAction() {
    Notification typed = bench.notifications().webhook("payment", "138499999998", "test.created");

    assertThat(bench.ends(bench.stored(typed), EventStatus.IGNORED).lastError())
        .isEqualTo(SIMULATED);
  }

  @ParameterizedTest
  @CsvSource({
    "payment, 1234567, true",
    "payment, 0123456, true",
    "payment, 138499999997, false",
    "topic_merchant_order_wh, 12345, false",
    "topic_merchant_order_wh, 41700000009, true",
  })
  void unknownOneThatMerelyLooksSoIsNot(String topic, String id, String liveMode) {
    Notification sent = bench.notifications().webhook(topic, id, "payment.updated");
    String body =
        new String(sent.body(), StandardCharsets.UTF_8)
            .replace("\"live_mode\":true", "\"live_mode\":" + liveMode);

    WebhookEvent failed = bench.ends(bench.stored(sent.withBody(body)), EventStatus.FAILED);

    assertThat(failed.lastErrorKind()).isEqualTo("not_found");
  }

  @Test
  void sellerWhoseIdIsThatOneIsNotSimulated() {
    WebhookEvent linked =
        bench.stored(
            bench
                .notifications()
                .webhook("mp-connect", Notifications.SIMULATED_ID, "application.authorized"));

    assertThat(bench.ends(linked, EventStatus.IGNORED).lastError()).doesNotContain("simulated");
  }

  @Test
  void paymentThatReallyHasThatIdIsLookedUp() {
    long id = Long.parseLong(Notifications.SIMULATED_ID);
    SandboxPayment real =
        SandboxPayment.of(
            id,
            BigDecimal.TEN,
            448_800_001,
            PaymentOutcome.APPROVED,
            InstantSource.system().instant());
    Notification genuine = bench.notifications().paymentUpdated(Notifications.SIMULATED_ID);

    // In an account of its own: another test says that nobody has this payment.
    try (var other =
        new Bench(Engine.H2, Map.of("mercadoPago.webhookSecrets", Bench.sandboxSecret()))) {
      other.sandbox().mercadoPago().put(real);
      assertThat(other.ends(other.stored(genuine), EventStatus.SUCCESS).mpPaymentId())
          .isEqualTo(Notifications.SIMULATED_ID);
    }
  }

  @Test
  void fraudAlertIsAboutItsPaymentThoughItsOwnIdIsThatOne() {
    String payment = bench.sell();
    Notification alert =
        bench
            .notifications()
            .webhook("stop_delivery_op_wh", Notifications.SIMULATED_ID, "Created")
            .withBody(
                "{\"type\":\"stop_delivery_op_wh\",\"data\":{\"payment_id\":" + payment + "}}");

    assertThat(bench.ends(bench.stored(alert), EventStatus.SUCCESS).mpPaymentId())
        .isEqualTo(payment);
  }
}
