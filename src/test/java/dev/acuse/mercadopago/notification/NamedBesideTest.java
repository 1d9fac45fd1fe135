package dev.acuse.mercadopago.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedBesideTest {
  private static final String CHARGED_BACK_ORDER =
      """
      {"action": "order.charged_back", "type": "order", "data": {
        "id": "ORD01K0000000000000000000001", "transactions": {"chargebacks": [{"id": "CBK1"}]}}}\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "payment             | 1 | {\"type\":\"payment\",\"data\":{\"id\":\"2\"}}   | payment 2",
        "payment             | 1 | {\"data\":{\"id\":2}}                             | payment 2",
        "payment             | 1 | {\"type\":\"order\",\"data\":{\"id\":\"ORD1\"}}   | order ORD1",
        "payment             | 1 | {\"type\":\"brand_new\",\"data\":{\"id\":\"2\"}} | brand_new 2",
        "brand_new           | 1 | {\"type\":\"payment\",\"data\":{\"id\":\"1\"}}   | payment 1",
        "unknown             | 1 | {\"type\":\"payment\",\"data\":{\"id\":\"2\"}}   | payment 2",
        "topic_chargebacks_wh| 1 | {\"type\":\"payment\"}                            | payment 1",
        "payment| 1 | {\"type\":\"stop_delivery_op_wh\",\"data\":{\"payment_id\":2}} |"
            + " stop_delivery_op_wh 2",
        "payment| 1 | {\"topic\":\"merchant_order\",\"resource\":\"https://h/merchant_orders/2\"}|"
            + " merchant_order 2",
      })
  void whatTheBodyNamesOtherwise(String type, String id, String body, String named) {
    assertThat(beside(null, body, type, id))
        .extracting(one -> one.type() + " " + one.resourceId())
        .containsExactly(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "payment | 1 | {\"type\":\"payment\",\"data\":{\"id\":1}}",
        "PAYMENT | 1 | {\"type\":\"payment\",\"data\":{\"id\":\"1\"}}",
        "payment | 1 | {\"id\":127550000001,\"type\":\"payment\"}",
        "payment | 1 | {\"topic\":\"payment\",\"resource\":\"https://h/v1/payments/1?a=2\"}",
        "payment | 1 | {\"type\":\"brand_new\",\"data\":{\"id\":\"1\"}}",
        "payment | 1 | {\"type\":\"payment\",\"data\":{\"id\":\"../2\"}}",
        "payment | 1 | {\"type\":\"payment\",\"data\":{\"id\":\"PAY2\"}}",
        "payment | 1 | {\"type\":\"payment\",\"data\":{\"id\":[\"2\"]}}",
        "payment | 1 | {\"type\":[\"order\"],\"data\":[{\"id\":\"2\"}]}",
        "payment | 1 | {\"type\":\"payment\",\"data\":{\"id\":2}} x",
        "payment | 1 | [{\"type\":\"payment\",\"data\":{\"id\":2}}]",
        "payment | 1 | ''",
        "unknown | 1 | {\"type\":\"brand_new\",\"data\":{\"id\":\"2\"}}",
        "order   | ORD01K1 | {\"type\":\"orders\",\"data\":{\"id\":\"ord01k1\"}}",
        "topic_claims_integration_wh | 5 |"
            + " {\"id\":\"0b5c\",\"type\":\"claim\",\"data\":{\"id\":5,\"resource\":\"/v1/claims/5\"}}",
        "topic_merchant_order_wh | 4 |"
            + " {\"id\":\"9\",\"type\":\"topic_merchant_order_wh\",\"data\":{\"status\":\"closed\"}}",
        "topic_card_id_wh | 4 |"
            + " {\"id\":\"ab12\",\"type\":\"automatic-payments\",\"data\":{\"customer_id\":\"1\"}}",
      })
  void nothingWhereTheBodyAgreesOrNamesNothingThatCanBeLookedUp(
      String type, String id, @Nullable String body) {
    assertThat(beside("data.id=" + id, body == null ? "" : body, type, id)).isEmpty();
  }

  @Test
  void anOrderUnderAQueryThatNamesAChargeback() {
    assertThat(
            beside(
                "data.id=217000060000000001&type=topic_chargebacks_wh",
                CHARGED_BACK_ORDER,
                "topic_chargebacks_wh",
                "217000060000000001"))
        .containsExactly(new Named("order", "ORD01K0000000000000000000001"));
  }

  @Test
  void theQuerysIdOfAFraudAlertWhosePaymentIsInTheBody() {
    String body =
        "{\"id\":7,\"type\":\"stop_delivery_op_wh\",\"data\":{\"payment_id\":58900000001}}";
    String type = "stop_delivery_op_wh";

    assertThat(beside("data.id=123456&type=" + type, body, type, "58900000001"))
        .containsExactly(new Named(type, "123456"));
    assertThat(beside("data.id=58900000001&type=" + type, body, type, "58900000001")).isEmpty();
    assertThat(beside("data.id=tienda-7&data.id=5&type=" + type, body, type, "58900000001"))
        .as("the address may have one of its own")
        .containsExactly(new Named(type, "5"));
  }

  @Test
  void neverMoreThanAFew() {
    String query = "data.id=2&data.id=3&data.id=4&data.id=5&data.id=6";

    assertThat(beside(query, "{}", "stop_delivery_op_wh", "1")).hasSize(3);
  }

  private static List<Named> beside(
      @Nullable String query, String body, String type, String resourceId) {
    var request = new ReceivedRequest(body.getBytes(StandardCharsets.UTF_8), query, Map.of());
    return NamedBeside.of(request, type, resourceId);
  }
}
