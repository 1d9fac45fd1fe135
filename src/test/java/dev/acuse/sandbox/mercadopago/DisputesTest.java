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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chargebacks and claims as MercadoPago answers them, and what they do to payments. */
class DisputesTest {
  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private SandboxSeller seller;
  private SandboxDisputes disputes;
  private Http http;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    seller = sandbox.mercadoPago().seller(2001);
    disputes = seller.disputes();
    http = as(seller);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void aChargebackHasTheShapeOfARealOne() throws Exception {
    long payment = pay("100.50");
    long second = pay("20");

    SandboxChargeback opened = disputes.open(payment, second);

    JsonNode json = http.json("/v1/chargebacks/" + opened.id());
    assertThat(opened.id()).matches("[1-9]\\d{17}");
    assertThat(Long.parseLong(opened.id())).isGreaterThan(1L << 53);
    assertThat(json.path("id").textValue()).isEqualTo(opened.id());
    assertThat(json.path("payments").path(0).longValue()).isEqualTo(payment);
    assertThat(json.path("payments").path(1).longValue()).isEqualTo(second);
    assertThat(json.path("amount").isNumber()).isTrue();
    assertThat(json.path("amount").decimalValue()).isEqualByComparingTo("120.5");
    assertThat(json.path("currency").textValue()).isEqualTo("ARS");
    assertThat(json.path("coverage_applied").isNull()).isTrue();
    assertThat(json.path("coverage_elegible").booleanValue()).isTrue();
    assertThat(json.path("documentation_required").booleanValue()).isTrue();
    assertThat(json.path("documentation_status").textValue()).isEqualTo("pending");
    assertThat(json.path("date_documentation_deadline").textValue())
        .isEqualTo("2026-03-09T10:05:09.000-04:00");
    assertThat(json.has("external_reference")).isFalse();
    JsonNode changed = http.json("/v1/payments/" + second);
    assertThat(changed.path("status").textValue()).isEqualTo("charged_back");
    assertThat(changed.path("status_detail").textValue()).isEqualTo("in_process");
  }

  @Test
  void whereSourcesDifferEachCanBeHad() throws Exception {
    seller.site(Site.MLB);
    disputes.traits(SandboxChargeback.Trait.values());
    long payment = pay("100.50");

    SandboxChargeback opened = disputes.open(payment);
    disputes.reimburse(opened.id());

    JsonNode json = http.json("/v1/chargebacks/" + opened.id());
    assertThat(json.path("payments").path(0).path("id").longValue()).isEqualTo(payment);
    assertThat(json.path("amount").textValue()).isEqualTo("100.5");
    assertThat(json.path("coverage_applied").textValue()).isEqualTo("true");
    assertThat(json.has("coverage_elegible")).isFalse();
    assertThat(json.path("coverage_eligible").booleanValue()).isTrue();
    assertThat(json.path("date_documentation_deadline").textValue()).startsWith("2026-03-12");
  }

  @Test
  void aChargebackIsLostOrWon() throws Exception {
    long lost = pay("10");
    long won = pay("20");

    disputes.settle(disputes.open(lost).id());
    SandboxChargeback decided = disputes.reimburse(disputes.open(won).id());

    assertThat(http.json("/v1/payments/" + lost).path("status_detail").textValue())
        .isEqualTo("settled");
    assertThat(http.json("/v1/payments/" + won).path("status_detail").textValue())
        .isEqualTo("reimbursed");
    JsonNode json = http.json("/v1/chargebacks/" + decided.id());
    assertThat(json.path("coverage_applied").booleanValue()).isTrue();
    assertThat(json.path("documentation_status").textValue()).isEqualTo("valid");
  }

  @Test
  void documentsAndDeadlineMove() throws Exception {
    String id = disputes.open(pay("10")).id();

    disputes.document(id, "review_pending");
    disputes.deadline(id, Instant.parse("2026-03-04T12:00:00Z"));
    JsonNode moved = http.json("/v1/chargebacks/" + id);
    disputes.deadline(id, null);
    JsonNode without = http.json("/v1/chargebacks/" + id);

    assertThat(moved.path("documentation_status").textValue()).isEqualTo("review_pending");
    assertThat(moved.path("date_documentation_deadline").textValue())
        .isEqualTo("2026-03-04T08:00:00.000-04:00");
    assertThat(without.path("date_documentation_deadline").isNull()).isTrue();
    assertThat(without.path("documentation_required").booleanValue()).isFalse();
  }

  @Test
  void theSearchFindsByPaymentOnly() throws Exception {
    long payment = pay("10");
    String id = disputes.open(payment).id();

    JsonNode found = http.json("/v1/chargebacks/search?payment_id=" + payment);
    HttpResponse<String> all = http.get("/v1/chargebacks/search");

    assertThat(found.path("paging").path("total").intValue()).isEqualTo(1);
    assertThat(found.path("results").path(0).path("id").textValue()).isEqualTo(id);
    assertThat(http.json("/v1/chargebacks/search?payment_id=1").path("results")).isEmpty();
    assertThat(all.statusCode()).isEqualTo(400);
    assertThat(Http.json(all).path("message").textValue())
        .isEqualTo("Wrong parameters in Search Cases");
  }

  @Test
  void whatIsAnothersIsNotFound() throws Exception {
    long payment = pay("10");
    String chargeback = disputes.open(payment).id();
    long claim = disputes.openClaim(pay("20")).id();
    Http other = as(sandbox.mercadoPago().seller(2002));

    assertThat(other.get("/v1/chargebacks/" + chargeback).statusCode()).isEqualTo(404);
    assertThat(other.json("/v1/chargebacks/search?payment_id=" + payment).path("results"))
        .isEmpty();
    assertThat(other.get("/post-purchase/v1/claims/" + claim).statusCode()).isEqualTo(404);
    assertThat(http.get("/v1/chargebacks/217000060000000001").statusCode()).isEqualTo(404);
    assertThat(http.get("/post-purchase/v1/claims/x").statusCode()).isEqualTo(404);
    assertThat(http.get("/v1/claims/" + claim).statusCode()).isEqualTo(404);
  }

  @Test
  void ofAQuietOneNothingIsHeard() throws Exception {
    var heard = new ArrayList<Object>();
    SandboxOrders orders = seller.onlineOrders();
    SandboxOnlineOrder order =
        orders.pay(orders.make("co_1", BigDecimal.TEN).id(), PaymentOutcome.APPROVED);
    seller.onPaymentChanged(heard::add);
    orders.onChanged(heard::add);
    disputes.onChargebackChanged(heard::add);
    long payment = order.paymentIds().get(0);

    SandboxChargeback quiet = disputes.openQuietly(payment);

    assertThat(heard).isEmpty();
    assertThat(http.json("/v1/payments/" + payment).path("status").textValue())
        .isEqualTo("charged_back");
    assertThat(http.json("/v1/orders/" + order.id()).path("status").textValue())
        .isEqualTo("charged_back");
    assertThat(http.json("/v1/chargebacks/search?payment_id=" + payment).path("results"))
        .hasSize(1);
    disputes.settle(quiet.id());
    assertThat(heard).hasSize(3);
  }

  @Test
  void aChargebackOfAnOrderIsInTheOrder() throws Exception {
    SandboxOrders orders = seller.onlineOrders();
    SandboxOnlineOrder order =
        orders.pay(orders.make("co_1", BigDecimal.TEN).id(), PaymentOutcome.APPROVED);

    SandboxChargeback opened = disputes.open(order.paymentIds().get(0));
    JsonNode open = http.json("/v1/orders/" + order.id());
    disputes.settle(opened.id());
    JsonNode settled = http.json("/v1/orders/" + order.id());

    JsonNode inOrder = open.at("/transactions/chargebacks/0");
    assertThat(open.path("status").textValue()).isEqualTo("charged_back");
    assertThat(open.path("status_detail").textValue()).isEqualTo("in_process");
    assertThat(inOrder.path("case_id").textValue()).isEqualTo(opened.id());
    assertThat(inOrder.path("transaction_id"))
        .isEqualTo(open.at("/transactions/payments/0").path("id"));
    assertThat(inOrder.path("amount").textValue()).isEqualTo("10.00");
    assertThat(settled.path("status_detail").textValue()).isEqualTo("settled");
    assertThat(settled.at("/transactions/chargebacks/0/id")).isEqualTo(inOrder.path("id"));
  }

  @Test
  void aClaimHasTheShapeOfARealOne() throws Exception {
    long payment = pay("10");

    SandboxClaim opened = disputes.openClaim(payment);

    JsonNode json = http.json("/post-purchase/v1/claims/" + opened.id());
    assertThat(json.path("id").longValue()).isEqualTo(opened.id());
    assertThat(json.path("resource").textValue()).isEqualTo("payment");
    assertThat(json.path("resource_id").longValue()).isEqualTo(payment);
    assertThat(json.path("status").textValue()).isEqualTo("opened");
    assertThat(json.path("type").textValue()).isEqualTo("mediations");
    assertThat(json.path("stage").textValue()).isEqualTo("claim");
    assertThat(json.path("reason_id").textValue()).startsWith("PNR");
    assertThat(json.path("resolution").isNull()).isTrue();
    JsonNode respondent = json.path("players").path(1);
    assertThat(respondent.path("role").textValue()).isEqualTo("respondent");
    assertThat(respondent.path("user_id").longValue()).isEqualTo(2001);
    JsonNode action = respondent.path("available_actions").path(0);
    assertThat(action.path("due_date").textValue()).isEqualTo("2026-03-05T10:05:09.000-04:00");
    assertThat(action.path("mandatory").booleanValue()).isTrue();
    assertThat(http.json("/v1/payments/" + payment).path("status").textValue())
        .isEqualTo("in_mediation");
  }

  @Test
  void aClaimMovesAndCloses() throws Exception {
    long payment = pay("10");
    long id = disputes.openClaim(payment).id();
    String path = "/post-purchase/v1/claims/" + id;

    disputes.moveClaim(id, "opened", "dispute");
    disputes.dueClaim(id, Instant.parse("2026-03-04T12:00:00Z"));
    JsonNode moved = http.json(path);
    disputes.closeClaim(id, "respondent_favoured", PaymentOutcome.APPROVED);
    JsonNode closed = http.json(path);

    assertThat(moved.path("stage").textValue()).isEqualTo("dispute");
    assertThat(moved.path("players").path(2).path("role").textValue()).isEqualTo("mediator");
    assertThat(moved.at("/players/1/available_actions/0/due_date").textValue())
        .isEqualTo("2026-03-04T08:00:00.000-04:00");
    assertThat(closed.path("status").textValue()).isEqualTo("closed");
    assertThat(closed.path("resolution").path("reason").textValue())
        .isEqualTo("respondent_favoured");
    assertThat(closed.at("/players/1/available_actions")).isEmpty();
    assertThat(http.json("/v1/payments/" + payment).path("status").textValue())
        .isEqualTo("approved");
  }

  @Test
  void aClaimCanBeAboutSomethingElse() throws Exception {
    SandboxClaim claim = disputes.openClaim("order", "ORD01K0000000000000000000001");

    JsonNode json = http.json("/post-purchase/v1/claims/" + claim.id());

    assertThat(json.path("resource").textValue()).isEqualTo("order");
    assertThat(json.path("resource_id").textValue()).isEqualTo("ORD01K0000000000000000000001");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void aCaseCanBeRefusedForGood(int status) throws Exception {
    String chargeback = disputes.open(pay("10")).id();
    long claim = disputes.openClaim(pay("20")).id();

    disputes.refuse(chargeback, status);
    disputes.refuse(Long.toString(claim), status);

    for (int i = 0; i < 3; i++) {
      assertThat(http.get("/v1/chargebacks/" + chargeback).statusCode()).isEqualTo(status);
      assertThat(http.get("/post-purchase/v1/claims/" + claim).statusCode()).isEqualTo(status);
    }
    disputes.refuse(chargeback, 200);
    assertThat(http.get("/v1/chargebacks/" + chargeback).statusCode()).isEqualTo(200);
  }

  @Test
  void onlyOwnPaymentsAreDisputed() {
    long payment = pay("10");
    SandboxDisputes others = sandbox.mercadoPago().seller(2002).disputes();

    assertThatThrownBy(() -> others.open(payment)).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> others.openClaim(payment)).isInstanceOf(NoSuchElementException.class);
    assertThat(others.chargebacks()).isEmpty();
    assertThat(others.claims()).isEmpty();
  }

  private long pay(String amount) {
    var terms =
        new SandboxPayment.Terms(
            new BigDecimal(amount), "ARS", "order-1", null, seller.userId(), Map.of());
    return seller.payDirectly(terms, PaymentOutcome.APPROVED).payment().id();
  }

  private Http as(SandboxSeller caller) {
    return new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer " + caller.token());
  }
}
