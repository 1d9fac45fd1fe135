package dev.acuse;

import static dev.acuse.AccountStage.account;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.dispatch.Dispatcher;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.mercadopago.Topic;
import dev.acuse.order.Order;
import dev.acuse.order.OrderFilter;
import dev.acuse.order.OrderPaymentStatus;
import dev.acuse.order.OrderReader;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.gohighlevel.SandboxLocation;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.OrderNotifications;
import dev.acuse.sandbox.mercadopago.OrderStanding;
import dev.acuse.sandbox.mercadopago.OrderTrait;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxOrders;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of orders of the Orders API, from their notification to the contact's tags. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class OrderEventsTest {
  private static final BigDecimal TOTAL = new BigDecimal("1500");
  private static final String CONTACT = "contact1";
  private static final Scope MAIN = Scope.of(1);

  private final ManualClock remoteClock = ManualClock.create();
  private final AccountStage stage;
  private final Sandbox sandbox;
  private final SandboxSeller seller;
  private final SandboxOrders orders;
  private final SandboxLocation location;
  private final OrderReader reader;
  private final PaymentReader payments;
  private int deliveries;

  OrderEventsTest(Engine engine) {
    this.sandbox = Sandbox.start(SandboxOptions.defaults(remoteClock));
    this.seller = sandbox.mercadoPago().seller(100, "mp-1");
    this.orders = seller.onlineOrders();
    this.location = sandbox.goHighLevel().location("L1", "crm-1");
    location.addContact(CONTACT, null);
    this.stage =
        new AccountStage(
            engine, sandbox.mercadoPagoUrl().toString(), sandbox.goHighLevelUrl().toString());
    stage.accounts.are(account(1, "L1"));
    this.reader = new OrderReader(stage.database.jdbi());
    this.payments = new PaymentReader(stage.database.jdbi(), TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    stage.close();
    sandbox.close();
  }

  /** The shapes of a notification about an order. */
  enum Shape {
    /** Names its payments' numeric ids. */
    FULL,
    /** Names ids that look like those and are none. */
    ONLINE,
    /** Names nothing but the order. */
    MINIMAL;

    Notification of(OrderNotifications make, SandboxOnlineOrder order) {
      return switch (this) {
        case FULL -> make.full(order);
        case ONLINE -> make.online(order);
        case MINIMAL -> make.minimal(order.id(), "order." + order.status());
      };
    }
  }

  private SandboxOnlineOrder order(String reference) throws RemoteException {
    stage.checkouts.register(
        1, new CheckoutRequest(reference, CONTACT, TOTAL, "ARS", "Course", null));
    return orders.make(reference, TOTAL);
  }

  private void told(SandboxOnlineOrder order, Shape shape) {
    remoteClock.advance(Duration.ofSeconds(3));
    deliver(
        1, order.id(), shape.of(seller.notifications().orders(), order), SignatureState.VERIFIED);
  }

  private void deliver(
      long accountId, String orderId, Notification notification, SignatureState signature) {
    stage.events.append(
        new NewEvent(
            "mp:order:" + orderId + ":" + deliveries++,
            Topic.SOURCE,
            Topic.ORDER.code(),
            null,
            orderId,
            EventStatus.PENDING,
            null,
            signature,
            EventOrigin.WEBHOOK,
            notification.body(),
            notification.query(),
            Map.of(),
            new Place(accountId, Lane.mercadoPago(accountId), null)));
  }

  private Order only() {
    List<Order> all = reader.page(MAIN, OrderFilter.ALL, null, 10);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private List<Payment> payments() {
    return payments.payments(MAIN, PaymentFilter.ALL, null, 50);
  }

  private List<String> statuses() {
    return payments().stream().map(Payment::status).sorted().toList();
  }

  private List<String> errors() {
    return stage.strings(
        """
        SELECT CONCAT(status, ':', COALESCE(last_error_kind, '-')) FROM webhook_events
        WHERE event_type = 'order' ORDER BY id
        """);
  }

  @ParameterizedTest
  @EnumSource
  void aPaidOrderIsOnePaymentOnePaidCheckoutAndOneTag(Shape shape) throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);

    told(paid, shape);
    told(paid, shape);
    stage.work();

    assertThat(errors()).containsExactly("success:-", "success:-");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(only().status()).isEqualTo("processed");
    assertThat(only().statusDetail()).isEqualTo("accredited");
    assertThat(payments())
        .singleElement()
        .satisfies(
            payment -> {
              assertThat(payment.mpPaymentId()).isEqualTo(String.valueOf(paid.paymentIds().get(0)));
              assertThat(payment.status()).isEqualTo("approved");
              assertThat(reader.ofPayment(MAIN, payment.mpPaymentId())).containsExactly(only());
            });
    assertThat(stage.strings("SELECT status FROM checkouts")).containsExactly("paid");
    assertThat(location.tagCalls(CONTACT)).hasSize(1);
  }

  @Test
  void numericIdsInANotificationSpareTheSearch() throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);

    told(paid, Shape.FULL);
    stage.work();

    assertThat(statuses()).containsExactly("approved");
    assertThat(seller.requestCount("/v1/payments/search")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void paymentAndOrderOfTheSameMoneyAreOnePayment(boolean orderFirst) throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    String payment = String.valueOf(paid.paymentIds().get(0));

    if (orderFirst) {
      told(paid, Shape.ONLINE);
    }
    stage.webhook(1, payment);
    told(paid, Shape.ONLINE);
    stage.work();

    assertThat(statuses()).containsExactly("approved");
    assertThat(location.tagCalls(CONTACT)).hasSize(1);
  }

  @Test
  void paymentAndOrderAtTheSameMomentAreOnePayment() throws Exception {
    int number = 12;
    var random = new Random(3);
    for (int i = 0; i < number; i++) {
      location.addContact("c" + i, null);
      stage.checkouts.register(
          1, new CheckoutRequest("co_" + i, "c" + i, TOTAL, "ARS", "Course", null));
      SandboxOnlineOrder made = orders.make("co_" + i, TOTAL);
      SandboxOnlineOrder paid = orders.pay(made.id(), PaymentOutcome.APPROVED);
      Shape shape = Shape.values()[i % 3];
      if (random.nextBoolean()) {
        told(paid, shape);
        stage.webhook(1, String.valueOf(paid.paymentIds().get(0)));
      } else {
        stage.webhook(1, String.valueOf(paid.paymentIds().get(0)));
        told(paid, shape);
      }
      told(paid, Shape.ONLINE);
    }

    Dispatcher dispatcher = stage.dispatcher();
    dispatcher.start();
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  stage
                      .strings(
                          "SELECT id FROM webhook_events WHERE status IN ('pending', 'processing')")
                      .isEmpty());
    } finally {
      dispatcher.stop();
    }

    assertThat(stage.strings("SELECT DISTINCT status FROM webhook_events"))
        .containsExactly("success");
    assertThat(statuses()).hasSize(number).containsOnly("approved");
    assertThat(reader.page(MAIN, OrderFilter.ALL, null, 50))
        .hasSize(number)
        .allSatisfy(
            order -> {
              assertThat(order.paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
              assertThat(reader.paymentIds(MAIN, order.id())).hasSize(1);
            });
    for (int i = 0; i < number; i++) {
      assertThat(location.tagCalls("c" + i)).as("contact %d", i).hasSize(1);
    }
  }

  @Test
  void aRefusedOrderAndItsPaymentAreKept() throws Exception {
    told(orders.pay(order("co_1").id(), PaymentOutcome.REJECTED), Shape.ONLINE);
    stage.work();

    assertThat(only().status()).isEqualTo("failed");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.REJECTED);
    assertThat(statuses()).containsExactly("rejected");
    assertThat(stage.strings("SELECT status FROM checkouts")).doesNotContain("paid");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefundedOrderIsRefundedInEitherOfItsWords(boolean byStatus) throws Exception {
    if (byStatus) {
      orders.traits(OrderTrait.REFUNDED_BY_STATUS);
    }
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    told(paid, Shape.ONLINE);
    stage.work();

    told(orders.refund(paid.id(), null), Shape.ONLINE);
    stage.work();

    assertThat(only().status()).isEqualTo(byStatus ? "refunded" : "processed");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.REFUNDED);
    assertThat(statuses()).containsExactly("refunded");
    assertThat(errors()).containsOnly("success:-");
  }

  @ParameterizedTest
  @CsvSource({"REFUNDED,REFUNDED", "CHARGED_BACK,CHARGED_BACK"})
  void anOrderWhosePaymentAloneIsToldOfFollows(PaymentOutcome outcome, OrderPaymentStatus expected)
      throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    told(paid, Shape.ONLINE);
    stage.work();
    assertThat(only().nextLookAt()).isNull();

    remoteClock.advance(Duration.ofSeconds(3));
    SandboxOnlineOrder changed =
        outcome == PaymentOutcome.REFUNDED
            ? orders.refund(paid.id(), null)
            : orders.change(paid.id(), outcome);
    stage.webhook(1, String.valueOf(paid.paymentIds().get(0)));
    stage.work();
    assertThat(statuses()).containsExactly(expected.code());

    var store = new OrderStore(stage.database.jdbi(), stage.clock);
    int looks = store.lookAgain(1, 10, due -> told(changed, Shape.MINIMAL));
    stage.work();

    assertThat(looks).as("the order is due, though no window shows it any more").isEqualTo(1);
    assertThat(only().paymentStatus()).isEqualTo(expected);
    assertThat(store.lookAgain(1, 10, due -> {})).as("and settled by it").isZero();
  }

  @Test
  void anOrderOfWhichAPartIsRefundedStaysPaid() throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    told(orders.refund(paid.id(), BigDecimal.TEN), Shape.MINIMAL);
    stage.work();

    assertThat(only().statusDetail()).isEqualTo("partially_refunded");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(payments())
        .singleElement()
        .satisfies(
            payment -> {
              assertThat(payment.status()).isEqualTo("approved");
              assertThat(payment.amountRefunded()).isEqualByComparingTo(BigDecimal.TEN);
            });
  }

  @Test
  void anOrderThatWasChargedBackIsSoWithItsPayment() throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    told(paid, Shape.ONLINE);
    stage.work();

    told(orders.change(paid.id(), PaymentOutcome.CHARGED_BACK), Shape.ONLINE);
    stage.work();

    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.CHARGED_BACK);
    assertThat(statuses()).containsExactly("charged_back");
  }

  @ParameterizedTest
  @EnumSource
  void anOrderOfTwoPaymentsIsPaidByBoth(Shape shape) throws Exception {
    SandboxOnlineOrder made = order("co_1");
    SandboxOnlineOrder half = orders.pay(made.id(), PaymentOutcome.APPROVED, new BigDecimal("700"));
    told(half, shape);
    stage.work();
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.PENDING);
    assertThat(statuses()).containsExactly("approved");

    told(orders.pay(made.id(), PaymentOutcome.APPROVED), shape);
    stage.work();

    assertThat(statuses()).containsExactly("approved", "approved");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(reader.paymentIds(MAIN, only().id())).hasSize(2);
    assertThat(stage.strings("SELECT status FROM checkouts")).containsExactly("paid");
    assertThat(location.tagCalls(CONTACT)).hasSize(1);
  }

  @Test
  void anOrderThatIsPaidAtTheSecondTryHasBothPayments() throws Exception {
    orders.traits(OrderTrait.OPEN_WHEN_REFUSED);
    SandboxOnlineOrder made = order("co_1");
    orders.pay(made.id(), PaymentOutcome.REJECTED);
    told(orders.pay(made.id(), PaymentOutcome.APPROVED), Shape.MINIMAL);
    stage.work();

    assertThat(statuses()).containsExactly("approved", "rejected");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
  }

  @Test
  void anOrderThatWaitsAndIsPaidLaterFollows() throws Exception {
    SandboxOnlineOrder made = order("co_1");
    told(made, Shape.MINIMAL);
    stage.work();
    assertThat(only().status()).isEqualTo("created");
    assertThat(only().nextLookAt()).isNotNull();

    told(orders.pay(made.id(), PaymentOutcome.PENDING), Shape.ONLINE);
    stage.work();
    assertThat(only().status()).isEqualTo("action_required");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.PENDING);
    assertThat(statuses()).containsExactly("pending");

    told(orders.change(made.id(), PaymentOutcome.APPROVED), Shape.ONLINE);
    stage.work();
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(only().nextLookAt()).isNull();
    assertThat(statuses()).containsExactly("approved");
  }

  @ParameterizedTest
  @CsvSource({"canceled, expired", "canceled, canceled", "expired, expired"})
  void anOrderThatEndsUnpaidEndsWithoutAPayment(String status, String detail) throws Exception {
    SandboxOnlineOrder made = order("co_1");

    told(orders.end(made.id(), new OrderStanding(status, detail)), Shape.ONLINE);
    stage.work();

    assertThat(errors()).containsExactly("success:-");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.CANCELLED);
    assertThat(only().statusDetail()).isEqualTo(detail);
    assertThat(only().nextLookAt()).isNull();
    assertThat(payments()).isEmpty();
  }

  @Test
  void anUnknownStatusIsShownAsItIs() throws Exception {
    SandboxOnlineOrder made = order("co_1");

    told(orders.stand(made.id(), new OrderStanding("teleported", "to_mars")), Shape.ONLINE);
    stage.work();

    assertThat(errors()).containsExactly("success:-");
    assertThat(only().status()).isEqualTo("teleported");
    assertThat(only().statusDetail()).isEqualTo("to_mars");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.UNKNOWN);
  }

  @Test
  void anOrderThatSaysItIsPaidWaitsForItsPayment() throws Exception {
    SandboxOnlineOrder made = order("co_1");
    told(orders.stand(made.id(), OrderStanding.ACCREDITED), Shape.ONLINE);
    stage.work();

    assertThat(errors()).containsExactly("pending:payment_missing");
    assertThat(stage.reasons()).containsExactly("payment_missing");
    assertThat(only().status()).isEqualTo("processed");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.PENDING);
    assertThat(stage.strings("SELECT status FROM checkouts")).doesNotContain("paid");

    orders.pay(made.id(), PaymentOutcome.APPROVED);
    stage.clock.advance(Duration.ofMinutes(2));
    stage.work();

    assertThat(errors()).containsExactly("success:-");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(statuses()).containsExactly("approved");
  }

  @Test
  void anOrderWhosePaymentNeverComesFailsVisibly() throws Exception {
    SandboxOnlineOrder made = order("co_1");
    told(orders.stand(made.id(), OrderStanding.REFUNDED), Shape.ONLINE);

    for (int i = 0; i < 6; i++) {
      stage.work();
      stage.clock.advance(Duration.ofMinutes(2));
    }

    assertThat(errors()).containsExactly("failed:payment_missing");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.REFUNDED);
  }

  @Test
  void anAnswerThatIsOlderThanItsNotificationLosesNoMoney() throws Exception {
    SandboxOnlineOrder made = order("co_1");
    orders.pay(made.id(), PaymentOutcome.PENDING);
    SandboxOnlineOrder paid = orders.change(made.id(), PaymentOutcome.APPROVED);
    orders.showFormer(made.id(), 1);

    told(paid, Shape.ONLINE);
    stage.work();

    assertThat(statuses()).containsExactly("approved");
    assertThat(location.tagCalls(CONTACT)).hasSize(1);
    assertThat(only().paymentStatus()).as("by the answer").isEqualTo(OrderPaymentStatus.PENDING);
    assertThat(only().nextLookAt()).isNotNull();
  }

  @Test
  void anOrderThatIsAnsweredWith402IsARefusalAndFailsVisibly() throws Exception {
    orders.traits(OrderTrait.PAYMENT_REQUIRED);
    SandboxOnlineOrder refused = orders.pay(order("co_1").id(), PaymentOutcome.REJECTED);
    told(refused, Shape.ONLINE);

    stage.work();
    assertThat(errors()).containsExactly("pending:rejected");
    assertThat(stage.mercadoPago.lane("mp:1").isOwnUp()).as("it answers").isTrue();

    for (int i = 0; i < 6; i++) {
      stage.clock.advance(Duration.ofMinutes(2));
      stage.work();
    }

    assertThat(errors()).containsExactly("failed:rejected");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAYMENT_REQUIRED")
  void anOrderIsReadInEachOfItsShapes(OrderTrait trait) throws Exception {
    orders.traits(trait);

    told(orders.pay(order("co_1").id(), PaymentOutcome.APPROVED), Shape.ONLINE);
    stage.work();

    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(only().currency()).isEqualTo("ARS");
    assertThat(only().amount()).isEqualByComparingTo(TOTAL);
    assertThat(statuses()).containsExactly("approved");
  }

  @Test
  void threeDecimalsAreKept() throws Exception {
    orders.traits(OrderTrait.THREE_DECIMALS);
    SandboxOnlineOrder made = orders.make("co_1", new BigDecimal("12.125"));

    told(orders.pay(made.id(), PaymentOutcome.APPROVED), Shape.ONLINE);
    stage.work();

    assertThat(only().amount()).isEqualByComparingTo("12.125");
    assertThat(only().paidAmount()).isEqualByComparingTo("12.125");
  }

  @Test
  void aPaymentOfTheSameReferenceThatIsOfAnotherOrderIsNotTheOrders() throws Exception {
    SandboxOnlineOrder first = order("co_1");
    SandboxOnlineOrder second = orders.make("co_1", TOTAL);
    orders.pay(second.id(), PaymentOutcome.APPROVED);
    seller.pay("co_1", PaymentOutcome.APPROVED);

    told(orders.pay(first.id(), PaymentOutcome.REJECTED), Shape.ONLINE);
    stage.work();

    assertThat(only().mpOrderId()).isEqualTo(first.id());
    assertThat(reader.paymentIds(MAIN, only().id())).hasSize(1);
    assertThat(statuses()).containsExactly("rejected");
  }

  @Test
  void aHintAtAnothersPaymentLeadsToNothing() throws Exception {
    SandboxSeller other = sandbox.mercadoPago().seller(200, "mp-2");
    SandboxOnlineOrder theirs =
        other
            .onlineOrders()
            .pay(other.onlineOrders().make("co_1", TOTAL).id(), PaymentOutcome.APPROVED);
    SandboxOnlineOrder ours = orders.pay(order("co_1").id(), PaymentOutcome.REJECTED);
    Notification forged = other.notifications().orders().full(theirs);

    deliver(1, ours.id(), forged, SignatureState.VERIFIED);
    stage.work();

    assertThat(errors()).containsExactly("success:-");
    assertThat(statuses()).containsExactly("rejected");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.REJECTED);
  }

  @Test
  void anOrderOfAnotherAccountIsHandedOver() throws Exception {
    SandboxSeller other = sandbox.mercadoPago().seller(200, "mp-2");
    stage.accounts.are(account(1, "L1"), account(2, null));
    SandboxOnlineOrder theirs =
        other
            .onlineOrders()
            .pay(other.onlineOrders().make("co_9", TOTAL).id(), PaymentOutcome.APPROVED);

    deliver(
        1,
        theirs.id(),
        other.notifications().orders().minimal(theirs.id(), "order.processed"),
        SignatureState.VERIFIED);
    stage.work();

    assertThat(stage.eventsOf(theirs.id())).containsExactly("1:ignored:-", "2:success:-");
    assertThat(reader.page(MAIN, OrderFilter.ALL, null, 9)).isEmpty();
    assertThat(reader.page(Scope.of(2), OrderFilter.ALL, null, 9))
        .singleElement()
        .satisfies(
            order -> assertThat(order.paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED));
    assertThat(payments()).isEmpty();
  }

  @Test
  void anOrderThatMercadoPagoDoesNotKnowFailsInTheEnd() {
    Notification told = seller.notifications().orders().minimal("ORD01K0", "order.processed");
    deliver(1, "ORD01K0", told, SignatureState.VERIFIED);

    for (int i = 0; i < 6; i++) {
      stage.work();
      stage.clock.advance(Duration.ofMinutes(2));
    }

    assertThat(errors()).containsExactly("failed:not_found");
    assertThat(reader.isAny(Scope.everything())).isFalse();
  }

  @Test
  void aSimulatedOrderIsIgnored() {
    deliver(
        1, "123456", seller.notifications().orders().simulated("123456"), SignatureState.VERIFIED);
    stage.work();

    assertThat(stage.eventsOf("123456")).containsExactly("1:ignored:-");
    assertThat(stage.reasons()).containsExactly("simulated");
  }

  @Test
  void anUnverifiableHintIsFollowedAndEndsAtWhatIsNotOurs() throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    Notification told = seller.notifications().orders().minimal(paid.id(), "order.processed");

    deliver(1, paid.id(), told, SignatureState.UNVERIFIABLE);
    deliver(1, "ORD01K0", told, SignatureState.UNVERIFIABLE);
    stage.work();

    assertThat(errors()).containsExactly("success:-", "ignored:-");
    assertThat(statuses()).containsExactly("approved");
  }

  @Test
  void aHintCostsNoMoreLookUpsThanItsOrderHasPayments() throws Exception {
    SandboxOnlineOrder paid = orders.pay(order("co_1").id(), PaymentOutcome.APPROVED);
    String madeUp =
        IntStream.range(0, 40)
            .mapToObj("{\"reference\":{\"id\":\"9%d\"}}"::formatted)
            .collect(Collectors.joining(","));
    String body =
        "{\"type\":\"order\",\"data\":{\"transactions\":{\"payments\":[" + madeUp + "]}}}";
    var forged =
        new Notification(
            "topic=order&id=" + paid.id(), Map.of(), body.getBytes(StandardCharsets.UTF_8));

    deliver(1, paid.id(), forged, SignatureState.UNVERIFIABLE);
    stage.work();

    assertThat(errors()).containsExactly("success:-");
    assertThat(statuses()).containsExactly("approved");
    // The order, the search, the payment that it finds, and one that is made up.
    assertThat(seller.requestCount("/v1/orders") + seller.requestCount("/v1/payments"))
        .isLessThanOrEqualTo(5);
  }
}
