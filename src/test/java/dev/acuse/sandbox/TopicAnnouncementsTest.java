package dev.acuse.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.PanelTopic;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.ManualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A seller is told of what its application has ticked. */
class TopicAnnouncementsTest {
  private static final BigDecimal TOTAL = new BigDecimal("1500");

  private Sandbox sandbox;
  private SandboxSeller seller;
  private WebhookStub acuse;

  @BeforeEach
  void start() throws Exception {
    sandbox = Sandbox.start(SandboxOptions.defaults(ManualClock.create()));
    seller = sandbox.mercadoPago().seller(2001);
    acuse = new WebhookStub(request -> 200);
    sandbox.announceSales(seller, acuse.url("/webhooks/mp"));
  }

  @AfterEach
  void stop() {
    acuse.close();
    sandbox.close();
  }

  @Test
  void ofPaymentsOnlyAtFirst() {
    SandboxOnlineOrder order = paidOrder();
    seller.disputes().settle(seller.disputes().open(order.paymentIds().get(0)).id());

    awaitTold(6);
    assertThat(topics()).containsExactly("payment");
  }

  @Test
  void ofOrdersOnlyIfThatAloneIsTicked() {
    seller.tick(PanelTopic.ORDER);
    SandboxOnlineOrder order = paidOrder();
    seller.onlineOrders().refund(order.id(), null);

    awaitTold(3);
    assertThat(topics()).isSubsetOf("order", "orders");
    assertThat(acuse.received())
        .allSatisfy(told -> assertThat(told.query().get("data.id")).isEqualTo(order.id()));
  }

  @Test
  void ofBothAndOfDisputes() {
    seller.tick(PanelTopic.values());
    SandboxOnlineOrder order = paidOrder();
    String chargeback = seller.disputes().open(order.paymentIds().get(0)).id();
    long claim = seller.disputes().openClaim(paidOrder().paymentIds().get(0)).id();

    await()
        .untilAsserted(
            () ->
                assertThat(topics())
                    .contains("payment", "topic_chargebacks_wh", "chargebacks")
                    .containsAnyOf("order", "orders")
                    .containsAnyOf("claim", "topic_claims_integration_wh"));
    assertThat(acuse.received())
        .extracting(told -> told.query().get("data.id"))
        .contains(chargeback, Long.toString(claim), order.id());
  }

  @Test
  void ofNothingWhereNoAddressIs() {
    seller.tick(PanelTopic.values());
    sandbox.announceSales(seller, null);
    seller.disputes().open(paidOrder().paymentIds().get(0));
    sandbox.announceSales(seller, acuse.url("/webhooks/mp"));
    SandboxOnlineOrder told = seller.onlineOrders().make("co_2", TOTAL);

    awaitTold(1);
    assertThat(acuse.received())
        .allSatisfy(one -> assertThat(one.query().get("data.id")).isEqualTo(told.id()));
  }

  @Test
  void anOrderIsToldOfInEveryShapeSomeTwiceAndAgainUntilItIsAccepted() throws Exception {
    var calls = new AtomicInteger();
    try (var other = new WebhookStub(request -> calls.incrementAndGet() <= 5 ? 503 : 200)) {
      // One notification may be refused all five times.
      List<Duration> waits = Collections.nCopies(6, Duration.ofMillis(1));
      var announcer = new OrderAnnouncer(sandbox.notifier(seller, other.url("/hook")), 7, waits);
      seller.onlineOrders().onChanged(announcer);

      for (int i = 0; i < 60; i++) {
        paidOrder();
      }

      await().until(() -> announcer.accepted() > 120 && announcer.givenUp() == 0);
      List<Request> told = other.received();
      assertThat(told).anyMatch(one -> "orders".equals(one.query().get("type")));
      assertThat(told).anyMatch(one -> one.query().containsKey("data.external_reference"));
      assertThat(told).anyMatch(one -> !one.query().containsKey("data.external_reference"));
    }
  }

  @Test
  void aQrOrderIsToldOfWithTheNumberOfItsPayment() {
    seller.tick(PanelTopic.ORDER);
    String id = seller.onlineOrders().make("co_1", TOTAL, "qr").id();
    long payment = seller.onlineOrders().pay(id, PaymentOutcome.APPROVED).paymentIds().get(0);

    await()
        .untilAsserted(
            () ->
                assertThat(acuse.received())
                    .extracting(told -> new String(told.body(), UTF_8))
                    .anyMatch(body -> body.contains("\"reference\":{\"id\":\"" + payment + "\"}")));
  }

  private SandboxOnlineOrder paidOrder() {
    String id = seller.onlineOrders().make("co_1", TOTAL).id();
    return seller.onlineOrders().pay(id, PaymentOutcome.APPROVED);
  }

  private void awaitTold(int times) {
    await().untilAsserted(() -> assertThat(acuse.received()).hasSizeGreaterThanOrEqualTo(times));
  }

  /** By the names on the wire, of either channel. */
  private Set<String> topics() {
    var topics = new TreeSet<String>();
    for (Request told : acuse.received()) {
      String type = told.query().get("type");
      topics.add(type == null ? told.query().getOrDefault("topic", "") : type);
    }
    return topics;
  }
}
