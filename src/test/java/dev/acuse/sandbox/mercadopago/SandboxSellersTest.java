package dev.acuse.sandbox.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Hmac;
import dev.acuse.sandbox.Http;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.WebhookStub;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.SandboxRequest;
import dev.acuse.support.ManualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxSellersTest {
  private static final String PREFERENCE =
      """
      {"items": [{"title": "%s", "quantity": 1, "unit_price": 100, "currency_id": "ARS"}],
       "external_reference": "order-1"}
      """;

  private Sandbox sandbox;
  private SandboxMercadoPago mercadoPago;
  private SandboxSeller first;
  private SandboxSeller second;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(ManualClock.create()));
    mercadoPago = sandbox.mercadoPago();
    first = mercadoPago.seller("2001").token("APP_USR-a");
    second = mercadoPago.seller("2002").token("APP_USR-b");
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void aSellerIsMadeOnceAndTheFirstOneStaysWhatItWas() throws Exception {
    SandboxSeller own = mercadoPago.seller();

    assertThat(mercadoPago.seller(2001)).isSameAs(first);
    assertThat(mercadoPago.seller(own.userId())).isSameAs(own);
    assertThat(own.token()).isEqualTo(sandbox.options().credentials().accessToken());
    assertThat(mercadoPago.sellers()).containsExactly(own, first, second);
    assertThat(mercadoPago.findSeller(2003)).isEmpty();
    assertThat(as(own.token()).json("/users/me").path("nickname").textValue()).isEqualTo("SANDBOX");
  }

  @Test
  void theTokenSaysWhoCalls() throws Exception {
    second.site(Site.MLB).testUser();

    JsonNode ofFirst = as("APP_USR-a").json("/users/me");
    JsonNode ofSecond = as("APP_USR-b").json("/users/me");

    assertThat(ofFirst.path("id").longValue()).isEqualTo(2001);
    assertThat(ofFirst.path("site_id").textValue()).isEqualTo("MLA");
    assertThat(ofFirst.path("tags")).isEmpty();
    assertThat(ofSecond.path("id").longValue()).isEqualTo(2002);
    assertThat(ofSecond.path("site_id").textValue()).isEqualTo("MLB");
    assertThat(ofSecond.path("tags").path(0).textValue()).isEqualTo("test_user");
    assertThat(as("APP_USR-c").get("/users/me").statusCode()).isEqualTo(401);
  }

  @Test
  void theSameReferenceIsAnotherCheckoutAtEachSeller() throws Exception {
    JsonNode ofFirst = createPreference("APP_USR-a", "Guitar");
    JsonNode ofSecond = createPreference("APP_USR-b", "Yoga");

    PaymentChange paid = second.pay("order-1", PaymentOutcome.APPROVED);

    assertThat(ofFirst.path("id").textValue()).startsWith("2001-");
    assertThat(ofFirst.path("collector_id").longValue()).isEqualTo(2001);
    assertThat(Objects.requireNonNull(paid.order()).preferenceId())
        .isEqualTo(ofSecond.path("id").textValue());
    assertThat(paid.payment().terms().collectorId()).isEqualTo(2002);
    assertThat(first.payments()).isEmpty();
    assertThatThrownBy(() -> mercadoPago.pay("order-1", PaymentOutcome.APPROVED))
        .hasMessageContaining("order-1");
    assertThat(search("APP_USR-a", "external_reference=order-1")).isEmpty();
    assertThat(search("APP_USR-b", "external_reference=order-1"))
        .containsExactly(paid.payment().id());
  }

  @Test
  void oneIdempotencyKeyOfTwoSellersMakesTwoPreferences() throws Exception {
    String body = PREFERENCE.formatted("Guitar");

    JsonNode ofFirst =
        Http.json(
            as("APP_USR-a").post("/checkout/preferences", body, "X-Idempotency-Key", "key-1"));
    JsonNode ofSecond =
        Http.json(
            as("APP_USR-b").post("/checkout/preferences", body, "X-Idempotency-Key", "key-1"));

    assertThat(ofFirst.path("collector_id").longValue()).isEqualTo(2001);
    assertThat(ofSecond.path("collector_id").longValue()).isEqualTo(2002);
  }

  @Test
  void whatIsAnothersIsNotShown() throws Exception {
    JsonNode preference = createPreference("APP_USR-a", "Guitar");
    PaymentChange paid = first.pay("order-1", PaymentOutcome.APPROVED);
    String payment = "/v1/payments/" + paid.payment().id();
    String order = "/merchant_orders/" + paid.payment().orderId();
    String page = "/checkout/preferences/" + preference.path("id").textValue();
    Http other = as("APP_USR-b");

    assertThat(as("APP_USR-a").get(payment).statusCode()).isEqualTo(200);
    assertThat(as("APP_USR-a").get(order).statusCode()).isEqualTo(200);
    assertThat(as("APP_USR-a").get(page).statusCode()).isEqualTo(200);
    assertThat(Http.json(other.get(payment)).path("cause").path(0).path("code").intValue())
        .isEqualTo(2000);
    assertThat(other.get(payment).statusCode()).isEqualTo(404);
    assertThat(other.get(order).statusCode()).isEqualTo(403);
    assertThat(other.get(page).statusCode()).isEqualTo(404);
    assertThat(other.json("/merchant_orders/search?external_reference=order-1").path("total"))
        .isEqualTo(Json.tree(0));
  }

  @Test
  void twoSellersMayHaveAPaymentAndAnOrderOfOneId() throws Exception {
    createPreference("APP_USR-a", "Guitar");
    createPreference("APP_USR-b", "Yoga");
    first.nextIds(77, 88L).pay("order-1", PaymentOutcome.APPROVED);
    second.nextIds(77, 88L).pay("order-1", PaymentOutcome.REJECTED);

    first.refund(77, null);

    assertThat(as("APP_USR-a").json("/v1/payments/77").path("status").textValue())
        .isEqualTo("refunded");
    assertThat(as("APP_USR-b").json("/v1/payments/77").path("status").textValue())
        .isEqualTo("rejected");
    assertThat(as("APP_USR-b").json("/merchant_orders/88").path("collector").path("id").longValue())
        .isEqualTo(2002);
    assertThatThrownBy(() -> first.nextIds(77, null)).isInstanceOf(IllegalStateException.class);
    assertThat(first.pay("order-1", PaymentOutcome.APPROVED).payment().id()).isNotEqualTo(77);
  }

  @Test
  void idsThatAreNotAskedForAreOneSeriesOfAllSellers() throws Exception {
    createPreference("APP_USR-a", "Guitar");
    createPreference("APP_USR-b", "Yoga");

    long one = first.pay("order-1", PaymentOutcome.APPROVED).payment().id();
    long other = second.pay("order-1", PaymentOutcome.APPROVED).payment().id();

    assertThat(other).isEqualTo(one + 1);
  }

  @Test
  void aSearchListsWhatTheSellerPaidToo() throws Exception {
    createPreference("APP_USR-b", "Yoga");
    long own = second.sellTo(first, BigDecimal.TEN, "r1", PaymentOutcome.APPROVED).payment().id();
    long ordered = second.pay("order-1", PaymentOutcome.APPROVED, null, first).payment().id();
    long others = second.pay("order-1", PaymentOutcome.APPROVED).payment().id();

    assertThat(search("APP_USR-a", "")).containsExactlyInAnyOrder(own, ordered);
    assertThat(search("APP_USR-b", "")).containsExactlyInAnyOrder(own, ordered, others);
    JsonNode found =
        as("APP_USR-a").json("/v1/payments/search?external_reference=r1").path("results").path(0);
    assertThat(found.path("collector_id").longValue()).isEqualTo(2002);
    assertThat(found.path("payer").path("id").textValue()).isEqualTo("2001");
    assertThat(first.payments()).isEmpty();
  }

  @Test
  void aPaidPaymentIsA404ToItsPayerUnlessPayersMayRead() throws Exception {
    long id = second.sellTo(first, BigDecimal.TEN, "r1", PaymentOutcome.APPROVED).payment().id();
    SandboxSeller third = mercadoPago.seller(2003);

    assertThat(as("APP_USR-a").get("/v1/payments/" + id).statusCode()).isEqualTo(404);
    mercadoPago.payersMayRead(true);

    assertThat(as("APP_USR-a").json("/v1/payments/" + id).path("collector_id").longValue())
        .isEqualTo(2002);
    assertThat(as(third.token()).get("/v1/payments/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void aRevokedTokenIs401AndANewOneWorks() throws Exception {
    first.revoke("APP_USR-a");
    assertThat(as("APP_USR-a").get("/users/me").statusCode()).isEqualTo(401);
    assertThat(as("APP_USR-b").get("/users/me").statusCode()).isEqualTo(200);

    first.replaceToken("APP_USR-a2");

    assertThat(first.token()).isEqualTo("APP_USR-a2");
    assertThat(first.tokens()).containsExactly("APP_USR-a2");
    assertThat(as("APP_USR-a2").json("/users/me").path("id").longValue()).isEqualTo(2001);
    assertThat(as("APP_USR-a").get("/users/me").statusCode()).isEqualTo(401);
    first.token("APP_USR-a3");
    assertThat(as("APP_USR-a2").get("/users/me").statusCode()).isEqualTo(200);
    first.revokeAll();
    assertThat(as("APP_USR-a3").get("/users/me").statusCode()).isEqualTo(401);
    assertThatThrownBy(first::token).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTokenIsOfOneSeller() {
    first.revoke("APP_USR-a");

    assertThatThrownBy(() -> second.token("APP_USR-a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> second.revoke("APP_USR-a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void faultsOfOneSellerMeetNoOther() throws Exception {
    first.faults().always(503);

    assertThat(as("APP_USR-a").get("/users/me").statusCode()).isEqualTo(503);
    assertThat(as("APP_USR-b").get("/users/me").statusCode()).isEqualTo(200);
    first.faults().none();
    first.faults().down();
    assertThatThrownBy(() -> as("APP_USR-a").get("/users/me")).isInstanceOf(IOException.class);
    assertThat(as("APP_USR-b").get("/users/me").statusCode()).isEqualTo(200);
  }

  @Test
  void aDelayOfOneSellerHoldsUpNoOther() throws Exception {
    first.faults().latency(Duration.ofHours(1));

    assertThatThrownBy(() -> as("APP_USR-a").call(Duration.ofMillis(200), "GET", "/users/me", ""))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(as("APP_USR-b").get("/users/me").statusCode()).isEqualTo(200);
  }

  @Test
  void theServersFaultsMeetEverySellerFirst() throws Exception {
    first.faults().always(500);
    mercadoPago.faults().fail(2, 429);

    assertThat(as("APP_USR-a").get("/users/me").statusCode()).isEqualTo(429);
    assertThat(as("APP_USR-b").get("/users/me").statusCode()).isEqualTo(429);
    assertThat(as("APP_USR-a").get("/users/me").statusCode()).isEqualTo(500);
  }

  @Test
  void callsAreCountedByTokenRefusedOnesToo() throws Exception {
    as("APP_USR-a").get("/v1/payments/1");
    as("APP_USR-a").get("/v1/payments/1");
    as("APP_USR-a").get("/users/me");
    first.revoke("APP_USR-a");
    as("APP_USR-a").get("/v1/payments/1");
    as("APP_USR-x").get("/v1/payments/1");
    first.token("APP_USR-a2");
    as("APP_USR-a2").get("/v1/payments/2");

    assertThat(mercadoPago.requestCount("APP_USR-a", "/v1/payments/1")).isEqualTo(3);
    assertThat(mercadoPago.requestCount("APP_USR-a", "/")).isEqualTo(4);
    assertThat(mercadoPago.requestCount("APP_USR-x", "/")).isEqualTo(1);
    assertThat(first.requestCount("/v1/payments")).isEqualTo(4);
    assertThat(first.requestCount("/")).isEqualTo(5);
    assertThat(second.requestCount("/")).isZero();
    assertThat(mercadoPago.requests())
        .extracting(SandboxRequest::caller)
        .containsExactly("2001", "2001", "2001", "2001", null, "2001");
  }

  @Test
  void sellersOfOneApplicationShareItsSecret() throws Exception {
    SandboxApplication application = mercadoPago.application("7910000000000002").secret("shared");
    first.application("7910000000000002");
    second.application("7910000000000002");
    SandboxSeller third = mercadoPago.seller(2003);
    try (var acuse = new WebhookStub(request -> 200)) {
      for (SandboxSeller seller : List.of(first, second, third)) {
        var notifier = sandbox.notifier(seller, acuse.url("/webhooks/mp"));
        notifier.send(notifier.notifications().merchantOrder("5", "opened"));
      }

      List<Request> received = acuse.received();
      assertThat(received)
          .extracting(request -> body(request).path("user_id").textValue())
          .containsExactly("2001", "2002", "2003");
      assertThat(received)
          .extracting(request -> body(request).path("application_id").textValue())
          .containsExactly("7910000000000002", "7910000000000002", "7910000000000001");
      assertThat(Hmac.fits(received.get(0), "shared")).isTrue();
      assertThat(Hmac.fits(received.get(1), "shared")).isTrue();
      assertThat(Hmac.fits(received.get(2), "shared")).isFalse();
      assertThat(Hmac.fits(received.get(2), sandbox.options().credentials().webhookSecret()))
          .isTrue();
    }
    assertThat(application.toString()).doesNotContain("shared");
  }

  @Test
  void aSecretThatIsRenewedSignsFromThenOn() throws Exception {
    try (var acuse = new WebhookStub(request -> 200)) {
      var notifier = sandbox.notifier(first, acuse.url("/webhooks/mp"));
      first.application("7910000000000003");
      mercadoPago.application("7910000000000003").secret("new");

      notifier.send(notifier.notifications().paymentCreated("5"));

      assertThat(Hmac.fits(acuse.received().get(0), "new")).isTrue();
    }
  }

  @Test
  void aSubscriptionsWebhookNamesTheApplicationAndNoSeller() throws Exception {
    first.application("7910000000000002");
    JsonNode body =
        Objects.requireNonNull(
            Json.readObject(
                first
                    .notifications()
                    .subscription("subscription_preapproval", "preapproval", "0a1b", "updated", 3)
                    .body()));

    assertThat(body.path("application_id").longValue()).isEqualTo(7910000000000002L);
    assertThat(body.has("user_id")).isFalse();
    assertThat(body.path("id").asText()).hasSize(17);
    assertThat(body.path("data").path("id").textValue()).isEqualTo("0a1b");
    assertThat(body.path("version").intValue()).isEqualTo(3);
  }

  @Test
  void aSaleBetweenTwoSellersIsAnnouncedToBothByTheirOwnNames() throws Exception {
    createPreference("APP_USR-b", "Yoga");
    try (var acuse = new WebhookStub(request -> 200)) {
      sandbox.announceSales(second, acuse.url("/webhooks/mp/second"));
      sandbox.announcePurchases(first, acuse.url("/webhooks/mp/first"));

      long id = second.pay("order-1", PaymentOutcome.APPROVED, null, first).payment().id();

      await()
          .untilAsserted(
              () -> {
                assertThat(webhooks(acuse, "/webhooks/mp/second")).contains("2002 payment " + id);
                assertThat(webhooks(acuse, "/webhooks/mp/first")).contains("2001 payment " + id);
              });
      assertThat(webhooks(acuse, "/webhooks/mp/first")).containsOnly("2001 payment " + id);
    }
  }

  @Test
  void listenersOfOneSellerHearOfNoOther() throws Exception {
    createPreference("APP_USR-b", "Yoga");
    List<String> heard = new ArrayList<>();
    mercadoPago.onPaymentChanged(change -> heard.add("first seller"));
    first.onPaymentChanged(change -> heard.add("sale"));
    first.onPurchaseChanged(
        change -> heard.add("purchase " + change.payment().status() + " " + change.order()));
    second.onPurchaseChanged(change -> heard.add("purchase of second"));

    long id = second.pay("order-1", PaymentOutcome.APPROVED, null, first).payment().id();
    second.refund(id, null);
    second.pay("order-1", PaymentOutcome.APPROVED);

    assertThat(heard).containsExactly("purchase approved null", "purchase refunded null");
  }

  private Http as(String token) {
    return new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer " + token);
  }

  private JsonNode createPreference(String token, String title) throws Exception {
    return Http.json(as(token).post("/checkout/preferences", PREFERENCE.formatted(title)));
  }

  private List<Long> search(String token, String query) throws Exception {
    var ids = new ArrayList<Long>();
    as(token)
        .json("/v1/payments/search?" + query)
        .path("results")
        .forEach(result -> ids.add(result.path("id").longValue()));
    return ids;
  }

  /** Seller, topic and id of each webhook of the newer channel about a payment or an order. */
  private static List<String> webhooks(WebhookStub acuse, String path) {
    return acuse.received().stream()
        .filter(request -> request.path().equals(path))
        .filter(request -> request.query().containsKey("data.id"))
        .map(
            request ->
                "%s %s %s"
                    .formatted(
                        body(request).path("user_id").textValue(),
                        request.query().get("type"),
                        request.query().get("data.id")))
        .toList();
  }

  private static JsonNode body(Request request) {
    return Objects.requireNonNull(Json.readObject(request.body()));
  }
}
