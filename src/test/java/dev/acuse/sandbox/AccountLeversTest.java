package dev.acuse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.ManualClock;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountLeversTest {
  private Sandbox sandbox;
  private Http person;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(ManualClock.create()));
    person = new Http(sandbox.mercadoPagoUrl());
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void aSellerIsMadeAndItsTokensAreReplacedAndRevoked() throws Exception {
    JsonNode made =
        lever(
            "seller?id=2001&token=t1&site=MLB&application=7910000000000002&secret=s&test_user=true");

    SandboxSeller seller = sandbox.mercadoPago().findSeller(2001).orElseThrow();
    assertThat(made.path("seller").longValue()).isEqualTo(2001);
    assertThat(made.path("site").textValue()).isEqualTo("MLB");
    assertThat(made.path("application").textValue()).isEqualTo("7910000000000002");
    assertThat(made.path("secret").textValue()).isEqualTo("s");
    assertThat(seller.isTestUser()).isTrue();
    assertThat(seller.tokens()).containsExactly("t1");
    assertThat(me("t1")).isEqualTo(200);

    lever("token?seller=2001&token=t2&replace=true");
    assertThat(me("t1")).isEqualTo(401);
    assertThat(me("t2")).isEqualTo(200);

    lever("token?seller=2001&token=t3");
    lever("revoke?seller=2001&token=t3");
    assertThat(me("t2")).isEqualTo(200);
    assertThat(me("t3")).isEqualTo(401);

    lever("revoke?seller=2001");
    assertThat(me("t2")).isEqualTo(401);
  }

  @Test
  void aLocationIsMadeWithItsLimitsAndContacts() throws Exception {
    lever("location?id=locA&token=p1&enforce_rate=true&per_interval=1&per_day=5");
    lever("contact?location=locA&id=c1&email=a@example.test");

    assertThat(contact("p1")).isEqualTo(200);
    assertThat(contact("p1")).isEqualTo(429);
    lever("location?id=locA&enforce_rate=false");
    lever("token?location=locA&token=p2&replace=true");
    assertThat(contact("p1")).isEqualTo(401);
    assertThat(contact("p2")).isEqualTo(200);
    lever("revoke?location=locA&token=p2");
    assertThat(contact("p2")).isEqualTo(401);
    lever("location?id=locB&token=p3&create_unknown=true");
    assertThat(contact("p3")).isEqualTo(403);
    assertThat(sandbox.goHighLevel().location("locA").contactCount()).isEqualTo(1);
    assertThat(sandbox.goHighLevel().location().contactCount()).isZero();
  }

  @Test
  void faultsAreOrderedForOneSellerOrLocation() throws Exception {
    lever("seller?id=2001&token=t1");
    lever("seller?id=2002&token=t2");
    lever("location?id=locA&token=p1");

    lever("faults?target=mercadopago&seller=2001&kind=status&status=503");
    lever("faults?target=gohighlevel&location=locA&kind=status&status=500&times=1");

    assertThat(me("t1")).isEqualTo(503);
    assertThat(me("t2")).isEqualTo(200);
    assertThat(contact("p1")).isEqualTo(500);
    assertThat(contact("p1")).isEqualTo(400);
    JsonNode state = person.json("/_sandbox/state");
    assertThat(state.path("sellers").path("2001").path("faults").textValue())
        .contains("always=status 503");
    assertThat(state.path("sellers").path("2002").path("faults").textValue())
        .contains("always=null");
    assertThat(state.path("locations").path("locA").path("contacts").intValue()).isZero();
  }

  @Test
  void oneSellerPaysAnotherAndBothHearOfIt() throws Exception {
    try (var acuse = new WebhookStub(request -> 200)) {
      lever("seller?id=2001&purchases_url=" + encoded(acuse, "/webhooks/mp/buyer"));
      lever(
          "seller?id=2002&application=7910000000000002&secret=s2&sales_url="
              + encoded(acuse, "/webhooks/mp/seller"));

      JsonNode paid = lever("pay?seller=2002&payer=2001&external_reference=r1&amount=12.5");

      String id = paid.path("payment_id").asText();
      assertThat(paid.path("collector_id").longValue()).isEqualTo(2002);
      await()
          .untilAsserted(
              () -> {
                assertThat(told(acuse, "/webhooks/mp/seller")).contains("2002 " + id);
                assertThat(told(acuse, "/webhooks/mp/buyer")).contains("2001 " + id);
              });
      assertThat(told(acuse, "/webhooks/mp/seller")).containsOnly("2002 " + id);
      assertThat(told(acuse, "/webhooks/mp/buyer")).containsOnly("2001 " + id);
    }
  }

  @Test
  void onePaymentIsAnnouncedToAnAddressInEitherName() throws Exception {
    try (var acuse = new WebhookStub(request -> request.path().endsWith("gone") ? 404 : 200)) {
      lever("seller?id=2001");
      lever("seller?id=2002&application=7910000000000002&secret=s2");
      lever("pay?seller=2002&payer=2001&external_reference=r1&amount=1&payment_id=77");
      String url = encoded(acuse, "/webhooks/mp/x");

      JsonNode created = lever("announce?payment_id=77&action=created&url=" + url);
      lever("announce?payment_id=77&seller=2002&as=payer&url=" + url);
      JsonNode gone = lever("announce?payment_id=77&url=" + encoded(acuse, "/webhooks/mp/gone"));

      assertThat(created.path("status").intValue()).isEqualTo(200);
      assertThat(gone.path("status").intValue()).isEqualTo(404);
      assertThat(told(acuse, "/webhooks/mp/x")).containsExactly("2002 77", "2001 77");
      assertThat(body(acuse.received().get(0)).path("action").textValue())
          .isEqualTo("payment.created");
      assertThat(Hmac.fits(acuse.received().get(0), "s2")).isTrue();
      assertThat(Hmac.fits(acuse.received().get(1), "s2")).isFalse();
    }
  }

  @Test
  void twoSellersGetPaymentsOfOneIdAndEachIsChangedByItself() throws Exception {
    lever("seller?id=2001&token=t1");
    lever("seller?id=2002&token=t2");
    lever("pay?seller=2001&external_reference=r&amount=1&payment_id=77");
    lever("pay?seller=2002&external_reference=r&amount=2&payment_id=77");

    lever("refund?seller=2002&payment_id=77");

    assertThat(as("t1").json("/v1/payments/77").path("status").textValue()).isEqualTo("approved");
    assertThat(as("t2").json("/v1/payments/77").path("status").textValue()).isEqualTo("refunded");
    assertThat(
            person
                .post("/_sandbox/pay?seller=2001&external_reference=r&amount=1&payment_id=77", "")
                .statusCode())
        .isEqualTo(409);
  }

  @Test
  void thePageOfACheckoutPaysTheSellerWhoseItIs() throws Exception {
    lever("seller?id=2001&token=t1");
    ObjectNode preference = Json.object();
    preference
        .putArray("items")
        .addObject()
        .put("title", "Guitar")
        .put("quantity", 1)
        .put("unit_price", 5);
    String id =
        Http.json(as("t1").post("/checkout/preferences", preference.toString()))
            .path("id")
            .textValue();

    HttpResponse<String> page = person.get("/_checkout?pref_id=" + id);
    JsonNode paid = lever("pay?preference_id=" + id);

    assertThat(page.body()).contains("Guitar");
    assertThat(paid.path("collector_id").longValue()).isEqualTo(2001);
    assertThat(
            lever("change?status=cancelled&payment_id=" + paid.path("payment_id").asText())
                .path("status")
                .textValue())
        .isEqualTo("cancelled");
  }

  @Test
  void callsAreCountedBySellerLocationAndToken() throws Exception {
    lever("seller?id=2001&token=t1");
    lever("location?id=locA&token=p1");
    me("t1");
    as("t1").get("/v1/payments/1");
    contact("p1");

    JsonNode all = person.json("/_sandbox/calls");
    JsonNode payments = person.json("/_sandbox/calls?path=/v1/payments");
    JsonNode ofToken = person.json("/_sandbox/calls?token=t1&path=/users/me");

    assertThat(all.path("sellers").path("2001").intValue()).isEqualTo(2);
    assertThat(all.path("locations").path("locA").intValue()).isEqualTo(1);
    assertThat(payments.path("sellers").path("2001").intValue()).isEqualTo(1);
    assertThat(payments.path("locations").path("locA").intValue()).isZero();
    assertThat(ofToken.path("mercadopago").intValue()).isEqualTo(1);
    assertThat(ofToken.path("gohighlevel").intValue()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "seller, 400",
    "seller?id=abc, 400",
    "seller?id=2009&site=XXX, 400",
    "seller?id=2009&application=a, 400",
    "seller?id=2009&sales_url=ftp://x, 400",
    "seller?id=2009&test_user=maybe, 400",
    "seller?id=2009&token=APP_USR-sandbox-token, 409",
    "location?id=locZ&token=pit-00000000-0000-4000-8000-000000000000, 409",
    "location?id=locZ&per_day=5, 400",
    "location?id=locZ&per_day=x&per_interval=1, 400",
    "token?token=x, 400",
    "token?seller=1&token=x, 404",
    "token?location=none&token=x, 404",
    "revoke?seller=448800001&token=unknown, 409",
    "announce?payment_id=1&url=http://127.0.0.1:1/, 404",
    "announce?payment_id=1, 400",
    "pay?payer=1&external_reference=r&amount=1, 404",
    "pay?seller=1&external_reference=r&amount=1, 404",
    "faults?target=mercadopago&seller=1&kind=none, 404",
    "contact?location=none&id=c, 404",
    "nothing, 404"
  })
  void badParametersAreRefusedWithAMessage(String lever, int status) throws Exception {
    HttpResponse<String> answer = person.post("/_sandbox/" + lever, "");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Http.json(answer).path("message").textValue()).isNotBlank();
    assertThat(sandbox.mercadoPago().findSeller(2009)).isEmpty();
    assertThat(sandbox.goHighLevel().findLocation("locZ")).isEmpty();
  }

  @Test
  void aPaymentThatNoSellerPaidCanNotBeAnnouncedToItsPayer() throws Exception {
    lever("pay?external_reference=r&amount=1&payment_id=77");

    HttpResponse<String> answer =
        person.post("/_sandbox/announce?payment_id=77&as=payer&url=http://127.0.0.1:1/", "");

    assertThat(answer.statusCode()).isEqualTo(409);
  }

  private JsonNode lever(String lever) throws Exception {
    HttpResponse<String> answer = person.post("/_sandbox/" + lever, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Http.json(answer);
  }

  private Http as(String token) {
    return new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer " + token);
  }

  private int me(String token) throws Exception {
    return as(token).get("/users/me").statusCode();
  }

  private int contact(String token) throws Exception {
    return new Http(
            sandbox.goHighLevelUrl(), "Authorization", "Bearer " + token, "Version", "2021-07-28")
        .get("/contacts/c1")
        .statusCode();
  }

  private static String encoded(WebhookStub acuse, String path) {
    return URLEncoder.encode(acuse.url(path).toString(), StandardCharsets.UTF_8);
  }

  /** Seller and payment of each webhook that an address got. */
  private static List<String> told(WebhookStub acuse, String path) {
    return acuse.received().stream()
        .filter(request -> request.path().equals(path))
        .filter(request -> "payment".equals(request.query().get("type")))
        .map(
            request ->
                body(request).path("user_id").textValue() + " " + request.query().get("data.id"))
        .toList();
  }

  private static JsonNode body(Request request) {
    return Objects.requireNonNull(Json.readObject(request.body()));
  }
}
