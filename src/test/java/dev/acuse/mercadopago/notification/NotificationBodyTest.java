package dev.acuse.mercadopago.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationBodyTest {
  @Nested
  class PaymentsOfAnOrder {
    @Test
    void areReadAsNumbersAndAsTexts() {
      NotificationBody body =
          body(
              """
              {"action": "order.processed", "type": "order", "user_id": "44444", "data": {
                "id": "ORD01K0000000000000000000001", "version": 3, "transactions": {
                  "chargebacks": [{"id": "CBK1", "reference": {"id": "9"}}],
                  "payments": [
                    {"id": "PAY01", "status": "processed", "reference": {"id": "115000000001"}},
                    {"id": "PAY02", "attempts": [{"reference": {"id": "8"}}],
                     "reference": {"kind": ["x"], "id": 115000000000000002}}]}}}\
              """);

      assertThat(body.paymentReferences()).containsExactly("115000000001", "115000000000000002");
      assertThat(body.dataId()).isEqualTo("ORD01K0000000000000000000001");
      assertThat(body.userId()).isEqualTo("44444");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"data\": {\"id\": \"ORD1\"}}",
          "{\"data\": [{\"transactions\": {\"payments\": [{\"reference\": {\"id\": 1}}]}}]}",
          "{\"transactions\": {\"payments\": [{\"reference\": {\"id\": 1}}]}}",
          "{\"data\": {\"transactions\": [{\"payments\": [{\"reference\": {\"id\": 1}}]}]}}",
          "{\"data\": {\"transactions\": \"x\"}}",
          "{\"data\": {\"transactions\": {\"payments\": {\"reference\": {\"id\": 1}}}}}",
          "{\"data\": {\"transactions\": {\"payments\": [1, null, [], \"x\", {}]}}}",
          "{\"data\": {\"transactions\": {\"payments\": [{\"reference\": \"1\"}]}}}",
          "{\"data\": {\"transactions\": {\"payments\": [{\"reference\": {\"id\": [1]}}]}}}",
          "{\"data\": {\"transactions\": {\"payments\": [{\"reference\": {\"id\": \"PAY1\"}}]}}}",
          "{\"data\": {\"transactions\": {\"payments\": [{\"reference\": {\"id\": -1}}]}}}",
          "{\"data\": {\"transactions\": {\"payments\": [{\"reference\": {\"id\": 1e9}}]}}}",
          "{\"data\": {\"transactions\": {\"payments\": [{\"reference\": {\"id\": 1}}",
        })
    void areNoneWhereTheirPlaceHoldsSomethingElse(String json) {
      assertThat(body(json).paymentReferences()).isEmpty();
    }

    @Test
    void countOnceAndOfAKeyThatIsThereTwiceByTheLast() {
      NotificationBody body =
          body(
              """
              {"data": {"transactions": {"payments": [{"reference": {"id": "1"}}]}},
               "data": {"transactions": {"payments": [{"reference": {"id": "2"}}],
                 "payments": [{"reference": {"id": "3"}, "reference": {"id": "4", "id": "5"}},
                              {"reference": {"id": 5}}, {"reference": {"id": "6"}}]}}}\
              """);

      assertThat(body.paymentReferences()).containsExactly("5", "6");
    }

    @Test
    void areBounded() {
      String many =
          IntStream.range(0, 2_000)
              .mapToObj(i -> "{\"reference\": {\"id\": %d}}".formatted(i))
              .collect(Collectors.joining(","));

      NotificationBody body =
          body("{\"data\": {\"transactions\": {\"payments\": [%s]}, \"id\": 7}}".formatted(many));

      assertThat(body.paymentReferences()).hasSize(PaymentReferences.MOST).contains("0", "49");
      assertThat(body.dataId()).isEqualTo("7");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "217000060000000001           | 217000060000000001",
        "\"217000060000000001\"       | 217000060000000001",
        "9007199254740993             | 9007199254740993",
        "\"ORD01K0000000000000000000001\" | ORD01K0000000000000000000001",
        "[217000060000000001]         |",
        "{\"id\": 217000060000000001} |",
        "true                         |",
        "\" \"                        |",
      })
  void anIdIsATextAsItWasWritten(String id, String read) {
    NotificationBody body =
        body(
            """
            {"actions": ["changed_case_status"], "action": ["x"], "live_mode": true,
             "data": {"checkout": "PRO", "date_updated": "0001-01-01T00:00:00Z", "id": %s,
               "payment_id": 138400000001, "transaction_intent_id": ""},
             "date_created": "0001-01-01T00:00:00Z", "type": "topic_chargebacks_wh"}\
            """
                .formatted(id));

    assertThat(body.dataId()).isEqualTo(read);
    assertThat(body.paymentId()).isEqualTo("138400000001");
    assertThat(body.action()).isNull();
    assertThat(body.userId()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"PAY01\"", "[1]", "{}", "null", "1.5", "-4", "\"../1\""})
  void aPaymentIsNamedByDigitsOnly(String id) {
    assertThat(body("{\"data\": {\"payment_id\": %s}}".formatted(id)).paymentId()).isNull();
  }

  private static NotificationBody body(String json) {
    return NotificationBody.of(json.getBytes(StandardCharsets.UTF_8));
  }
}
