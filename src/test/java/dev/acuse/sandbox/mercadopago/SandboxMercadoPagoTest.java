package dev.acuse.sandbox.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Http;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.SandboxRequest;
import dev.acuse.support.ManualClock;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxMercadoPagoTest {
  private static final String PREFERENCE =
      """
      {"items": [{"title": "Course", "quantity": 1, "unit_price": 1500.50, "currency_id": "ARS"}],
       "external_reference": "order-1", "metadata": {"contact_id": "c1"},
       "payer": {"email": "buyer@example.test"}}
      """;

  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private SandboxMercadoPago mercadoPago;
  private Http http;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    mercadoPago = sandbox.mercadoPago();
    http =
        new Http(
            sandbox.mercadoPagoUrl(),
            "Authorization",
            "Bearer " + sandbox.options().credentials().accessToken());
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void aPaymentHasTheShapeOfARealOne() throws Exception {
    createPreference();
    PaymentChange paid = mercadoPago.pay("order-1", PaymentOutcome.APPROVED);

    JsonNode payment = http.json("/v1/payments/" + paid.payment().id());

    assertThat(payment.path("id").isNumber()).isTrue();
    assertThat(payment.path("id").longValue())
        .isEqualTo(paid.payment().id())
        .isGreaterThan(1L << 31);
    assertThat(payment.path("status").textValue()).isEqualTo("approved");
    assertThat(payment.path("status_detail").textValue()).isEqualTo("accredited");
    assertThat(payment.path("transaction_amount").decimalValue()).isEqualByComparingTo("1500.5");
    assertThat(payment.path("currency_id").textValue()).isEqualTo("ARS");
    assertThat(payment.path("external_reference").textValue()).isEqualTo("order-1");
    assertThat(payment.path("metadata").path("contact_id").textValue()).isEqualTo("c1");
    assertThat(payment.path("collector_id").longValue()).isEqualTo(448_800_001L);
    assertThat(payment.path("date_last_updated").textValue())
        .isEqualTo("2026-03-02T10:05:09.000-04:00");
    assertThat(payment.path("order").path("type").textValue()).isEqualTo("mercadopago");
    assertThat(payment.path("order").path("id").textValue())
        .isEqualTo(Long.toString(paid.payment().orderId()));
    assertThat(payment.has("preference_id")).isFalse();
  }

  @Test
  void moneyIsWrittenPlainly() throws Exception {
    mercadoPago.put(payment(7, "100.00", PaymentOutcome.APPROVED, clock.instant()));

    assertThat(http.get("/v1/payments/7").body()).contains("\"transaction_amount\":100,");
  }

  @ParameterizedTest
  @CsvSource({
    "APPROVED, true", "REFUNDED, true", "CHARGED_BACK, true",
    "PENDING, false", "REJECTED, false", "IN_MEDIATION, false"
  })
  void thePayersEmailShowsOnlyInSomeStatuses(PaymentOutcome outcome, boolean shown)
      throws Exception {
    createPreference();
    long id = mercadoPago.pay("order-1", outcome).payment().id();

    JsonNode email = http.json("/v1/payments/" + id).path("payer").path("email");

    assertThat(email.isTextual()).isEqualTo(shown);
    assertThat(email.isNull()).isEqualTo(!shown);
  }

  @Test
  void aMissingOrWrongTokenIs401() throws Exception {
    HttpResponse<String> without = new Http(sandbox.mercadoPagoUrl()).get("/v1/payments/1");
    HttpResponse<String> wrong =
        new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer other").get("/v1/payments/1");

    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(Http.json(wrong).path("error").textValue()).isEqualTo("unauthorized");
    assertThat(Http.json(wrong).path("status").intValue()).isEqualTo(401);
  }

  @Test
  void anUnknownPaymentIs404WithMercadoPagosCode() throws Exception {
    HttpResponse<String> answer = http.get("/v1/payments/123456");

    assertThat(answer.statusCode()).isEqualTo(404);
    JsonNode json = Http.json(answer);
    assertThat(json.path("message").textValue()).isEqualTo("Payment not found");
    assertThat(json.path("error").textValue()).isEqualTo("not_found");
    assertThat(json.path("cause").path(0).path("code").intValue()).isEqualTo(2000);
    assertThat(http.get("/v1/payments/../x").statusCode()).isEqualTo(404);
    assertThat(http.get("/merchant_orders/5").statusCode()).isEqualTo(404);
  }

  @Test
  void aPreferenceIsCreatedOncePerIdempotencyKey() throws Exception {
    HttpResponse<String> first =
        http.post("/checkout/preferences", PREFERENCE, "X-Idempotency-Key", "k1");
    HttpResponse<String> again =
        http.post("/checkout/preferences", PREFERENCE, "X-Idempotency-Key", "k1");
    HttpResponse<String> other =
        http.post("/checkout/preferences", PREFERENCE, "X-Idempotency-Key", "k2");

    assertThat(first.statusCode()).isEqualTo(201);
    String id = Http.json(first).path("id").textValue();
    assertThat(id).matches("448800001-[0-9a-f-]{36}");
    assertThat(Http.json(again).path("id").textValue()).isEqualTo(id);
    assertThat(Http.json(other).path("id").textValue()).isNotEqualTo(id);
    assertThat(http.json("/checkout/preferences/" + id).path("external_reference").textValue())
        .isEqualTo("order-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "[]",
        "{\"items\": []}",
        "{\"items\": [{\"title\": \"a\", \"quantity\": 0, \"unit_price\": 1}]}",
        "{\"items\": [{\"title\": \"a\", \"quantity\": 1, \"unit_price\": \"1\"}]}",
        "{\"items\": [{\"quantity\": 1, \"unit_price\": 1}]}"
      })
  void aPreferenceNeedsUsableItems(String body) throws Exception {
    assertThat(http.post("/checkout/preferences", body).statusCode()).isEqualTo(400);
  }

  @Test
  void thePageBehindInitPointPaysTheCheckout() throws Exception {
    String initPoint = createPreference().path("init_point").textValue();
    var person = new Http(sandbox.mercadoPagoUrl());

    HttpResponse<String> page =
        person.get(initPoint.substring(sandbox.mercadoPagoUrl().toString().length()));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<h1>Course</h1>", "1500.5 ARS", "status=rejected");
    String action = page.body().replaceAll("(?s).*?formaction=\"([^\"]+)\".*", "$1");
    assertThat(person.post(action.replace("&amp;", "&"), "").statusCode()).isEqualTo(200);
    assertThat(mercadoPago.payments())
        .extracting(SandboxPayment::status)
        .containsExactly("approved");
  }

  @Test
  void aMerchantOrderCollectsItsPaymentsAndCloses() throws Exception {
    createPreference();
    PaymentChange rejected = mercadoPago.pay("order-1", PaymentOutcome.REJECTED);
    long orderId = rejected.payment().orderId();

    JsonNode opened = http.json("/merchant_orders/" + orderId);
    PaymentChange approved = mercadoPago.pay("order-1", PaymentOutcome.APPROVED);
    JsonNode closed = http.json("/merchant_orders/" + orderId);

    assertThat(opened.path("status").textValue()).isEqualTo("opened");
    assertThat(opened.path("order_status").textValue()).isEqualTo("payment_required");
    assertThat(rejected.orderCreated()).isTrue();
    assertThat(approved.orderCreated()).isFalse();
    assertThat(closed.path("id").isNumber()).isTrue();
    assertThat(closed.path("status").textValue()).isEqualTo("closed");
    assertThat(closed.path("order_status").textValue()).isEqualTo("paid");
    assertThat(closed.path("preference_id").textValue()).startsWith("448800001-");
    assertThat(closed.path("payments"))
        .extracting(payment -> payment.path("id").longValue())
        .containsExactly(rejected.payment().id(), approved.payment().id());
    assertThat(
            http.json("/merchant_orders/search?external_reference=order-1")
                .path("total")
                .intValue())
        .isEqualTo(1);
    assertThat(http.json("/merchant_orders/search?status=expired").path("elements").isNull())
        .isTrue();
  }

  @Test
  void aDisputedPaymentStillCountsAsPaidInTheOrder() throws Exception {
    createPreference();
    PaymentChange paid = mercadoPago.pay("order-1", PaymentOutcome.APPROVED);
    mercadoPago.change(paid.payment().id(), PaymentOutcome.CHARGED_BACK);

    JsonNode order = http.json("/merchant_orders/" + paid.payment().orderId());

    assertThat(order.path("order_status").textValue()).isEqualTo("paid");
    assertThat(order.path("status").textValue()).isEqualTo("opened");
  }

  @Test
  void everyChangeGetsALaterDateEvenWithinOneSecond() throws Exception {
    createPreference();
    SandboxPayment pending = mercadoPago.pay("order-1", PaymentOutcome.PENDING).payment();
    SandboxPayment approved = mercadoPago.change(pending.id(), PaymentOutcome.APPROVED).payment();
    clock.advance(Duration.ofSeconds(5));
    SandboxPayment refunded = mercadoPago.refund(pending.id()).payment();

    assertThat(approved.state().lastUpdated()).isAfter(pending.state().lastUpdated());
    assertThat(approved.state().approved()).isEqualTo(approved.state().lastUpdated());
    assertThat(refunded.state().lastUpdated()).isEqualTo(clock.instant());
    assertThat(refunded.status()).isEqualTo("refunded");
  }

  @Test
  void aPartialRefundLeavesThePaymentApprovedUntilNothingIsLeft() throws Exception {
    createPreference();
    long id = mercadoPago.pay("order-1", PaymentOutcome.APPROVED).payment().id();

    mercadoPago.refund(id, new BigDecimal("500.50"));
    JsonNode partly = http.json("/v1/payments/" + id);
    mercadoPago.refund(id);
    JsonNode wholly = http.json("/v1/payments/" + id);

    assertThat(partly.path("status").textValue()).isEqualTo("approved");
    assertThat(partly.path("status_detail").textValue()).isEqualTo("partially_refunded");
    assertThat(partly.path("transaction_amount_refunded").decimalValue())
        .isEqualByComparingTo("500.5");
    assertThat(wholly.path("status").textValue()).isEqualTo("refunded");
    assertThat(wholly.path("refunds")).hasSize(2);
    assertThatThrownBy(() -> mercadoPago.refund(id)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void searchPagesThroughAWindowInTheAskedOrder() throws Exception {
    Instant noon = Instant.parse("2026-03-02T12:00:00Z");
    for (int i = 0; i < 5; i++) {
      mercadoPago.put(payment(10 + i, "1", PaymentOutcome.APPROVED, noon.plusSeconds(i)));
    }
    String window =
        "/v1/payments/search?range=date_last_updated&sort=date_last_updated&criteria=asc"
            + "&begin_date=2026-03-02T08:00:01.000-04:00&end_date=2026-03-02T12:00:03.000Z";

    JsonNode first = http.json(window + "&limit=2&offset=0");
    JsonNode second = http.json(window + "&limit=2&offset=2");
    JsonNode beyond = http.json(window + "&limit=2&offset=4");

    assertThat(ids(first)).containsExactly(11L, 12L);
    assertThat(ids(second)).containsExactly(13L);
    assertThat(beyond.path("results")).isEmpty();
    assertThat(beyond.path("paging").path("total").intValue()).isEqualTo(3);
    assertThat(first.path("paging").path("limit").intValue()).isEqualTo(2);
    assertThat(ids(http.json("/v1/payments/search?sort=id&criteria=desc")))
        .containsExactly(14L, 13L, 12L, 11L, 10L);
  }

  @Test
  void searchFindsByReferenceAndStatusWithinTwelveMonths() throws Exception {
    createPreference();
    long rejected = mercadoPago.pay("order-1", PaymentOutcome.REJECTED).payment().id();
    long approved = mercadoPago.pay("order-1", PaymentOutcome.APPROVED).payment().id();
    mercadoPago.put(payment(3, "1", PaymentOutcome.APPROVED, clock.instant()));
    mercadoPago.put(
        payment(4, "1", PaymentOutcome.APPROVED, clock.instant().minus(Duration.ofDays(366))));

    assertThat(ids(http.json("/v1/payments/search?external_reference=order-1")))
        .containsExactlyInAnyOrder(rejected, approved);
    assertThat(
            ids(
                http.json(
                    "/v1/payments/search?status=approved&begin_date=NOW-30DAYS&end_date=NOW")))
        .containsExactlyInAnyOrder(approved, 3L);
    assertThat(ids(http.json("/v1/payments/search"))).doesNotContain(4L);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=101, 1000",
    "limit=100&offset=9901, 1000",
    "begin_date=2026-03-02, 1001",
    "begin_date=2026-03-02T00:00:00.000+00:00, 1001",
    "sort=amount, 1003",
    "criteria=up, 1004",
    "limit=-1, 1",
    "range=forever, 1"
  })
  void searchRefusesWhatMercadoPagoRefuses(String query, int code) throws Exception {
    HttpResponse<String> answer = http.get("/v1/payments/search?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.json(answer).path("cause").path(0).path("code").intValue()).isEqualTo(code);
  }

  @Test
  void requestsAreCountedByPathAndKept() throws Exception {
    http.get("/v1/payments/12");
    http.get("/v1/payments/12?x=1");
    http.get("/v1/payments/123");

    assertThat(mercadoPago.requestCount("/v1/payments/12")).isEqualTo(2);
    assertThat(mercadoPago.requestCount("/v1/payments")).isEqualTo(3);
    assertThat(mercadoPago.requests())
        .extracting(SandboxRequest::query)
        .containsExactly(null, "x=1", null);
    assertThat(mercadoPago.requests())
        .noneMatch(request -> request.headers().containsKey("authorization"));
  }

  @Test
  void listenersHearOfEveryChange() throws Exception {
    createPreference();
    List<String> heard = new ArrayList<>();
    mercadoPago.onPaymentChanged(
        change -> heard.add((change.created() ? "new " : "") + change.payment().status()));

    long id = mercadoPago.pay("order-1", PaymentOutcome.PENDING).payment().id();
    mercadoPago.change(id, "approved", "accredited");
    mercadoPago.refund(id);

    assertThat(heard).containsExactly("new pending", "approved", "refunded");
  }

  @Test
  void theControlPathsPayChangeAndShowTheStateWithoutAToken() throws Exception {
    createPreference();
    var person = new Http(sandbox.mercadoPagoUrl());

    JsonNode paid =
        Http.json(person.post("/_sandbox/pay?external_reference=order-1&status=pending", ""));
    String id = paid.path("payment_id").asText();
    person.post("/_sandbox/change?status=approved&payment_id=" + id, "");
    HttpResponse<String> refunded = person.post("/_sandbox/refund?payment_id=" + id, "");
    HttpResponse<String> again = person.post("/_sandbox/refund?payment_id=" + id, "");
    HttpResponse<String> unlinked =
        person.post("/_sandbox/pay?external_reference=nobodys&amount=12.5", "");

    assertThat(Http.json(refunded).path("status").textValue()).isEqualTo("refunded");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(Http.json(unlinked).has("merchant_order_id")).isFalse();
    JsonNode state = person.json("/_sandbox/state");
    assertThat(state.path("payments_by_status").path("refunded").intValue()).isEqualTo(1);
    assertThat(state.path("payments_by_status").path("approved").intValue()).isEqualTo(1);
    assertThat(person.post("/_sandbox/pay?external_reference=unknown", "").statusCode())
        .isEqualTo(404);
    assertThat(person.post("/_sandbox/pay?external_reference=order-1&status=odd", "").statusCode())
        .isEqualTo(400);
  }

  @Test
  void twoCardsPayOneCheckoutOverTheControlPaths() throws Exception {
    createPreference();
    var person = new Http(sandbox.mercadoPagoUrl());

    JsonNode first =
        Http.json(person.post("/_sandbox/pay?external_reference=order-1&amount=600.25", ""));
    long order = first.path("merchant_order_id").asLong();
    assertThat(sandbox.mercadoPago().order(order).orElseThrow().status()).isEqualTo("opened");
    JsonNode second =
        Http.json(
            person.post(
                "/_sandbox/pay?amount=900.25&preference_id="
                    + first.path("preference_id").textValue(),
                ""));

    assertThat(second.path("merchant_order_id").asLong()).isEqualTo(order);
    assertThat(sandbox.mercadoPago().order(order).orElseThrow().status()).isEqualTo("closed");
    assertThat(sandbox.mercadoPago().payments())
        .extracting(payment -> payment.terms().amount())
        .containsExactly(new BigDecimal("600.25"), new BigDecimal("900.25"));
  }

  private JsonNode createPreference() throws Exception {
    return Http.json(http.post("/checkout/preferences", PREFERENCE));
  }

  private static SandboxPayment payment(
      long id, String amount, PaymentOutcome outcome, Instant at) {
    var terms =
        new SandboxPayment.Terms(
            new BigDecimal(amount), "ARS", "reference-" + id, null, 448_800_001L, Map.of());
    return SandboxPayment.of(id, new BigDecimal(amount), 448_800_001L, outcome, at).with(terms);
  }

  private static List<Long> ids(JsonNode page) {
    var ids = new ArrayList<Long>();
    page.path("results").forEach(result -> ids.add(result.path("id").longValue()));
    return ids;
  }
}
