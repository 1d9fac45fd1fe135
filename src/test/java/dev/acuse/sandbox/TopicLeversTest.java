package dev.acuse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.ManualClock;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The levers of orders and disputes, and the one that sends a sample. */
class TopicLeversTest {
  private Sandbox sandbox;
  private Http person;
  private SandboxSeller seller;

  @BeforeEach
  void start() throws Exception {
    sandbox = Sandbox.start(SandboxOptions.defaults(ManualClock.create()));
    person = new Http(sandbox.mercadoPagoUrl());
    lever("seller?id=2001&token=t1");
    seller = sandbox.mercadoPago().findSeller(2001).orElseThrow();
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void anOrderIsMadePaidRefundedAndEnded() throws Exception {
    JsonNode made = lever("order?seller=2001&external_reference=co_1&amount=100&type=qr");
    String id = made.path("order_id").textValue();
    assertThat(standing(made)).isEqualTo("created/created");

    assertThat(standing(lever("order/pay?order_id=" + id + "&status=rejected")))
        .isEqualTo("failed/insufficient_amount");
    JsonNode paid = lever("order/pay?order_id=" + id + "&amount=100");
    assertThat(standing(paid)).isEqualTo("processed/accredited");
    assertThat(paid.path("payment_ids")).hasSize(2);
    assertThat(standing(lever("order/refund?order_id=" + id + "&amount=40")))
        .isEqualTo("processed/partially_refunded");
    lever("order/traits?order_id=" + id + "&trait=refunded_by_status,three_decimals");
    assertThat(standing(lever("order/refund?order_id=" + id))).isEqualTo("refunded/refunded");
    assertThat(standing(lever("order/change?order_id=" + id + "&status=charged_back")))
        .isEqualTo("charged_back/in_process");
    assertThat(standing(lever("order/stand?order_id=" + id + "&status=x&status_detail=y")))
        .isEqualTo("x/y");
    lever("order/lag?order_id=" + id + "&times=1");
    assertThat(order(id).path("status").textValue()).isEqualTo("charged_back");
    assertThat(order(id).path("status").textValue()).isEqualTo("x");
    assertThat(order(id).path("total_amount").textValue()).isEqualTo("100.000");

    String unpaid = lever("order?amount=5&seller=2001").path("order_id").textValue();
    assertThat(standing(lever("order/end?order_id=" + unpaid))).isEqualTo("canceled/expired");
    assertThat(standing(lever("order/end?order_id=" + unpaid + "&status=expired")))
        .isEqualTo("expired/expired");
    assertThat(state().path("orders").intValue()).isEqualTo(2);
  }

  @Test
  void aChargebackIsOpenedMovedAndDecided() throws Exception {
    long first = pay();
    long second = pay();
    lever("dispute/traits?seller=2001&trait=payments_as_objects");

    JsonNode opened = lever("chargeback?payment_id=" + first + "," + second + "&quiet=true");
    String id = opened.path("id").textValue();
    assertThat(opened.path("payment_ids")).hasSize(2);
    assertThat(opened.path("deadline").textValue()).isEqualTo("2026-03-09T14:05:09Z");
    assertThat(chargeback(id).at("/payments/0/id").longValue()).isEqualTo(first);
    lever("chargeback/document?id=" + id + "&status=invalid");
    lever("chargeback/deadline?id=" + id + "&at=2026-03-04T12:00:00Z");
    assertThat(chargeback(id).path("documentation_status").textValue()).isEqualTo("invalid");
    assertThat(lever("chargeback/deadline?id=" + id + "&at=none").path("deadline").isNull())
        .isTrue();
    lever("chargeback/settle?id=" + id);
    assertThat(seller.payment(first).orElseThrow().state().statusDetail()).isEqualTo("settled");
    lever("chargeback/reimburse?id=" + id);
    assertThat(seller.payment(first).orElseThrow().state().statusDetail()).isEqualTo("reimbursed");
    lever("dispute/refuse?id=" + id + "&status=404");
    assertThat(as("t1").get("/v1/chargebacks/" + id).statusCode()).isEqualTo(404);
    assertThat(state().path("chargebacks").intValue()).isEqualTo(1);
  }

  @Test
  void aClaimIsOpenedMovedRefusedAndClosed() throws Exception {
    long payment = pay();

    JsonNode opened = lever("claim?payment_id=" + payment);
    long id = opened.path("id").longValue();
    assertThat(seller.payment(payment).orElseThrow().status()).isEqualTo("in_mediation");
    assertThat(lever("claim/move?id=" + id + "&stage=dispute").path("stage").textValue())
        .isEqualTo("dispute");
    assertThat(
            lever("claim/due?id=" + id + "&at=2026-03-04T12:00:00Z").path("due_date").textValue())
        .isEqualTo("2026-03-04T12:00:00Z");
    lever("dispute/refuse?id=" + id + "&status=403");
    assertThat(as("t1").get("/post-purchase/v1/claims/" + id).statusCode()).isEqualTo(403);
    assertThat(lever("claim/close?id=" + id).path("status").textValue()).isEqualTo("closed");
    assertThat(seller.payment(payment).orElseThrow().status()).isEqualTo("refunded");
    assertThat(
            lever("claim?seller=2001&resource=order&resource_id=ORD1")
                .path("resource_id")
                .textValue())
        .isEqualTo("ORD1");
  }

  @Test
  void theTopicsOfASellerAreTicked() throws Exception {
    try (var acuse = new WebhookStub(request -> 200)) {
      lever("seller?id=2001&topics=order,claim&sales_url=" + encode(acuse.url("/hook").toString()));

      pay();
      String id = lever("order?seller=2001&amount=5").path("order_id").textValue();

      await().untilAsserted(() -> assertThat(acuse.received()).isNotEmpty());
      assertThat(acuse.received())
          .allSatisfy(told -> assertThat(told.query().get("data.id")).isEqualTo(id));
    }
  }

  @Test
  void everySampleCanBeSentInASellersName() throws Exception {
    lever("seller?id=2001&application=7910000000000002&secret=s2");
    try (var acuse = new WebhookStub(request -> 200)) {
      String url = "&url=" + encode(acuse.url("/hook").toString());

      for (String sample : TriggerSample.names()) {
        JsonNode sent = lever("send?seller=2001&sample=" + sample + url);
        assertThat(sent.path("status").intValue()).as(sample).isEqualTo(200);
      }
      lever("send?seller=2001&sample=chargeback&id=217000060000000009&payment_id=77" + url);

      assertThat(acuse.received()).hasSize(TriggerSample.names().size() + 1);
      var last = acuse.received().get(acuse.received().size() - 1);
      assertThat(last.query().get("data.id")).isEqualTo("217000060000000009");
      assertThat(new String(last.body(), StandardCharsets.UTF_8)).contains("\"payment_id\":77");
      assertThat(Hmac.fits(last, "s2")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "order, 400",
    "order?amount=x, 400",
    "order?amount=1&type=parcel, 400",
    "order/pay, 400",
    "order/pay?order_id=ORD1, 404",
    "order/pay?order_id=ORD1&status=paid, 400",
    "order/sell, 404",
    "order/traits?trait=blue, 400",
    "chargeback, 400",
    "chargeback?payment_id=x, 400",
    "chargeback?payment_id=1, 404",
    "chargeback/settle?id=1, 404",
    "chargeback/deadline?id=1&at=tomorrow, 400",
    "claim, 400",
    "claim?payment_id=1, 404",
    "claim/close?id=1&payment_status=gone, 400",
    "dispute/refuse?id=1&status=302, 400",
    "dispute/traits?trait=blue, 400",
    "seller?id=2001&topics=weather, 400",
    "send?sample=order, 400",
    "send?sample=postcard&url=http://127.0.0.1:9/, 400",
    "send?sample=chargeback&id=CB-1&url=http://127.0.0.1:9/, 400"
  })
  void aLeverThatCannotBeMovedSaysWhy(String lever, int status) throws Exception {
    HttpResponse<String> answer = person.post("/_sandbox/" + lever, "");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Http.json(answer).path("message").textValue()).isNotBlank();
  }

  @Test
  void nothingLeftToRefundIsAConflict() throws Exception {
    String id = lever("order?amount=5&seller=2001").path("order_id").textValue();

    assertThat(person.post("/_sandbox/order/refund?order_id=" + id, "").statusCode())
        .isEqualTo(409);
  }

  private long pay() throws Exception {
    return lever("pay?seller=2001&external_reference=r&amount=10").path("payment_id").longValue();
  }

  private JsonNode lever(String call) throws Exception {
    HttpResponse<String> answer = person.post("/_sandbox/" + call, "");
    assertThat(answer.statusCode()).as(call + ": " + answer.body()).isEqualTo(200);
    return Http.json(answer);
  }

  private JsonNode order(String id) throws Exception {
    return as("t1").json("/v1/orders/" + id);
  }

  private JsonNode chargeback(String id) throws Exception {
    return as("t1").json("/v1/chargebacks/" + id);
  }

  private JsonNode state() throws Exception {
    return person.json("/_sandbox/state").path("sellers").path("2001");
  }

  private Http as(String token) {
    return new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer " + token);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String standing(JsonNode json) {
    return json.path("status").textValue() + "/" + json.path("status_detail").textValue();
  }
}
