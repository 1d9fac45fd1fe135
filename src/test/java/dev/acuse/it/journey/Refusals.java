package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier.Answer;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.RefusedCaller;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that are about us, about one resource, or about neither, through the whole service; each
 * engine has a class of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Refusals {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final Notifications notifications = sandbox.notifications();
  private final RunningAcuse acuse;

  Refusals(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of("payment.findContactByEmail", "true"));
  }

  @AfterEach
  void repair() {
    sandbox.mercadoPago().faults().none();
    sandbox.goHighLevel().faults().none();
    await().until(() -> isUp("mercadopago"));
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalOfUsIsAnOutageWithItsCauseAndEverythingDrainsWhenItEnds(RefusedCaller refusal)
      throws Exception {
    List<Sale> sales = List.of(sale(), sale(), sale());
    sandbox.mercadoPago().faults().always(refusal.fault());
    List<Answer> answers =
        sales.stream().map(sale -> acuse.send(notifications.paymentCreated(sale.id()))).toList();

    await().until(() -> state("mercadopago").path("state").asText().equals("refused"));
    assertThat(state("mercadopago").path("cause").asText())
        .startsWith("MercadoPago answered 40")
        .doesNotEndWith("no reason given");
    staysUnended(answers);
    assertThat(healthCheck().path("mercadopago").path("healthy").asBoolean()).isFalse();
    assertThat(healthCheck().path("mercadopago").path("message").asText())
        .contains("refuses our token", "MercadoPago answered 40");
    for (String words : List.of("en:refuses us", "es:nos rechaza", "pt:nos recusa")) {
      assertThat(console(words.substring(0, 2)))
          .contains(words.substring(3), "MercadoPago answered 40");
    }
    assertThat(answers)
        .anyMatch(answer -> event(answer).path("last_error_kind").asText().equals("unauthorized"));

    sandbox.mercadoPago().faults().none();

    drains(answers, sales);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 401, 403, 404, 407, 451, 502, 511, 522})
  void aPageOfWhatStandsBetweenSaysNothingAboutTheEvent(int status) throws Exception {
    List<Sale> sales = List.of(sale(), sale());
    sandbox.mercadoPago().faults().always(Fault.page(status));
    List<Answer> answers =
        sales.stream().map(sale -> acuse.send(notifications.paymentCreated(sale.id()))).toList();

    await().until(() -> !isUp("mercadopago"));
    assertThat(state("mercadopago").path("state").asText()).isEqualTo("out");
    assertThat(state("mercadopago").path("cause").asText()).contains("" + status);
    staysUnended(answers);

    sandbox.mercadoPago().faults().none();

    drains(answers, sales);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 401, 403, 404, 407, 422, 451, 511, 522})
  void aPageBeforeTheCrmSaysNothingAboutTheContact(int status) {
    List<Sale> sales = List.of(sale(), sale());
    sandbox.goHighLevel().faults().always(Fault.page(status));
    List<Answer> answers =
        sales.stream().map(sale -> acuse.send(notifications.paymentCreated(sale.id()))).toList();

    await().until(() -> !isUp("gohighlevel"));
    answers.forEach(
        answer ->
            await()
                .untilAsserted(
                    () -> assertThat(event(answer).path("status").asText()).isEqualTo("success")));
    assertThat(sales).allMatch(sale -> sandbox.goHighLevel().tagsOf(sale.contact()).isEmpty());

    sandbox.goHighLevel().faults().none();

    drains(answers, sales);
    await().until(() -> isUp("gohighlevel"));
  }

  @Test
  void anOrderOfAnotherSellerEndsItsHintAndHoldsNothingBack() {
    Sale sale = sale();
    sandbox.mercadoPago().giveOrderAway(sale.orderId());

    for (int i = 0; i < 8; i++) {
      Notification hint = notifications.ipnMerchantOrder(String.valueOf(sale.orderId()));
      JsonNode event = awaitStatus(acuse.send(hint.withQuery(hint.query() + "&n=" + i)), "ignored");
      assertThat(event.path("last_error").asText()).contains("hint", "may not read");
      assertThat(event.path("attempts").asInt()).isEqualTo(1);
    }

    assertThat(isUp("mercadopago")).isTrue();
    awaitStatus(acuse.send(notifications.paymentCreated(sale.id())), "success");
  }

  @Test
  void aHintThatMercadoPagoRefusesInKnownWordsEnds() {
    sandbox.mercadoPago().faults().always(400);

    JsonNode event = awaitStatus(acuse.send(notifications.ipnPayment("1")), "ignored");

    assertThat(event.path("last_error").asText()).contains("hint", "Params error");
    assertThat(isUp("mercadopago")).isTrue();
  }

  @Test
  void signedNotificationsThatAreAllRefusedSaySomethingAboutUs() {
    List<Answer> answers = new ArrayList<>();
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sales.add(sale());
    }
    sandbox.mercadoPago().faults().always(403);
    for (Sale sale : sales) {
      answers.add(acuse.send(notifications.paymentCreated(sale.id())));
    }

    await().until(() -> state("mercadopago").path("state").asText().equals("refused"));
    assertThat(state("mercadopago").path("cause").asText()).contains("in a row");

    sandbox.mercadoPago().faults().none();

    answers.forEach(answer -> awaitStatus(answer, "success"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "juan@gmail",
        "XXXXXXXXXXX",
        "a@b.c, d@e.f",
        "a@b.c",
        "a b@example.test",
        "@example.test",
        "a@",
        "a@@example.test",
        "a@example..test",
        "a@-example.test",
        ".a@example.test",
        "a..b@example.test",
        "<a@example.test>",
        "n/a"
      })
  void anAddressThatCannotBeOneIsNotSearchedForAndNobodyIsFound(String email) {
    long before = sandbox.goHighLevel().requestCount("/contacts/search");

    JsonNode event = awaitStatus(acuse.send(notifications.ipnPayment(direct(email))), "success");

    assertThat(event.path("attempts").asInt()).isEqualTo(1);
    assertThat(sandbox.goHighLevel().requestCount("/contacts/search")).isEqualTo(before);
  }

  @Test
  void a422OfTheSearchIsNobodyFound() {
    sandbox.goHighLevel().faults().fail(1, 422);

    awaitStatus(acuse.send(notifications.ipnPayment(direct("odd@example.test"))), "success");

    assertThat(isUp("gohighlevel")).isTrue();
  }

  @Test
  void aContactIsFoundByItsFurtherAddresses() {
    int number = NEXT.incrementAndGet();
    String contact = "contact" + number;
    sandbox
        .goHighLevel()
        .addContact(
            contact,
            "first" + number + "@example.test",
            List.of("Second" + number + "@Example.test", "third" + number + "@example.test"));

    awaitStatus(
        acuse.send(notifications.ipnPayment(direct("second" + number + "@example.test"))),
        "success");

    assertThat(sandbox.goHighLevel().tagsOf(contact)).containsExactly("pago_confirmado");
  }

  private record Sale(String contact, String id, long orderId) {}

  private Sale sale() {
    int number = NEXT.incrementAndGet();
    String contact = "contact" + number;
    acuse.checkout("sale-" + number, contact);
    SandboxPayment paid =
        sandbox.mercadoPago().pay("sale-" + number, PaymentOutcome.APPROVED).payment();
    return new Sale(contact, String.valueOf(paid.id()), paid.orderId());
  }

  private String direct(String email) {
    var terms =
        new SandboxPayment.Terms(
            new BigDecimal("10"),
            "ARS",
            null,
            email,
            sandbox.options().credentials().collectorId(),
            Map.of());
    return String.valueOf(
        sandbox.mercadoPago().payDirectly(terms, PaymentOutcome.APPROVED).payment().id());
  }

  /** For longer than the whole schedule, which is 0.6 s here. */
  private void staysUnended(List<Answer> answers) {
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(answers)
                    .noneMatch(
                        answer ->
                            List.of("failed", "ignored", "success")
                                .contains(event(answer).path("status").asText())));
  }

  private void drains(List<Answer> answers, List<Sale> sales) {
    for (Answer answer : answers) {
      assertThat(awaitStatus(answer, "success").path("attempts").asInt()).isEqualTo(1);
    }
    assertThat(sales).allMatch(sale -> sandbox.goHighLevel().tagsOf(sale.contact()).size() == 1);
  }

  private JsonNode state(String system) {
    for (JsonNode one : RunningAcuse.json(acuse.get("/api/stats")).path("downstreams")) {
      if (one.path("name").asText().equals(system)) {
        return one;
      }
    }
    throw new AssertionError("no " + system);
  }

  private boolean isUp(String system) {
    return state(system).path("up").asBoolean();
  }

  private String console(String language) {
    return acuse
        .exchange(
            HttpRequest.newBuilder(acuse.url("/console/health"))
                .header("Accept-Language", language)
                .build())
        .body();
  }

  private JsonNode healthCheck() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/healthcheck");
    return RunningAcuse.json(
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .body());
  }

  private @Nullable JsonNode find(String webhookId) {
    for (JsonNode event : acuse.items("/api/webhook-events?limit=500")) {
      if (event.path("webhook_id").asText().equals(webhookId)) {
        return event;
      }
    }
    return null;
  }

  private JsonNode event(Answer answer) {
    String webhookId = RunningAcuse.json(answer.body()).path("webhook_id").asText();
    JsonNode event = find(webhookId);
    if (event == null) {
      throw new AssertionError("no event " + webhookId);
    }
    return event;
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
