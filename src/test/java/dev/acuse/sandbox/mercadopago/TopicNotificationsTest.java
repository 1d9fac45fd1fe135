package dev.acuse.sandbox.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.support.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Webhooks about disputes and about what is no money, in each shape that sources show. */
class TopicNotificationsTest {
  private static final String SECRET = "s";
  private static final String CASE = "217000060000000001";

  private final Notifications make = new Notifications(SECRET, 44_444, ManualClock.create());

  @Test
  void aChargebackHasNumbersBeyondJavaScriptsAndAListOfActions() {
    Notification chargeback = make.disputes().chargeback(CASE, 138_400_000_001L);

    assertThat(chargeback.query()).isEqualTo("data.id=" + CASE + "&type=topic_chargebacks_wh");
    assertThat(text(chargeback)).contains("\"id\":217000060000000001,");
    JsonNode body = json(chargeback);
    assertThat(body.path("actions").path(0).textValue()).isEqualTo("changed_case_status");
    assertThat(body.has("action")).isFalse();
    assertThat(body.path("application_id").isNumber()).isTrue();
    assertThat(body.path("user_id").isNumber()).isTrue();
    assertThat(body.path("id").isNumber()).isTrue();
    JsonNode data = body.path("data");
    assertThat(data.path("id").longValue()).isGreaterThan(1L << 53);
    assertThat(data.path("payment_id").longValue()).isEqualTo(138_400_000_001L);
    assertThat(data.path("date_updated").textValue()).isEqualTo("0001-01-01T00:00:00Z");
    assertThat(signedOver(chargeback, CASE)).isTrue();
    assertThat(json(make.disputes().chargeback(CASE, null)).path("data").has("payment_id"))
        .isFalse();
  }

  @Test
  void theOlderChannelTellsOfChargebacksAndFraudUnverifiably() {
    Notification chargeback = make.disputes().ipnChargeback(CASE);
    Notification fraud = make.disputes().ipnFraudAlert(138);

    assertThat(chargeback.query()).isEqualTo("topic=chargebacks&id=" + CASE);
    assertThat(json(chargeback).path("resource").textValue()).isEqualTo(CASE);
    assertThat(signedOver(chargeback, CASE)).isFalse();
    assertThat(signedOver(chargeback, null)).isFalse();
    assertThat(fraud.query()).isEqualTo("topic=delivery_cancellation&id=138");
    assertThat(fraud.header("user-agent")).isEqualTo("MercadoPago Feed v2.0 delivery_cancellation");
  }

  @Test
  void aClaimNamesAPathThatMustNotBeFollowed() {
    Notification claim = make.disputes().claim(5_100_000_001L);
    Notification byPanelName = make.disputes().claimByPanelName(5_100_000_001L);

    assertThat(claim.query()).isEqualTo("data.id=5100000001&type=claim");
    JsonNode body = json(claim);
    assertThat(body.path("type").textValue()).isEqualTo("claim");
    assertThat(body.path("action").textValue()).isEqualTo("updated");
    assertThat(body.path("id").textValue()).matches("[0-9a-f-]{36}");
    assertThat(body.path("data").path("id").longValue()).isEqualTo(5_100_000_001L);
    assertThat(body.path("data").path("resource").textValue()).isEqualTo("/v1/claims/5100000001");
    assertThat(signedOver(claim, "5100000001")).isTrue();
    assertThat(byPanelName.query())
        .isEqualTo("data.id=5100000001&type=topic_claims_integration_wh");
    assertThat(json(byPanelName).path("type").textValue()).isEqualTo("topic_claims_integration_wh");
  }

  @Test
  void aFraudAlertOf2026SignsAnotherIdThanThePayments() {
    Notification alert = make.disputes().fraudAlert("123456", 589, 2499L);

    assertThat(alert.query()).isEqualTo("data.id=123456&type=stop_delivery_op_wh");
    assertThat(json(alert).path("id").textValue()).isEqualTo("123456");
    assertThat(json(alert).path("data").path("payment_id").longValue()).isEqualTo(589);
    assertThat(json(alert).path("data").path("merchant_order").longValue()).isEqualTo(2499);
    assertThat(json(alert).path("data").has("id")).isFalse();
    assertThat(signedOver(alert, "123456")).isTrue();
  }

  @Test
  void aLinkNamesTheSellerInQueryAndBody() {
    Notification linked = make.others().sellerLinked();
    JsonNode unlinked = json(make.others().sellerUnlinked());

    assertThat(linked.query()).isEqualTo("data.id=44444&type=mp-connect");
    assertThat(json(linked).path("action").textValue()).isEqualTo("application.authorized");
    assertThat(unlinked.path("action").textValue()).isEqualTo("application.deauthorized");
    assertThat(unlinked.path("user_id").longValue()).isEqualTo(44_444);
    assertThat(unlinked.has("application_id")).isFalse();
    assertThat(signedOver(linked, "44444")).isTrue();
  }

  @Test
  void theCardUpdaterNamesNoResource() {
    Notification updated = make.others().cardUpdated();

    assertThat(updated.signedId()).isNull();
    assertThat(json(updated).path("type").textValue()).isEqualTo("automatic-payments");
    assertThat(json(updated).path("data").has("id")).isFalse();
    assertThat(json(updated).path("id").textValue()).matches("[0-9a-f]{32}");
    assertThat(signedOver(updated, null)).isTrue();
  }

  @Test
  void theRest() {
    Notification delivery = make.others().delivery("77");
    Notification wallet = make.others().walletConnect("a1");
    Notification point = make.others().point("7c1e3a52");

    assertThat(json(delivery).path("topic").textValue()).isEqualTo("delivery");
    assertThat(json(delivery).path("resource").textValue()).isEqualTo("/shipments/77");
    assertThat(json(delivery).path("attempts").intValue()).isEqualTo(1);
    assertThat(wallet.query()).isEqualTo("data.id=a1&type=wallet_connect");
    assertThat(point.query()).isEqualTo("data.id=7c1e3a52&type=point_integration_wh");
  }

  @Test
  void anInventedTopicComesSignedAndUnsigned() {
    Notification signed = make.others().invented("topic_of_tomorrow", "A1");
    Notification unsigned = OtherNotifications.unsigned(signed);

    assertThat(signed.query()).isEqualTo("data.id=A1&type=topic_of_tomorrow");
    assertThat(signedOver(signed, "A1")).isTrue();
    assertThat(unsigned.header("x-signature")).isNull();
    assertThat(unsigned.body()).isEqualTo(signed.body());
  }

  private static boolean signedOver(Notification notification, @Nullable String id) {
    String sent = Objects.requireNonNull(notification.header("x-signature"));
    long timestamp = Long.parseLong(sent.substring(3, sent.indexOf(',')));
    return sent.equals(
        NotificationSigner.sign(SECRET, id, notification.header("x-request-id"), timestamp));
  }

  private static String text(Notification notification) {
    return new String(notification.body(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(Notification notification) {
    return Objects.requireNonNull(Json.readObject(notification.body()));
  }
}
