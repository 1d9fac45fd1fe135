package dev.acuse.sandbox.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.sandbox.WebhookStub;
import dev.acuse.sandbox.http.Request;
import dev.acuse.support.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationsTest {
  private static final String SECRET = "d2h-test-secret-0123456789abcdef";

  private final ManualClock clock = ManualClock.create();
  private final Notifications notifications = new Notifications(SECRET, 44_444, clock);

  /** Computed with another language's library. */
  @ParameterizedTest
  @CsvSource({
    "1234567890, 7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10, 1704908010,"
        + " fe464260d7889b323f830566e8a604b116cfddab312933ff60f8c7da6f535bcd",
    "123456, bb56a2f1-6aae-46ac-982e-9dcd3581d08e, 1742505638683,"
        + " 4d312178671588fa0573a781d34ce58a38ec281b2878797e4ecc2de1ec298df3",
    "1234567890, , 1704908010, d1015103a05d1b509e8b4e528bbca6da1cef673d9e535b3b36bd49c642b73473",
    ", 7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10, 1704908010,"
        + " f1d34810db29f1c2e20aadc00b14e14ebc4d8cab215284e1ad909d869f62936c",
    "41788606511, 0f6c2f54-2d0e-4a2b-9a63-3f8f3b1f7c21, 1766455693,"
        + " 12552d42d9697ea7615a85088173d42be02e9cc2981c532e92032f937c667772"
  })
  void theSignatureIsMercadoPagos(
      @Nullable String dataId, @Nullable String requestId, long timestamp, String v1) {
    String query = dataId == null ? "type=payment" : "data.id=" + dataId + "&type=payment";
    var unsigned = new Notification(query, Map.of(), new byte[0]);

    Notification signed = Notifications.signedAt(unsigned, SECRET, requestId, timestamp);

    assertThat(signed.header("x-signature")).isEqualTo("ts=" + timestamp + ",v1=" + v1);
    assertThat(signed.header("x-request-id")).isEqualTo(requestId);
  }

  @Test
  void aPaymentWebhookNamesThePaymentInQueryAndBody() {
    Notification created = notifications.paymentCreated("138400000001");

    assertThat(created.query()).isEqualTo("data.id=138400000001&type=payment");
    assertThat(created.header("user-agent")).isEqualTo("MercadoPago WebHook v1.0 payment");
    JsonNode body = json(created);
    assertThat(body.path("action").textValue()).isEqualTo("payment.created");
    assertThat(body.path("data").path("id").textValue()).isEqualTo("138400000001");
    assertThat(body.path("id").isNumber()).isTrue();
    assertThat(body.path("user_id").textValue()).isEqualTo("44444");
    assertThat(created.header("x-signature"))
        .isEqualTo(
            NotificationSigner.sign(
                SECRET,
                "138400000001",
                created.header("x-request-id"),
                clock.instant().getEpochSecond()));
  }

  @Test
  void aMerchantOrdersBodyIdIsTheOrder() {
    JsonNode opened = json(notifications.merchantOrder("417", "opened"));
    Notification closed = notifications.merchantOrder("417", "closed");

    assertThat(opened.path("action").textValue()).isEqualTo("create");
    assertThat(closed.query()).isEqualTo("data.id=417&type=topic_merchant_order_wh");
    assertThat(json(closed).path("action").textValue()).isEqualTo("update");
    assertThat(json(closed).path("id").textValue()).isEqualTo("417");
    assertThat(json(closed).path("data").has("id")).isFalse();
    assertThat(json(closed).path("data").path("status").textValue()).isEqualTo("closed");
  }

  @Test
  void ipnCarriesASignatureThatNobodyCanVerify() {
    Notification payment = notifications.ipnPayment("138");
    Notification order = notifications.ipnMerchantOrder("417");

    assertThat(payment.query()).isEqualTo("topic=payment&id=138");
    assertThat(payment.header("user-agent")).isEqualTo("MercadoPago Feed v2.0 payment");
    assertThat(text(payment)).isEqualTo("{\"resource\":\"138\",\"topic\":\"payment\"}");
    assertThat(json(order).path("resource").textValue())
        .isEqualTo("https://api.mercadolibre.com/merchant_orders/417");
    assertThat(payment.header("x-signature"))
        .matches("ts=\\d{10},v1=[0-9a-f]{64}")
        .isNotEqualTo(signature(payment, null))
        .isNotEqualTo(signature(payment, "138"));
  }

  @Test
  void aFraudAlertHasNoDataId() {
    Notification alert = notifications.fraudAlert(589, 2499);

    assertThat(alert.signedId()).isNull();
    assertThat(json(alert).path("data").has("id")).isFalse();
    assertThat(json(alert).path("data").path("payment_id").longValue()).isEqualTo(589);
    assertThat(json(alert).path("id").textValue()).isEqualTo("589");
    assertThat(alert.header("x-signature")).isEqualTo(signature(alert, null));
  }

  @Test
  void theSimulationAndUnknownTopicsAreSignedLikeAllOthers() {
    Notification simulated = notifications.simulated();
    Notification unknown = notifications.webhook("topic_of_tomorrow", "A1", "created");

    assertThat(simulated.signedId()).isEqualTo("123456");
    assertThat(simulated.header("x-signature")).isEqualTo(signature(simulated, "123456"));
    assertThat(unknown.query()).isEqualTo("data.id=A1&type=topic_of_tomorrow");
    assertThat(unknown.header("x-signature")).isEqualTo(signature(unknown, "A1"));
  }

  @Test
  void aRepeatIsSignedAnewAndKeepsItsResource() {
    Notification first = notifications.paymentUpdated("138");
    Notification order = notifications.merchantOrder("417", "closed");
    clock.advance(Duration.ofMinutes(15));

    Notification repeat = notifications.resign(first);

    assertThat(repeat.query()).isEqualTo(first.query());
    assertThat(json(repeat).path("data")).isEqualTo(json(first).path("data"));
    assertThat(json(repeat).path("id")).isNotEqualTo(json(first).path("id"));
    assertThat(repeat.header("x-request-id")).isNotEqualTo(first.header("x-request-id"));
    assertThat(repeat.header("x-signature")).isEqualTo(signature(repeat, "138"));
    assertThat(text(notifications.resign(order))).isEqualTo(text(order));
  }

  @Test
  void sendingTwiceSendsTheSameBytesAndHeaders() throws Exception {
    try (var acuse = new WebhookStub(request -> 200)) {
      var notifier =
          new Notifier(
              acuse.url("/webhooks/mp?source_news=webhooks"),
              notifications,
              ForkJoinPool.commonPool());
      Notification notification = notifications.paymentCreated("138");

      Notifier.Answer answer = notifier.send(notification);
      notifier.send(notification);

      assertThat(answer).isEqualTo(new Notifier.Answer(200, "{\"status\": \"stored\"}"));
      assertThat(acuse.received()).hasSize(2);
      Request first = acuse.received().get(0);
      assertThat(first.path()).isEqualTo("/webhooks/mp");
      assertThat(first.rawQuery()).isEqualTo("source_news=webhooks&data.id=138&type=payment");
      assertThat(first.body()).isEqualTo(notification.body());
      assertThat(first.headers()).containsAllEntriesOf(notification.headers());
      assertThat(acuse.received().get(1).headers()).isEqualTo(first.headers());
      assertThat(acuse.received().get(1).body()).isEqualTo(first.body());
    }
  }

  @Test
  void deliveryIsRepeatedSignedAnewUntilItIsAccepted() throws Exception {
    var calls = new AtomicInteger();
    try (var acuse = new WebhookStub(request -> calls.incrementAndGet() < 3 ? 503 : 200)) {
      var notifier =
          new Notifier(acuse.url("/webhooks/mp"), notifications, ForkJoinPool.commonPool());

      Notifier.Answer answer =
          notifier
              .deliverUntilAccepted(
                  notifications.paymentCreated("138"),
                  List.of(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1)))
              .get(10, TimeUnit.SECONDS);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(acuse.received()).hasSize(3);
      assertThat(acuse.received())
          .extracting(r -> r.header("x-request-id"))
          .doesNotHaveDuplicates();
      assertThat(acuse.received())
          .extracting(Request::rawQuery)
          .containsOnly("data.id=138&type=payment");
    }
  }

  @Test
  void deliveryEndsWithTheLastAnswerWhenThePatienceIsUsedUp() throws Exception {
    try (var acuse = new WebhookStub(request -> 503)) {
      var notifier =
          new Notifier(acuse.url("/webhooks/mp"), notifications, ForkJoinPool.commonPool());

      Notifier.Answer answer =
          notifier
              .deliverUntilAccepted(notifications.simulated(), List.of(Duration.ofMillis(1)))
              .get(10, TimeUnit.SECONDS);

      assertThat(answer.isAccepted()).isFalse();
      assertThat(acuse.received()).hasSize(2);
    }
  }

  private static String signature(Notification notification, @Nullable String dataId) {
    String sent = Objects.requireNonNull(notification.header("x-signature"));
    long timestamp = Long.parseLong(sent.substring(3, sent.indexOf(',')));
    return NotificationSigner.sign(SECRET, dataId, notification.header("x-request-id"), timestamp);
  }

  private static String text(Notification notification) {
    return new String(notification.body(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(Notification notification) {
    try {
      return new ObjectMapper().readTree(notification.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
