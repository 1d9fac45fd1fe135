package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier.Answer;
import dev.acuse.sandbox.mercadopago.PaymentChange;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a notification to a tag, through the whole service; each engine has a class of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PaymentJourney {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final Notifications notifications = sandbox.notifications();
  private final RunningAcuse acuse;

  PaymentJourney(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of());
  }

  @BeforeAll
  void nothingIsBrokenYet() {
    assertThat(acuse.items("/api/webhook-events")).isEmpty();
  }

  @AfterEach
  void repair() {
    sandbox.mercadoPago().faults().none();
    sandbox.goHighLevel().faults().none();
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void anApprovedPaymentTagsItsContact() {
    Sale sale = sale(PaymentOutcome.APPROVED);

    Answer answer = acuse.send(notifications.paymentCreated(sale.paymentId()));

    assertThat(answer.status()).isEqualTo(200);
    JsonNode body = RunningAcuse.json(answer.body());
    assertThat(body.path("status").asText()).isEqualTo("stored");
    assertThat(body.path("webhook_id").asText()).startsWith("mp:payment:" + sale.paymentId() + ":");
    JsonNode event = awaitStatus(answer, "success");
    assertThat(event.path("mp_payment_id").asText()).isEqualTo(sale.paymentId());
    assertThat(event.path("signature").asText()).isEqualTo("verified");
    assertThat(event.path("attempts").asInt()).isEqualTo(1);
    assertThat(sandbox.goHighLevel().tagsOf(sale.contact())).containsExactly("pago_confirmado");
    JsonNode payment = payment(sale);
    assertThat(payment.path("status").asText()).isEqualTo("approved");
    assertThat(payment.path("checkout_id").isNumber()).isTrue();
    assertThat(payment.path("flag").isNull()).isTrue();
  }

  @Test
  void aPaymentIsLinkedByItsMerchantOrderWhereNothingElseLeadsToItsCheckout() {
    Sale sale = sale(PaymentOutcome.APPROVED);
    long id = Long.parseLong(sale.paymentId());
    SandboxPayment paid = sandbox.mercadoPago().payment(id).orElseThrow();
    sandbox.mercadoPago().put(paid.with(terms(null)));

    awaitStatus(acuse.send(notifications.paymentCreated(sale.paymentId())), "success");

    assertThat(payment(sale).path("checkout_id").isNumber()).isTrue();
    assertThat(sandbox.goHighLevel().tagsOf(sale.contact())).containsExactly("pago_confirmado");
  }

  @Test
  void everyVariantOfANotificationLeadsToTheSamePayment() {
    List<String> variants =
        List.of(
            "v1",
            "numeric id",
            "id only in the body",
            "unknown parameter",
            "order",
            "ipn",
            "ipn without a body",
            "ipn order",
            "fraud alert");
    List<String> reached = new ArrayList<>();
    for (String variant : variants) {
      Sale sale = sale(PaymentOutcome.APPROVED);
      Answer answer = acuse.send(variant(variant, sale));
      assertThat(answer.status()).as(variant).isEqualTo(200);
      awaitStatus(answer, "success");
      if (sandbox.goHighLevel().tagsOf(sale.contact()).contains("pago_confirmado")) {
        reached.add(variant);
      }
    }
    assertThat(reached).isEqualTo(variants);
  }

  private Notification variant(String name, Sale sale) {
    return switch (name) {
      case "v1" -> notifications.paymentUpdated(sale.paymentId());
      case "numeric id" -> withNumericId(notifications.paymentUpdated(sale.paymentId()), sale);
      case "id only in the body" ->
          notifications.resign(
              withNumericId(notifications.paymentUpdated(sale.paymentId()), sale)
                  .withQuery("type=payment"));
      case "unknown parameter" -> {
        Notification known = notifications.paymentUpdated(sale.paymentId());
        yield known.withQuery("utm_source=x&" + known.query() + "&source_news=webhooks");
      }
      case "ipn without a body" -> notifications.ipnPayment(sale.paymentId()).withBody("");
      case "order" -> notifications.merchantOrder(sale.orderId(), "closed");
      case "ipn" -> notifications.ipnPayment(sale.paymentId());
      case "ipn order" -> notifications.ipnMerchantOrder(sale.orderId());
      case "fraud alert" ->
          notifications.fraudAlert(
              Long.parseLong(sale.paymentId()), Long.parseLong(sale.orderId()));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Notification withNumericId(Notification notification, Sale sale) {
    String quoted = "\"id\":\"" + sale.paymentId() + "\"";
    String body = new String(notification.body(), StandardCharsets.UTF_8);
    assertThat(body).contains(quoted);
    return notification.withBody(body.replace(quoted, "\"id\":" + sale.paymentId()));
  }

  @Test
  void whatNobodyHandlesIsKeptAndIgnored() {
    awaitStatus(
        acuse.send(notifications.webhook("subscription_preapproval", "abc", "x")), "ignored");
    awaitStatus(acuse.send(notifications.webhook("point_integration_wh", "p1", "x")), "ignored");
    JsonNode simulated = awaitStatus(acuse.send(notifications.simulated()), "ignored");
    assertThat(simulated.path("last_error").asText()).contains("simulated");
    JsonNode hint = awaitStatus(acuse.send(notifications.ipnPayment("999999999999")), "ignored");
    assertThat(hint.path("last_error").asText()).contains("hint");
  }

  @Test
  void aPaymentThatMercadoPagoNeverKnowsFailsAfterTheWholeSchedule() {
    JsonNode event =
        awaitStatus(acuse.send(notifications.paymentCreated("138499999999")), "failed");

    assertThat(event.path("attempts").asInt()).isEqualTo(4);
    assertThat(event.path("last_error_kind").asText()).isEqualTo("not_found");
  }

  @Test
  void fiftyConcurrentCopiesAreOneEventAndOneTag() {
    Sale sale = sale(PaymentOutcome.APPROVED);
    Notification same = notifications.paymentCreated(sale.paymentId());

    List<Answer> answers = sendAtOnce(Collections.nCopies(50, same));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers).filteredOn(answer -> answer.body().contains("stored")).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.body().contains("duplicate")).hasSize(49);
    JsonNode event = awaitStatus(answers.get(0), "success");
    assertThat(eventsOf(sale.paymentId())).hasSize(1);
    await().untilAsserted(() -> assertThat(event(event).path("deliveries").asInt()).isEqualTo(50));
    assertThat(sandbox.goHighLevel().tagCalls(sale.contact())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void webhookAndIpnOfOnePaymentAreOneTagCallInEitherOrder(boolean ipnFirst) {
    Sale sale = sale(PaymentOutcome.APPROVED);
    sandbox.goHighLevel().faults().latency(Duration.ofMillis(200));
    List<Notification> both =
        new ArrayList<>(
            List.of(
                notifications.paymentCreated(sale.paymentId()),
                notifications.ipnPayment(sale.paymentId())));
    if (ipnFirst) {
      Collections.reverse(both);
    }

    List<Answer> answers = both.stream().map(acuse::send).toList();

    answers.forEach(answer -> awaitStatus(answer, "success"));
    assertThat(sandbox.goHighLevel().tagCalls(sale.contact())).hasSize(1);
  }

  @Test
  void anOrderOpenedAndThenClosedIsTwoEvents() {
    Sale sale = sale(PaymentOutcome.APPROVED);

    Answer opened = acuse.send(notifications.merchantOrder(sale.orderId(), "opened"));
    Answer closed = acuse.send(notifications.merchantOrder(sale.orderId(), "closed"));

    assertThat(opened.body()).contains("stored");
    assertThat(closed.body()).contains("stored").isNotEqualTo(opened.body());
    awaitStatus(opened, "success");
    awaitStatus(closed, "success");
    assertThat(sandbox.goHighLevel().tagCalls(sale.contact())).hasSize(1);
  }

  @Test
  void twoUpdatesOfOnePaymentAreBothApplied() {
    Sale sale = sale(PaymentOutcome.PENDING);
    awaitStatus(acuse.send(notifications.paymentCreated(sale.paymentId())), "success");
    assertThat(payment(sale).path("status").asText()).isEqualTo("pending");
    assertThat(sandbox.goHighLevel().tagsOf(sale.contact())).isEmpty();

    sandbox.mercadoPago().change(Long.parseLong(sale.paymentId()), PaymentOutcome.APPROVED);
    awaitStatus(acuse.send(notifications.paymentUpdated(sale.paymentId())), "success");

    assertThat(payment(sale).path("status").asText()).isEqualTo("approved");
    assertThat(sandbox.goHighLevel().tagsOf(sale.contact())).containsExactly("pago_confirmado");
    assertThat(eventsOf(sale.paymentId())).hasSize(2);
  }

  @Test
  void aStateThatIsOlderThanOursChangesNothing() {
    Sale sale = sale(PaymentOutcome.APPROVED);
    long id = Long.parseLong(sale.paymentId());
    var approved = sandbox.mercadoPago().payment(id).orElseThrow();
    sandbox.mercadoPago().refund(id);
    awaitStatus(acuse.send(notifications.paymentUpdated(sale.paymentId())), "success");

    // A replica that lags behind answers with yesterday's state.
    sandbox.mercadoPago().put(approved);
    awaitStatus(acuse.send(notifications.paymentUpdated(sale.paymentId())), "success");

    assertThat(payment(sale).path("status").asText()).isEqualTo("refunded");
    assertThat(sandbox.goHighLevel().tagsOf(sale.contact())).isEmpty();
  }

  @Test
  void aShuffledStormOfNotificationsEndsInTheNewestState() {
    Sale sale = sale(PaymentOutcome.PENDING);
    long id = Long.parseLong(sale.paymentId());
    List<Notification> storm = new ArrayList<>();
    for (PaymentOutcome outcome : List.of(PaymentOutcome.IN_PROCESS, PaymentOutcome.APPROVED)) {
      storm.add(notifications.paymentUpdated(sale.paymentId()));
      storm.add(notifications.ipnPayment(sale.paymentId()));
      storm.add(notifications.merchantOrder(sale.orderId(), outcome.status()));
      sandbox.mercadoPago().change(id, outcome);
    }
    Collections.shuffle(storm, new Random(11));

    List<Answer> answers = sendAtOnce(storm);

    answers.forEach(answer -> awaitStatus(answer, "success"));
    assertThat(payment(sale).path("status").asText()).isEqualTo("approved");
    assertThat(sandbox.goHighLevel().tagCalls(sale.contact())).hasSize(1);
  }

  @Test
  void aLateRejectedFirstCardNeverUndoesTheApprovedSecond() {
    Sale rejected = sale(PaymentOutcome.REJECTED);
    PaymentChange second = sandbox.mercadoPago().pay(rejected.reference(), PaymentOutcome.APPROVED);
    awaitStatus(acuse.send(notifications.paymentCreated(id(second))), "success");

    awaitStatus(acuse.send(notifications.paymentCreated(rejected.paymentId())), "success");

    assertThat(
            acuse
                .items("/api/checkouts?external_reference=" + rejected.reference())
                .get(0)
                .path("status")
                .asText())
        .isEqualTo("paid");
    assertThat(sandbox.goHighLevel().tagsOf(rejected.contact())).containsExactly("pago_confirmado");
  }

  @Test
  void whoPaidTwiceAndHasTheFirstPaymentBackHasStillPaid() {
    Sale first = sale(PaymentOutcome.APPROVED);
    awaitStatus(acuse.send(notifications.paymentCreated(first.paymentId())), "success");
    PaymentChange second = sandbox.mercadoPago().pay(first.reference(), PaymentOutcome.APPROVED);
    awaitStatus(acuse.send(notifications.paymentCreated(id(second))), "success");
    assertThat(payment(id(second)).path("flag").asText()).isEqualTo("second_approved");

    sandbox.mercadoPago().refund(Long.parseLong(first.paymentId()));
    awaitStatus(acuse.send(notifications.paymentUpdated(first.paymentId())), "success");

    assertThat(payment(id(second)).path("flag").isNull()).isTrue();
    assertThat(
            acuse
                .items("/api/checkouts?external_reference=" + first.reference())
                .get(0)
                .path("status")
                .asText())
        .isEqualTo("paid");
  }

  @Test
  void whileTheCrmIsOutPaymentsStayCurrentAndOnlyTheTagIsOutstanding() {
    sandbox.goHighLevel().faults().down();
    List<Sale> sales = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Sale sale = sale(PaymentOutcome.APPROVED);
      sales.add(sale);
      answers.add(acuse.send(notifications.paymentCreated(sale.paymentId())));
    }

    await()
        .untilAsserted(
            () ->
                assertThat(sales)
                    .allMatch(sale -> payment(sale).path("status").asText().equals("approved")));
    await()
        .untilAsserted(
            () ->
                assertThat(answers)
                    .allMatch(answer -> event(answer).path("status").asText().equals("success")));
    await()
        .untilAsserted(
            () ->
                assertThat(openEffects())
                    .hasSizeGreaterThanOrEqualTo(sales.size())
                    .allMatch(event -> event.path("waits_for").asText().equals("gohighlevel")));
    assertThat(openEffects()).allMatch(event -> event.path("attempts").asInt() <= 1);

    sandbox.goHighLevel().faults().up();

    answers.forEach(answer -> awaitStatus(answer, "success"));
    assertThat(sales).allMatch(sale -> sandbox.goHighLevel().tagCalls(sale.contact()).size() == 1);
  }

  private List<JsonNode> openEffects() {
    List<JsonNode> open = new ArrayList<>();
    acuse.items("/api/webhook-events?limit=500&origin=effect&status=pending").forEach(open::add);
    return open;
  }

  @Test
  void whileMercadoPagoIsOutForLongerThanTheWholeScheduleNothingFails() {
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      sales.add(sale(PaymentOutcome.APPROVED));
    }
    sandbox.mercadoPago().faults().down();
    List<Answer> answers =
        sales.stream()
            .map(sale -> acuse.send(notifications.paymentCreated(sale.paymentId())))
            .toList();

    // The whole schedule is 0.6 s here.
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(answers)
                    .noneMatch(
                        answer ->
                            List.of("failed", "success")
                                .contains(event(answer).path("status").asText())));
    sandbox.mercadoPago().faults().up();

    answers.forEach(answer -> awaitStatus(answer, "success"));
    assertThat(answers).allMatch(answer -> event(answer).path("attempts").asInt() == 1);
  }

  @Test
  void aRevokedTokenIsAnOutageAndNotTheEventsFailure() {
    Sale sale = sale(PaymentOutcome.APPROVED);
    sandbox.mercadoPago().faults().always(401);
    Answer answer = acuse.send(notifications.paymentCreated(sale.paymentId()));
    await()
        .untilAsserted(
            () ->
                assertThat(event(answer).path("last_error_kind").asText())
                    .isEqualTo("unauthorized"));

    sandbox.mercadoPago().faults().none();

    assertThat(awaitStatus(answer, "success").path("attempts").asInt()).isEqualTo(1);
  }

  @Test
  void aContactThatDoesNotExistFailsAtOnceWithTheCrmsWord() {
    Sale sale = sale(PaymentOutcome.APPROVED);
    sandbox.goHighLevel().deleteContact(sale.contact());

    awaitStatus(acuse.send(notifications.paymentCreated(sale.paymentId())), "success");

    List<String> failed =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                            SELECT CONCAT(a.number, ': ', e.error) FROM effects e
                            JOIN webhook_attempts a ON a.event_id = e.event_id
                            WHERE e.target = :contact AND e.state = 'failed'
                            """)
                        .bind("contact", sale.contact())
                        .mapTo(String.class)
                        .list());
    assertThat(failed)
        .as("one attempt")
        .singleElement()
        .asString()
        .startsWith("1: ")
        .contains("not found");
    assertThat(payment(sale).path("status").asText()).isEqualTo("approved");
  }

  @Test
  void aCheckoutRegisteredLaterLinksThePaymentThatCameBefore() {
    String reference = "late-" + NEXT.incrementAndGet();
    String contact = "contact" + NEXT.incrementAndGet();
    PaymentChange paid =
        sandbox.mercadoPago().payDirectly(terms(reference), PaymentOutcome.APPROVED);
    awaitStatus(acuse.send(notifications.ipnPayment(id(paid))), "success");
    assertThat(payment(id(paid)).path("checkout_id").isNull()).isTrue();

    acuse.checkout(reference, contact);

    await()
        .untilAsserted(() -> assertThat(payment(id(paid)).path("checkout_id").isNumber()).isTrue());
    await()
        .untilAsserted(
            () ->
                assertThat(sandbox.goHighLevel().tagsOf(contact))
                    .containsExactly("pago_confirmado"));
  }

  private SandboxPayment.Terms terms(@Nullable String reference) {
    return new SandboxPayment.Terms(
        new BigDecimal("1500.50"),
        "ARS",
        reference,
        null,
        sandbox.options().credentials().collectorId(),
        Map.of());
  }

  private record Sale(String reference, String contact, String paymentId, String orderId) {}

  private Sale sale(PaymentOutcome outcome) {
    int number = NEXT.incrementAndGet();
    String reference = "sale-" + number;
    String contact = "contact" + number;
    acuse.checkout(reference, contact);
    PaymentChange paid = sandbox.mercadoPago().pay(reference, outcome);
    return new Sale(reference, contact, id(paid), String.valueOf(paid.payment().orderId()));
  }

  private static String id(PaymentChange change) {
    return String.valueOf(change.payment().id());
  }

  private List<Answer> sendAtOnce(List<Notification> all) {
    ExecutorService executor = Executors.newFixedThreadPool(all.size());
    try {
      return all.stream()
          .map(one -> CompletableFuture.supplyAsync(() -> acuse.send(one), executor))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    } finally {
      executor.shutdownNow();
    }
  }

  private JsonNode payment(Sale sale) {
    return payment(sale.paymentId());
  }

  private JsonNode payment(String mpPaymentId) {
    JsonNode found = acuse.items("/api/payments?payment_id=" + mpPaymentId);
    return found.isEmpty() ? found : found.get(0);
  }

  private List<JsonNode> eventsOf(String mpPaymentId) {
    List<JsonNode> events = new ArrayList<>();
    for (JsonNode event : acuse.items("/api/webhook-events?type=payment&limit=500")) {
      if (event.path("resource_id").asText().equals(mpPaymentId)) {
        events.add(event);
      }
    }
    return events;
  }

  private JsonNode event(Answer answer) {
    return event(RunningAcuse.json(answer.body()));
  }

  private JsonNode event(JsonNode named) {
    String webhookId = named.path("webhook_id").asText();
    for (JsonNode event : acuse.items("/api/webhook-events?limit=500")) {
      if (event.path("webhook_id").asText().equals(webhookId)) {
        return event;
      }
    }
    throw new AssertionError("no event " + webhookId);
  }

  private JsonNode awaitStatus(Answer answer, String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(event(answer).path("status").asText()).isEqualTo(status));
    if (status.equals("success")) {
      TestEffects.awaitCarriedOut(database.jdbi());
    }
    return event(answer);
  }
}
