package dev.acuse.sandbox.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Http;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.ManualClock;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Orders API as MercadoPago answers it, and what customers do to its orders. */
class OnlineOrdersTest {
  private static final BigDecimal TOTAL = new BigDecimal("1500");

  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private SandboxSeller seller;
  private SandboxOrders orders;
  private Http http;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    seller = sandbox.mercadoPago().seller(2001);
    orders = seller.onlineOrders();
    http = as(seller);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void aPaidOrderHasTheShapeOfARealOne() throws Exception {
    SandboxOnlineOrder made = orders.make("co_7f3a", TOTAL);
    clock.advance(Duration.ofNanos(3_123_456_789L));
    SandboxOnlineOrder paid = orders.pay(made.id(), PaymentOutcome.APPROVED);

    JsonNode json = order(made.id());

    assertThat(made.id()).matches("ORD01[0-9A-HJKMNP-TV-Z]{24}");
    assertThat(json.path("id").textValue()).isEqualTo(made.id());
    assertThat(json.path("type").textValue()).isEqualTo("online");
    assertThat(json.path("external_reference").textValue()).isEqualTo("co_7f3a");
    assertThat(json.path("total_amount").textValue()).isEqualTo("1500.00");
    assertThat(json.path("total_paid_amount").textValue()).isEqualTo("1500.00");
    assertThat(json.path("currency").textValue()).isEqualTo("ARS");
    assertThat(json.path("country_code").textValue()).isEqualTo("ARG");
    assertThat(json.path("user_id").textValue()).isEqualTo("2001");
    assertThat(json.path("integration_data").path("application_id").textValue())
        .isEqualTo("7910000000000001");
    assertThat(standing(json)).isEqualTo("processed/accredited");
    assertThat(json.path("created_date").textValue()).isEqualTo("2026-03-02T14:05:09.000Z");
    assertThat(json.path("last_updated_date").textValue())
        .isEqualTo("2026-03-02T14:05:12.123456789Z");
    assertThat(json.has("date_created")).isFalse();
    assertThat(json.toString()).doesNotContainIgnoringCase("email").doesNotContain("first_name");
    JsonNode payment = json.path("transactions").path("payments").path(0);
    assertThat(payment.path("id").textValue()).matches("PAY01[0-9A-Z]{24}");
    assertThat(payment.path("reference_id").textValue()).matches("[0-9a-z]{10}");
    assertThat(payment.path("amount").textValue()).isEqualTo("1500.00");
    assertThat(payment.path("paid_amount").textValue()).isEqualTo("1500.00");
    assertThat(standing(payment)).isEqualTo("processed/accredited");
    assertThat(json.path("transactions").has("refunds")).isFalse();
    assertThat(json.path("transactions").has("chargebacks")).isFalse();
    assertThat(json.toString()).doesNotContain(Long.toString(paid.paymentIds().get(0)));
  }

  @Test
  void itsPaymentIsAnOrdinaryOneThatNamesTheOrderInOnePlaceOnly() throws Exception {
    SandboxOnlineOrder paid = orders.pay(orders.make("co_1", TOTAL).id(), PaymentOutcome.APPROVED);
    long number = paid.paymentIds().get(0);

    JsonNode payment = http.json("/v1/payments/" + number);

    assertThat(payment.path("external_reference").textValue()).isEqualTo("co_1");
    assertThat(payment.path("order").isObject()).isTrue();
    assertThat(payment.path("order")).isEmpty();
    JsonNode references = payment.path("point_of_interaction").path("references");
    assertThat(references).hasSize(1);
    assertThat(references.path(0).path("type").textValue()).isEqualTo("ORDER_MP");
    assertThat(references.path(0).path("id").textValue()).isEqualTo(paid.id());
    assertThat(payment.path("collector_id").longValue()).isEqualTo(2001);
    JsonNode found = http.json("/v1/payments/search?external_reference=co_1").path("results");
    assertThat(found).hasSize(1);
    assertThat(found.path(0).path("id").longValue()).isEqualTo(number);
    SandboxOnlineOrder.Payment inOrder = paid.payments().get(0);
    assertThat(status("/v1/payments/" + inOrder.id())).isEqualTo(404);
    assertThat(status("/v1/payments/" + inOrder.referenceId())).isEqualTo(404);
    assertThat(
            http.json("/merchant_orders/search?external_reference=co_1").path("total").intValue())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, action_required/waiting_payment",
    "IN_PROCESS, processing/in_process",
    "AUTHORIZED, action_required/waiting_capture",
    "APPROVED, processed/accredited",
    "IN_MEDIATION, in_mediation/pending",
    "REJECTED, failed/insufficient_amount",
    "CANCELLED, canceled/expired",
    "REFUNDED, processed/refunded",
    "CHARGED_BACK, charged_back/in_process"
  })
  void theOrderStandsAsItsPaymentDoes(PaymentOutcome outcome, String standing) throws Exception {
    String id = orders.make("co_1", TOTAL).id();
    assertThat(standing(order(id))).isEqualTo("created/created");

    orders.pay(id, outcome);

    assertThat(standing(order(id))).isEqualTo(standing);
    JsonNode payment = order(id).path("transactions").path("payments").path(0);
    assertThat(standing(payment)).isEqualTo(standing);
  }

  @Test
  void aRefusedCardFailsTheOrderOrLeavesItOpen() throws Exception {
    String id = orders.make("co_1", TOTAL).id();
    orders.pay(id, PaymentOutcome.REJECTED);
    assertThat(order(id).path("total_paid_amount").textValue()).isEqualTo("0.00");

    orders.traitsOf(id, OrderTrait.OPEN_WHEN_REFUSED);
    assertThat(standing(order(id))).isEqualTo("action_required/waiting_payment");

    SandboxOnlineOrder paid = orders.pay(id, PaymentOutcome.APPROVED);

    assertThat(standing(order(id))).isEqualTo("processed/accredited");
    assertThat(paid.paymentIds()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void twoCardsPayOneOrder() throws Exception {
    String id = orders.make("co_1", TOTAL).id();

    orders.pay(id, PaymentOutcome.APPROVED, new BigDecimal("1000"));
    assertThat(standing(order(id))).isEqualTo("action_required/waiting_payment");
    orders.pay(id, PaymentOutcome.APPROVED);

    JsonNode json = order(id);
    assertThat(standing(json)).isEqualTo("processed/accredited");
    assertThat(json.path("transactions").path("payments")).hasSize(2);
    assertThat(json.path("transactions").path("payments").path(1).path("amount").textValue())
        .isEqualTo("500.00");
    orders.refund(id, new BigDecimal("1200.50"));
    assertThat(standing(order(id))).isEqualTo("processed/partially_refunded");
    assertThat(order(id).path("transactions").path("refunds")).hasSize(2);
    orders.refund(id, null);
    assertThat(standing(order(id))).isEqualTo("processed/refunded");
    assertThatThrownBy(() -> orders.refund(id, BigDecimal.ONE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPaidOrderIsPaidAgainOnlyByAnAmount() throws Exception {
    String id = orders.pay(orders.make("co_1", TOTAL).id(), PaymentOutcome.APPROVED).id();

    assertThatThrownBy(() -> orders.pay(id, PaymentOutcome.APPROVED))
        .isInstanceOf(IllegalStateException.class);
    orders.pay(id, PaymentOutcome.APPROVED, TOTAL);

    JsonNode json = order(id);
    assertThat(standing(json)).isEqualTo("processed/accredited");
    assertThat(json.path("total_paid_amount").textValue()).isEqualTo("3000.00");
    assertThat(seller.payments()).hasSize(2);
  }

  @Test
  void aWholeRefundIsShownInEitherOfTwoWays() throws Exception {
    String id = orders.pay(orders.make("co_1", TOTAL).id(), PaymentOutcome.APPROVED).id();
    orders.refund(id, null);
    assertThat(standing(order(id))).isEqualTo("processed/refunded");

    orders.traits(OrderTrait.REFUNDED_BY_STATUS);

    JsonNode json = order(id);
    assertThat(standing(json)).isEqualTo("refunded/refunded");
    JsonNode refund = json.path("transactions").path("refunds").path(0);
    assertThat(refund.path("transaction_id"))
        .isEqualTo(json.path("transactions").path("payments").path(0).path("id"));
    assertThat(refund.path("amount").textValue()).isEqualTo("1500.00");
  }

  @Test
  void aChangeOfThePaymentIsAChangeOfTheOrder() throws Exception {
    var heard = new ArrayList<SandboxOnlineOrder>();
    orders.onChanged(heard::add);
    String id = orders.make("co_1", TOTAL).id();
    long number = orders.pay(id, PaymentOutcome.PENDING).paymentIds().get(0);

    seller.change(number, PaymentOutcome.APPROVED);
    seller.refund(number, BigDecimal.ONE);
    orders.change(id, PaymentOutcome.CHARGED_BACK);
    orders.change(id, "invented", "as_well");

    assertThat(heard)
        .extracting(SandboxOnlineOrder::status)
        .containsExactly(
            "created", "action_required", "processed", "processed", "charged_back", "invented");
    assertThat(heard).extracting(SandboxOnlineOrder::version).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(heard)
        .extracting(SandboxOnlineOrder::lastUpdated)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(standing(order(id))).isEqualTo("invented/as_well");
  }

  @Test
  void anyStatusCanBeOrderedAndLastsUntilAPaymentChanges() throws Exception {
    String id = orders.make("co_1", TOTAL).id();
    orders.stand(id, new OrderStanding("of_tomorrow", "unheard_of"));
    assertThat(standing(order(id))).isEqualTo("of_tomorrow/unheard_of");
    orders.stand(id, OrderStanding.PROCESSING);
    assertThat(standing(order(id))).isEqualTo("processing/in_process");

    orders.pay(id, PaymentOutcome.APPROVED);

    assertThat(standing(order(id))).isEqualTo("processed/accredited");
  }

  @Test
  void anUnpaidOrderEnds() throws Exception {
    String waiting = orders.pay(orders.make("co_1", TOTAL).id(), PaymentOutcome.PENDING).id();
    String empty = orders.make("co_2", TOTAL).id();

    orders.end(waiting, OrderStanding.CANCELED_EXPIRED);
    orders.end(empty, OrderStanding.EXPIRED);

    assertThat(standing(order(waiting))).isEqualTo("canceled/expired");
    assertThat(seller.payments().get(0).status()).isEqualTo("cancelled");
    assertThat(standing(order(empty))).isEqualTo("expired/expired");
  }

  @Test
  void theAnswerLeavesOutWhatATraitTakesAway() throws Exception {
    seller.site(Site.MLB);
    String id = orders.pay(orders.make("co_1", TOTAL).id(), PaymentOutcome.APPROVED).id();

    orders.traits(
        OrderTrait.WITHOUT_TRANSACTIONS, OrderTrait.WITHOUT_CURRENCY, OrderTrait.THREE_DECIMALS);

    JsonNode json = order(id);
    assertThat(json.has("transactions")).isFalse();
    assertThat(json.has("currency")).isFalse();
    assertThat(json.path("country_code").textValue()).isEqualTo("BRA");
    assertThat(json.path("total_amount").textValue()).isEqualTo("1500.000");
    orders.traits();
    assertThat(order(id).has("transactions")).isTrue();
  }

  @Test
  void anOrderCanComeWithTheStatusOfARefusedCard() throws Exception {
    String id = orders.pay(orders.make("co_1", TOTAL).id(), PaymentOutcome.REJECTED).id();
    orders.traitsOf(id, OrderTrait.PAYMENT_REQUIRED);

    HttpResponse<String> answer = http.get("/v1/orders/" + id);

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(standing(Http.json(answer).path("data"))).isEqualTo("failed/insufficient_amount");
    assertThat(Http.json(answer).path("errors")).hasSize(1);
  }

  @Test
  void theAnswerCanLagBehindTheWebhook() throws Exception {
    String id = orders.make("co_1", TOTAL).id();
    orders.pay(id, PaymentOutcome.APPROVED);
    orders.showFormer(id, 2);

    assertThat(standing(order(id))).isEqualTo("created/created");
    assertThat(standing(order(id))).isEqualTo("created/created");
    assertThat(standing(order(id))).isEqualTo("processed/accredited");
  }

  @Test
  void whatIsAnothersOrUnknownIsNotFound() throws Exception {
    SandboxSeller other = sandbox.mercadoPago().seller(2002);
    String id = orders.make("co_1", TOTAL).id();

    assertThat(as(other).get("/v1/orders/" + id).statusCode()).isEqualTo(404);
    HttpResponse<String> unknown = http.get("/v1/orders/ORD01K0000000000000000000001");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(Http.json(unknown).path("status").intValue()).isEqualTo(404);
    assertThat(as(other).json(search("")).path("data")).isEmpty();
    assertThat(new Http(sandbox.mercadoPagoUrl()).get("/v1/orders/" + id).statusCode())
        .isEqualTo(401);
  }

  @Test
  void theSearchIsNoPathBelowTheOrders() throws Exception {
    HttpResponse<String> answer = http.get("/v1/orders/search?external_reference=co_1");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.json(answer).path("error").textValue()).isEqualTo("invalid_path_param");
  }

  @Test
  void theSearchFindsByCreationReferenceAndStatus() throws Exception {
    String first = orders.make("co_1", TOTAL).id();
    clock.advance(Duration.ofMinutes(1));
    String second = orders.pay(orders.make("co_2", TOTAL).id(), PaymentOutcome.APPROVED).id();

    assertThat(found("")).containsExactly(second, first);
    assertThat(found("&external_reference=co_1")).containsExactly(first);
    assertThat(found("&external_reference=co_")).isEmpty();
    assertThat(found("&status=processed")).containsExactly(second);
    assertThat(found("&type=point")).isEmpty();
    String window =
        "/v1/orders?begin_date=2026-03-02T14:05:10Z&end_date=2026-03-02T14:06:09.000000001Z";
    assertThat(ids(http.json(window))).containsExactly(second);
    String offset = "/v1/orders?begin_date=2026-03-02T10:00:00.000-04:00&end_date=";
    assertThat(ids(http.json(offset + "2026-03-02T10:05:09.000-04:00"))).containsExactly(first);
  }

  @Test
  void pagesAreTakenInBothWays() throws Exception {
    var made = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      made.add(0, orders.make("co_" + i, TOTAL).id());
      clock.advance(Duration.ofSeconds(1));
    }

    JsonNode second = http.json(search("&page=2&page_size=3"));
    assertThat(ids(second)).containsExactlyElementsOf(made.subList(3, 6));
    assertThat(second.path("paging").path("total").intValue()).isEqualTo(7);
    assertThat(second.path("paging").path("total_pages").intValue()).isEqualTo(3);
    assertThat(second.path("paging").path("limit").intValue()).isEqualTo(3);
    assertThat(second.path("paging").path("offset").intValue()).isEqualTo(3);
    assertThat(ids(http.json(search("&limit=2&offset=6")))).containsExactly(made.get(6));
    assertThat(status(search("&limit=100"))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/orders",
    "/v1/orders?begin_date=2026-03-01T00:00:00Z",
    "/v1/orders?end_date=2026-03-01T00:00:00Z",
    "/v1/orders?begin_date=2026-02-01T00:00:00Z&end_date=2026-03-03T00:01:00Z",
    "/v1/orders?begin_date=2026-03-02T00:00:00Z&end_date=2026-03-01T00:00:00Z",
    "/v1/orders?begin_date=yesterday&end_date=2026-03-01T00:00:00Z",
    "/v1/orders?begin_date=2026-03-01T00:00:00Z&end_date=2026-03-02T00:00:00Z&limit=101",
    "/v1/orders?begin_date=2026-03-01T00:00:00Z&end_date=2026-03-02T00:00:00Z&page_size=0",
    "/v1/orders?begin_date=2026-03-01T00:00:00Z&end_date=2026-03-02T00:00:00Z&page=0"
  })
  void aSearchThatMercadoPagoDoesNotTakeIsRefused(String path) throws Exception {
    HttpResponse<String> answer = http.get(path);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Http.json(answer).path("error").textValue()).isEqualTo("invalid_search_params");
  }

  @Test
  void thirtyDaysAreNotTooLong() throws Exception {
    String path = "/v1/orders?begin_date=2026-02-01T00:00:00Z&end_date=2026-03-03T00:00:00Z";

    assertThat(status(path)).isEqualTo(200);
  }

  @Test
  void idsHaveOtherPrefixesWhereTheyAreOrdered() {
    assertThat(orders.prefix("ORDTST").make(null, TOTAL).id()).matches("ORDTST01[0-9A-Z]{24}");
    assertThat(orders.prefix("").make(null, TOTAL).id()).matches("[0-9A-HJKMNP-TV-Z]{26}");
    assertThat(orders.prefix("ORD").make(null, TOTAL).id()).startsWith("ORD01");
  }

  private Http as(SandboxSeller caller) {
    return new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer " + caller.token());
  }

  private JsonNode order(String id) throws Exception {
    return http.json("/v1/orders/" + id);
  }

  private int status(String path) throws Exception {
    return http.get(path).statusCode();
  }

  private List<String> found(String more) throws Exception {
    return ids(http.json(search(more)));
  }

  /** Over the day before now. */
  private String search(String more) {
    Instant now = clock.instant();
    return "/v1/orders?begin_date=" + now.minus(Duration.ofDays(1)) + "&end_date=" + now + more;
  }

  private static List<String> ids(JsonNode answer) {
    var ids = new ArrayList<String>();
    answer.path("data").forEach(order -> ids.add(order.path("id").textValue()));
    return ids;
  }

  private static String standing(JsonNode json) {
    return json.path("status").textValue() + "/" + json.path("status_detail").textValue();
  }
}
