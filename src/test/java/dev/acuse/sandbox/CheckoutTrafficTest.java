package dev.acuse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckoutTrafficTest {
  private static final int CUSTOMERS = 24;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Sandbox sandbox;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(ManualClock.create()));
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
    sandbox.close();
  }

  @Test
  void customersBuyInEveryWayAndTheirPaymentsAreAnnounced() throws Exception {
    try (var acuse = new WebhookStub(this::likeAcuse)) {
      var announcer =
          new PaymentAnnouncer(sandbox.notifier(acuse.url("/webhooks/mp")), 1, List.of());
      sandbox.mercadoPago().onPaymentChanged(announcer);

      run(acuse.url("/"), "api-token");

      assertThat(registrations(acuse)).hasSize(CUSTOMERS);
      assertThat(registrations(acuse))
          .allMatch(request -> "Bearer api-token".equals(request.header("authorization")));
      assertThat(sandbox.mercadoPago().payments())
          .extracting(SandboxPayment::status)
          .contains("approved", "rejected", "refunded");
      assertThat(told).anyMatch(sentence -> sentence.endsWith("was paid in cash"));
      JsonNode first = json(registrations(acuse).get(0));
      assertThat(first.path("currency").textValue()).isEqualTo("ARS");
      assertThat(first.path("amount").decimalValue()).isPositive();
      assertThat(sandbox.goHighLevel().contactCount()).isEqualTo(CUSTOMERS);
      await().untilAsserted(() -> assertThat(announcedPayments(acuse)).containsAll(paymentIds()));
      assertThat(announcer.givenUp()).isZero();
    }
  }

  @Test
  void aCustomerWhoCannotBeRegisteredIsToldOfAndTheOthersGoOn() throws Exception {
    try (var acuse = new WebhookStub(request -> 503)) {
      run(acuse.url("/"), null);

      assertThat(told).hasSize(CUSTOMERS).allMatch(line -> line.contains("status 503"));
      assertThat(sandbox.mercadoPago().payments()).isEmpty();
    }
  }

  private void run(URI acuse, @Nullable String apiToken) throws Exception {
    var plan = new TrafficPlan(acuse, apiToken, CUSTOMERS, Duration.ofMillis(5), 1);
    try (var traffic = new CheckoutTraffic(plan, sandbox, timer, told::add)) {
      traffic.start();
      traffic.done().get(20, TimeUnit.SECONDS);
    }
  }

  /** Registers a checkout as Acuse does: by creating a preference at MercadoPago. */
  private int likeAcuse(Request request) {
    if (!request.path().equals("/api/checkouts")) {
      return 200;
    }
    JsonNode checkout = json(request);
    ObjectNode preference = Json.object();
    preference
        .putArray("items")
        .addObject()
        .put("title", checkout.path("title").textValue())
        .put("quantity", 1)
        .put("unit_price", checkout.path("amount").decimalValue());
    preference.put("external_reference", checkout.path("external_reference").textValue());
    sandbox.mercadoPago().books().createPreference(null, preference);
    return 201;
  }

  private static JsonNode json(Request request) {
    return Objects.requireNonNull(Json.readObject(request.body()));
  }

  private static List<Request> registrations(WebhookStub acuse) {
    return acuse.received().stream()
        .filter(request -> request.path().equals("/api/checkouts"))
        .toList();
  }

  private static List<String> announcedPayments(WebhookStub acuse) {
    return acuse.received().stream()
        .filter(request -> "payment".equals(request.query().get("type")))
        .map(request -> request.query().get("data.id"))
        .toList();
  }

  private List<String> paymentIds() {
    return sandbox.mercadoPago().payments().stream()
        .map(payment -> Long.toString(payment.id()))
        .toList();
  }
}
