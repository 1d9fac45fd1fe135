package dev.acuse.sandbox.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Json;
import dev.acuse.support.ManualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks about orders, in each shape that sources show. */
class OrderNotificationsTest {
  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private SandboxSeller seller;
  private OrderNotifications make;
  private SandboxOnlineOrder order;

  @BeforeEach
  void start() {
    clock.advance(Duration.ofNanos(123_456_789));
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    seller = sandbox.mercadoPago().seller(2001);
    make = seller.notifications().orders();
    String id = seller.onlineOrders().make("co_7f3a", new BigDecimal("1500")).id();
    order = seller.onlineOrders().pay(id, PaymentOutcome.APPROVED);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void theWholeBodyNamesPaymentsByTheirNumbers() {
    Notification full = make.full(order);

    assertThat(full.query())
        .isEqualTo("data.id=" + order.id() + "&type=order&data.external_reference=co_7f3a");
    JsonNode body = json(full);
    assertThat(body.has("id")).isFalse();
    assertThat(body.path("action").textValue()).isEqualTo("order.processed");
    assertThat(body.path("type").textValue()).isEqualTo("order");
    assertThat(body.path("application_id").textValue()).isEqualTo("7910000000000001");
    assertThat(body.path("user_id").textValue()).isEqualTo("2001");
    assertThat(body.path("date_created").textValue()).isEqualTo("2026-03-02T14:05:09.123456789Z");
    JsonNode data = body.path("data");
    assertThat(data.path("id").textValue()).isEqualTo(order.id());
    assertThat(data.path("external_reference").textValue()).isEqualTo("co_7f3a");
    assertThat(data.path("status").textValue()).isEqualTo("processed");
    assertThat(data.path("status_detail").textValue()).isEqualTo("accredited");
    assertThat(data.path("total_paid_amount").textValue()).isEqualTo("1500.00");
    assertThat(data.path("version").intValue()).isEqualTo(2);
    JsonNode payment = data.path("transactions").path("payments").path(0);
    assertThat(payment.path("id").textValue()).startsWith("PAY01");
    assertThat(payment.path("reference").path("id").textValue())
        .isEqualTo(Long.toString(order.paymentIds().get(0)));
  }

  @Test
  void anOnlineOrdersReferenceIsNoPayment() {
    String reference =
        json(make.online(order)).at("/data/transactions/payments/0/reference/id").textValue();

    assertThat(reference).isEqualTo(order.payments().get(0).referenceId()).matches(".*[a-z].*");
  }

  @Test
  void realOnesAreSignedOverTheLoweredIdAndAVariantIsNot() {
    String lowered = order.id().toLowerCase(Locale.ROOT);

    assertThat(signedOver(make.full(order), lowered)).isTrue();
    assertThat(signedOver(make.online(order), lowered)).isTrue();
    assertThat(signedOver(make.minimal(order.id(), "order.created"), lowered)).isTrue();
    assertThat(signedOver(make.verbatim(order), order.id())).isTrue();
    assertThat(signedOver(make.verbatim(order), lowered)).isFalse();
    assertThat(signedOver(make.simulated("123456"), "123456")).isTrue();
  }

  @Test
  void aRepeatIsSignedInTheSameWay() {
    Notification first = make.online(order);
    clock.advance(Duration.ofMinutes(15));

    Notification repeated = seller.notifications().resign(first);

    assertThat(repeated.query()).isEqualTo(first.query());
    assertThat(repeated.body()).isEqualTo(first.body());
    assertThat(signedOver(repeated, order.id().toLowerCase(Locale.ROOT))).isTrue();
    assertThat(repeated.header("x-signature")).isNotEqualTo(first.header("x-signature"));
    assertThat(signedOver(seller.notifications().resign(make.verbatim(order)), order.id()))
        .isTrue();
  }

  @Test
  void theOlderNameTheMinimalBodyAndTheSimulation() {
    Notification older = make.older(order);
    JsonNode minimal = json(make.minimal(order.id(), "order.created"));
    JsonNode simulated = json(make.simulated("123456"));

    assertThat(older.query()).contains("&type=orders");
    assertThat(json(older).path("type").textValue()).isEqualTo("orders");
    assertThat(minimal.path("data")).hasSize(1);
    assertThat(minimal.path("data").path("id").textValue()).isEqualTo(order.id());
    assertThat(minimal.has("id")).isFalse();
    assertThat(simulated.path("id").textValue()).matches("\\d+");
    assertThat(simulated.path("data").path("id").textValue()).isEqualTo("123456");
    assertThat(seller.notifications().simulated("order").query())
        .isEqualTo("data.id=123456&type=order");
  }

  @Test
  void aRefundIsTheActionWhateverTheStatus() {
    SandboxOrders orders = seller.onlineOrders();
    SandboxOnlineOrder partly = orders.refund(order.id(), BigDecimal.ONE);
    SandboxOnlineOrder whole = orders.refund(order.id(), null);
    SandboxOnlineOrder ended =
        orders.end(orders.make(null, BigDecimal.TEN).id(), OrderStanding.EXPIRED);

    assertThat(json(make.online(partly)).path("action").textValue()).isEqualTo("order.refunded");
    assertThat(json(make.online(whole)).path("action").textValue()).isEqualTo("order.refunded");
    assertThat(json(make.online(ended)).path("action").textValue()).isEqualTo("order.expired");
    assertThat(make.online(ended).query()).doesNotContain("external_reference");
    assertThat(json(make.online(ended)).path("data").has("external_reference")).isFalse();
  }

  @Test
  void aQrOrderHasCashOuts() {
    SandboxOnlineOrder qr = seller.onlineOrders().make("co_2", BigDecimal.TEN, "qr");

    assertThat(json(make.full(qr)).path("data").path("cash_outs").isArray()).isTrue();
    assertThat(json(make.full(order)).path("data").has("cash_outs")).isFalse();
  }

  @Test
  void aChargebackOfAnOrderMayComeUnderAnotherTopicAndId() {
    SandboxChargeback chargeback = seller.disputes().open(order.paymentIds().get(0));
    SandboxOnlineOrder now = seller.onlineOrders().find(order.id()).orElseThrow();

    Notification mixed = make.chargedBack(now, chargeback.id());

    assertThat(mixed.query())
        .isEqualTo("data.id=" + chargeback.id() + "&type=topic_chargebacks_wh");
    assertThat(signedOver(mixed, chargeback.id())).isTrue();
    JsonNode body = json(mixed);
    assertThat(body.path("type").textValue()).isEqualTo("order");
    assertThat(body.path("action").textValue()).isEqualTo("order.charged_back");
    assertThat(body.path("data").path("id").textValue()).isEqualTo(order.id());
    JsonNode inOrder = body.at("/data/transactions/chargebacks/0");
    assertThat(inOrder.path("id").textValue()).startsWith("CBK");
    assertThat(inOrder.path("case_id").textValue()).isEqualTo(chargeback.id());
    assertThat(inOrder.path("transaction_id").textValue()).isEqualTo(order.payments().get(0).id());
  }

  private boolean signedOver(Notification notification, String id) {
    String sent = Objects.requireNonNull(notification.header("x-signature"));
    long timestamp = Long.parseLong(sent.substring(3, sent.indexOf(',')));
    String expected =
        NotificationSigner.sign(
            seller.application().secret(), id, notification.header("x-request-id"), timestamp);
    return sent.equals(expected);
  }

  private static JsonNode json(Notification notification) {
    return Objects.requireNonNull(Json.readObject(notification.body()));
  }
}
