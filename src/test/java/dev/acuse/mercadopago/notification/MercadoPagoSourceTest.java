package dev.acuse.mercadopago.notification;

import static dev.acuse.mercadopago.Deliveries.delivery;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.WebhookSource.Accepted;
import dev.acuse.intake.WebhookSource.Examined;
import dev.acuse.intake.WebhookSource.Refusal;
import dev.acuse.intake.WebhookSource.Refused;
import dev.acuse.mercadopago.Deliveries;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.Signer;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MercadoPagoSourceTest {
  private static final String PAYMENT_QUERY = "data.id=138400000001&type=payment";
  private static final String PAYMENT_BODY =
      """
      {"id": 127550000001, "live_mode": true, "type": "payment",
       "date_created": "2026-03-02T14:05:09Z", "user_id": "44444", "api_version": "v1",
       "action": "payment.updated", "data": {"id": "138400000001"}}
      """;
  private static final String ORDER_BODY =
      """
      {"action": "update", "application_id": "7910000000000001",
       "data": {"currency_id": "", "marketplace": "NONE", "status": "closed"},
       "id": "41700000001", "live_mode": false, "status": "closed",
       "type": "topic_merchant_order_wh", "user_id": 2010000001, "version": 1}
      """;
  private static final String FRAUD_BODY =
      """
      {"action": "Created", "data": {"merchant_order": 249900000001, "payment_id": 58900000001},
       "id": "99900000001", "type": "stop_delivery_op_wh", "user_id": 224400001}
      """;

  private final MetricRegistry metrics = new MetricRegistry();
  private final MercadoPagoSource source = source("new-secret," + Signer.SECRET, "hint");
  private final MercadoPagoSource unchecked = source("", "hint");

  @Nested
  class EachVariant {
    @Test
    void signedWebhookIsVerifiedAndKeptAsItCame() {
      var delivery =
          delivery(PAYMENT_QUERY, PAYMENT_BODY)
              .signedFor("138400000001")
              .header("user-agent", "MercadoPago WebHook v1.0 payment")
              .build();

      NewEvent event = accepted(source.examine(delivery));

      assertThat(event.source()).isEqualTo("mp");
      assertThat(event.eventType()).isEqualTo("payment");
      assertThat(event.action()).isEqualTo("payment.updated");
      assertThat(event.resourceId()).isEqualTo("138400000001");
      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.reason()).isNull();
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(event.origin()).isEqualTo(EventOrigin.WEBHOOK);
      assertThat(event.rawPayload()).asString(StandardCharsets.UTF_8).isEqualTo(PAYMENT_BODY);
      assertThat(event.queryString()).isEqualTo(PAYMENT_QUERY);
      assertThat(event.webhookId()).matches("mp:payment:138400000001:[0-9a-f]{16}");
    }

    @Test
    void merchantOrderHasItsIdInTheQueryOrAtTheTopOfTheBody() {
      NewEvent byQuery =
          accepted(
              source.examine(
                  delivery("data.id=41700000001&type=topic_merchant_order_wh", ORDER_BODY)
                      .signedFor("41700000001")
                      .build()));
      NewEvent byBody =
          accepted(
              source.examine(
                  delivery("type=topic_merchant_order_wh", ORDER_BODY).signedFor(null).build()));

      assertThat(byQuery.resourceId()).isEqualTo("41700000001");
      assertThat(byQuery.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(byBody.resourceId()).isEqualTo("41700000001");
      assertThat(byBody.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "topic=payment&id=1384|                                                     | payment",
          "topic=payment&id=1384| {\"resource\": \"1384\", \"topic\": \"payment\"}    | payment",
          "| {\"resource\": \"1384\", \"topic\": \"payment\"}                         | payment",
          "| {\"resource\": 1384, \"topic\": \"payment\"}                             | payment",
          "foo=bar| {\"resource\": \"http://10.0.0.1/a/1384\", \"topic\": \"merchant_order\"}"
              + "| merchant_order",
          "topic=merchant_order&id=1384| {\"resource\": \"https://x/merchant_orders/9\"}"
              + "| merchant_order",
          "| {\"resource\": \"https://x/merchant_orders/1384/\", \"topic\": \"merchant_order\"}"
              + "| merchant_order",
          "topic=payment&id=1384| not json at all                                     | payment",
          "topic=payment&id=1384| null                                                | payment",
        })
    void ipnIsAHintWhateverItsSignature(
        @Nullable String query, @Nullable String body, String type) {
      var delivery = delivery(query, body == null ? "" : body).signedFor("1384");

      NewEvent event = accepted(source.examine(delivery.build()));

      assertThat(event.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.eventType()).isEqualTo(type);
      assertThat(event.resourceId()).isEqualTo("1384");
    }

    @Test
    void fraudAlertIsAboutThePaymentInItsBody() {
      NewEvent event =
          accepted(
              source.examine(
                  delivery("type=stop_delivery_op_wh", FRAUD_BODY).signedFor(null).build()));

      assertThat(event.resourceId()).isEqualTo("58900000001");
      assertThat(event.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"type\":\"payment\",\"data\":{\"id\":1384}}",
          "{\"type\":\"payment\",\"data\":{\"id\":\"1384\"}}",
          "{\"data\":{\"id\":\" 1384 \"},\"type\":\"payment\",\"data_id\":1,\"id\":7}",
          "{\"type\":\"payment\",\"data\":{\"id\":1},\"data\":{\"id\":1384}}",
          "\uFEFF{\"type\":\"payment\",\"data\":{\"id\":1384}}",
        })
    void idInTheBodyMayBeANumberOrAText(String body) {
      NewEvent event = accepted(source.examine(delivery(null, body).signedFor(null).build()));

      assertThat(event.resourceId()).isEqualTo("1384");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"order", "mp-connect", "topic_claims_integration_wh", "brand.new:topic"})
    void unknownTopicIsAcceptedForALaterStageToDecide(String type) {
      NewEvent event =
          accepted(
              source.examine(
                  delivery("data.id=ORD01JQ4S4&type=" + type, "{}")
                      .signedFor("ord01jq4s4")
                      .build()));

      assertThat(event.eventType()).isEqualTo(type);
      assertThat(event.resourceId()).isEqualTo("ORD01JQ4S4");
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
    }

    @ParameterizedTest
    @CsvSource({
      "data.id=5, unknown",
      "data.id=5&type=, unknown",
      "data.id=5&type=%0A2026+ERROR+fake, unknown",
      "data.id=5&topic=chargebacks, chargebacks",
      "data.id=5&type=claims&topic=chargebacks, claims",
    })
    void typeComesFromTheQueryAndIsNeverOddlyFormed(String query, String type) {
      NewEvent event = accepted(source.examine(delivery(query, "{}").signedFor("5").build()));

      assertThat(event.eventType()).isEqualTo(type);
    }

    /** The address is the merchant's, and so are the parameters that stand in it. */
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "cliente=Descuento+50%&data.id=1384&type=payment| payment",
          "a%zzb&data.id=1384&type=payment                | payment",
          "type=tienda&data.id=1384&type=payment          | payment",
          "topic=ventas&data.id=1384&type=payment         | payment",
          "id=7&data.id=1384&type=topic_merchant_order_wh | topic_merchant_order_wh",
          "data.id=tienda-7&data.id=1384&type=payment     | payment",
          "data.id=1384&type=payment&type=brand_new       | payment",
          "type=web&data.id=1384&type=brand_new           | brand_new",
          "=x&&=&a=%ff%fe;b&data.id=1384&type=payment     | payment",
        })
    void parametersOfTheMerchantsOwnHideNothing(String query, String type) {
      NewEvent event = accepted(source.examine(delivery(query, "{}").signedFor("1384").build()));

      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(event.resourceId()).isEqualTo("1384");
      assertThat(event.eventType()).isEqualTo(type);
      assertThat(event.queryString()).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "type=web&id=tienda7&topic=payment&id=1384| {}                                      |"
              + " payment",
          "id=7&topic=payment&id=1384               | {}                                      |"
              + " payment",
          "topic=ventas&id=1384&topic=merchant_order| {}                                      |"
              + " merchant_order",
          "type=web                                 | {\"resource\":\"1384\",\"topic\":\"payment\"}"
              + " | payment",
          "id=1384&topic=payment&id=7               | {\"resource\":\"1384\",\"topic\":\"payment\"}"
              + " | payment",
        })
    void parametersOfTheMerchantsOwnHideNoHint(String query, String body, String type) {
      NewEvent event = accepted(source.examine(delivery(query, body).build()));

      assertThat(event.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
      assertThat(event.resourceId()).isEqualTo("1384");
      assertThat(event.eventType()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://api.mercadolibre.com/collections/notifications/1384?access_token=SECRET",
          "https://api.mercadopago.com/v1/payments/1384/?x=a/b#SECRET",
          "http://api.mercadopago.com:8443/v1/payments/1384#access_token=SECRET",
          "https://user:SECRET@api.mercadopago.com/v1/payments/1384//",
          "HTTPS:\\/\\/a:SECRET@api.mercadolibre.com\\/collections\\/notifications\\/1384\\u003faccess_token\\u003dSECRET",
          "/v1/payments/1384?access_token=SECRET",
          "1384?token=SECRET",
          "//api.mercadopago.com/v1/payments/1384;v=SECRET?y=SECRET",
          "https://api.mercadopago.com/collections/notifications/1384?q=\\\"SECRET",
        })
    void resourceIsTheIdOfItsPathAndWhatMayBeATokenIsNotKept(String resource) {
      String body = "{\"topic\": \"payment\", \"resource\" : \"" + resource + "\"}";

      NewEvent event = accepted(source.examine(delivery(null, body).build()));

      assertThat(event.resourceId()).isEqualTo("1384");
      assertThat(new String(event.rawPayload(), UTF_8)).doesNotContain("SECRET");
      assertThat(NotificationBody.of(event.rawPayload()).topic()).isEqualTo("payment");
    }

    @Test
    void sameDeliveryKeepsItsKeyThoughItIsRedacted() {
      String body = "{\"topic\":\"payment\",\"resource\":\"http://h/1384?access_token=SECRET\"}";
      String query = "secret=SECRET&topic=payment&id=1384&x=1";
      NewEvent first = accepted(source.examine(delivery(query, body).build()));
      NewEvent again = accepted(source.examine(delivery(query, body).build()));
      NewEvent other = accepted(source.examine(delivery(query + "2", body).build()));

      assertThat(again.webhookId()).isEqualTo(first.webhookId());
      assertThat(other.webhookId()).isNotEqualTo(first.webhookId());
      assertThat(first.queryString()).isEqualTo("secret=***&topic=payment&id=1384&x=1");
      var kept = new ReceivedRequest(first.rawPayload(), first.queryString(), first.headers());
      assertThat(source.asTrusted(kept, Place.MAIN).orElseThrow().webhookId())
          .isEqualTo(first.webhookId());
    }

    /** Of what is refused as well, whatever is wrong with it. */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"resource\":\"https://h/v1/payments/1384?access_token=APP_USR-1234567890123456-SECRET",
          "{\"data\":{\"id\":\"1\",\"access_token\":\"SECRET\"}}",
          "{\"a\":\"https://h/?x=1&access_token=SECRET\",",
          "resource=https%3A%2F%2Fh%2F1384%3Faccess_token%3DSECRET",
          "APP_USR-1234567890123456-112914-SECRET-448800001",
        })
    void tokenIsNotKeptOfWhatIsRefused(String body) {
      String query = "data.id=1384&type=payment&resource=http://h/1?access_token=SECRET";
      for (byte[] bytes : List.of(body.getBytes(UTF_8), body.getBytes(StandardCharsets.UTF_16LE))) {
        NewEvent event = refused(source.examine(delivery(query, bytes).build())).event();

        assertThat(new String(event.rawPayload(), UTF_8).replace("\u0000", ""))
            .doesNotContain("SECRET");
        assertThat(event.queryString()).doesNotContain("SECRET");
      }
    }

    @Test
    void hugeBodyOfWhatLooksLikeATokenIsReadInNoTime() {
      for (String piece : List.of("@", "\\\"", "token=", "\"resource\":\"//", "APP_USR-", "a.")) {
        String body = "{\"resource\":\"" + piece.repeat((1 << 20) / piece.length());

        assertThat(source.examine(delivery(PAYMENT_QUERY, body).signedFor("138400000001").build()))
            .isInstanceOf(Accepted.class);
      }
    }

    @Test
    void testModeIsNoReasonToRefuse() {
      String body = PAYMENT_BODY.replace("\"live_mode\": true", "\"live_mode\": false");

      assertThat(source.examine(delivery(PAYMENT_QUERY, body).signedFor("138400000001").build()))
          .isInstanceOf(Accepted.class);
    }

    @Test
    void simulatedCallOfThePanelIsAccepted() {
      var delivery = delivery("data.id=123456&type=payment", "{\"action\":\"test.created\"}");

      NewEvent event = accepted(source.examine(delivery.signedFor("123456").build()));

      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.action()).isEqualTo("test.created");
    }
  }

  @Nested
  class Trust {
    @Test
    void webhookWithoutAGoodSignatureIsRefusedAndQuarantinedUnderARandomKey() {
      Refused unsigned = refused(source.examine(delivery(PAYMENT_QUERY, PAYMENT_BODY).build()));
      Refused forged =
          refused(
              source.examine(
                  delivery(PAYMENT_QUERY, PAYMENT_BODY)
                      .signedFor("wrong", "138400000001")
                      .build()));

      assertThat(unsigned.refusal()).isEqualTo(Refusal.SIGNATURE);
      assertThat(unsigned.event().status()).isEqualTo(EventStatus.QUARANTINED);
      assertThat(unsigned.event().signature()).isEqualTo(SignatureState.BAD);
      assertThat(unsigned.event().reason()).isEqualTo("signature: missing");
      assertThat(unsigned.event().resourceId()).isEqualTo("138400000001");
      assertThat(forged.refusal()).isEqualTo(Refusal.SIGNATURE);
      assertThat(forged.event().reason()).isEqualTo("signature: mismatch");
      assertThat(forged.event().webhookId())
          .matches("quarantine:[0-9a-f-]{36}")
          .isNotEqualTo(unsigned.event().webhookId());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "data.id=999&type=payment&topic=payment",
          "data.id=999&topic=payment&id=999",
          "data.id=999&id=138400000001&topic=payment",
          "topic=payment&data.id=999",
          "data.id=999",
        })
    void idThatCouldBeSignedMustBeSignedWhateverElseTheQueryHolds(String query) {
      var ipnBody = "{\"resource\": \"999\", \"topic\": \"payment\"}";

      Refused refused =
          refused(source.examine(delivery(query, ipnBody).signedFor("138400000001").build()));

      assertThat(refused.refusal()).isEqualTo(Refusal.SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource({
      "type=payment&id=999",
      "type=payment",
      "data.id=&type=payment&id=999",
      "topic=payment&id=999",
      "id=999",
    })
    void idOutsideTheSignatureIsNeverVerified(String query) {
      var delivery = delivery(query, "{\"data\":{\"id\":\"999\"},\"type\":\"payment\"}");

      NewEvent event = accepted(source.examine(delivery.signedFor(null).build()));

      assertThat(event.resourceId()).isEqualTo("999");
      assertThat(event.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
    }

    @Test
    void signatureOfAnIdIsNoneForABodyWithoutThatIdInTheQuery() {
      var delivery = delivery("type=payment", PAYMENT_BODY).signedFor("138400000001");

      assertThat(refused(source.examine(delivery.build())).refusal()).isEqualTo(Refusal.SIGNATURE);
    }

    @Test
    void signedIdWinsOverTheBodys() {
      String body = "{\"type\":\"payment\",\"data\":{\"id\":\"999\"}}";

      NewEvent event =
          accepted(source.examine(delivery(PAYMENT_QUERY, body).signedFor("138400000001").build()));

      assertThat(event.resourceId()).isEqualTo("138400000001");
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
    }

    @Test
    void ofARepeatedIdTheSignedOneWins() {
      var signed = delivery("data.id=1&data.id=2&type=payment", "{}").signedFor("1");

      NewEvent event = accepted(source.examine(signed.build()));

      assertThat(event.resourceId()).isEqualTo("1");
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.id=2&data.id=1&type=payment", "data.id=2&type=payment&data.id=1"})
    void idPutBeforeTheSignedOneIsNotBelieved(String query) {
      NewEvent event = accepted(source.examine(delivery(query, "{}").signedFor("1").build()));

      assertThat(event.resourceId()).isEqualTo("1");
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(flagged("other_resource")).isEqualTo(1);
    }

    @Test
    void ofManyIdsOnlySomeAreHeldAgainstTheSignature() {
      String many = IntStream.range(2, 40).mapToObj(i -> "data.id=" + i).collect(joining("&"));
      var delivery = delivery(many + "&data.id=1&type=payment", "{}").signedFor("1");

      assertThat(refused(source.examine(delivery.build())).refusal()).isEqualTo(Refusal.SIGNATURE);
    }

    @Test
    void ofARepeatedIdNobodySignedNoneIsTaken() {
      Refused two =
          refused(unchecked.examine(delivery("data.id=1&data.id=2&type=payment", "{}").build()));
      NewEvent twice =
          accepted(unchecked.examine(delivery("data.id=1&data.id=1&type=payment", "{}").build()));

      assertThat(two.refusal()).isEqualTo(Refusal.BAD_RESOURCE_ID);
      assertThat(two.event().resourceId()).isNull();
      assertThat(twice.resourceId()).isEqualTo("1");
    }

    @Test
    void blankIdBesideAnotherIsNone() {
      String query = "data.id=&data.id=2&type=payment";

      assertThat(refused(source.examine(delivery(query, "{}").signedFor(null).build())).refusal())
          .isEqualTo(Refusal.SIGNATURE);
      assertThat(
              accepted(source.examine(delivery(query, "{}").signedFor("2").build())).resourceId())
          .isEqualTo("2");
    }

    /** MercadoPago's page Optional notifications: what is signed is the notification's own id. */
    @Test
    void fraudAlertIsAboutThePaymentInItsBodyThoughAnotherIdIsSigned() {
      String body = "{\"type\":\"stop_delivery_op_wh\",\"data\":{\"payment_id\":58900000001}}";
      var delivery = delivery("data.id=123456&type=stop_delivery_op_wh", body).signedFor("123456");
      var same = delivery("data.id=58900000001&type=stop_delivery_op_wh", body);

      NewEvent alert = accepted(source.examine(delivery.build()));

      assertThat(alert.resourceId()).isEqualTo("58900000001");
      assertThat(alert.signature()).as("it is a hint").isEqualTo(SignatureState.UNVERIFIABLE);
      assertThat(accepted(source.examine(same.signedFor("58900000001").build())).signature())
          .isEqualTo(SignatureState.VERIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORD01JQ4S4KY8HWQ6NA5PXB65B3D3", "ord01jq4s4ky8hwq6na5pxb65b3d3"})
    void orderIsVerifiedByItsIdAsItIsAndInLowerCase(String signed) {
      String id = "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3";
      String body = "{\"type\":\"order\",\"data\":{\"id\":\"%s\"}}".formatted(id);
      var inUpperCase = delivery("data.id=" + id + "&type=order", body).signedFor(signed);
      var inLowerCase =
          delivery("data.id=" + id.toLowerCase(Locale.ROOT) + "&type=order", body)
              .signedFor(id.toLowerCase(Locale.ROOT));

      for (Deliveries sent : List.of(inUpperCase, inLowerCase)) {
        NewEvent event = accepted(source.examine(sent.build()));

        assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
        assertThat(event.resourceId()).as("as MercadoPago writes it").isEqualTo(id);
        assertThat(event.webhookId()).as("nothing else is named").matches("mp:.*:[0-9a-f]{16}");
      }
    }

    @ParameterizedTest
    @CsvSource({
      "payment, 138400000001, 1",
      "order, some-new-form_1, 1",
      "topic_chargebacks_wh, CB-001-X, 1",
      "claim, 0b5c2f10, 1",
      "subscription_preapproval, 0123456789ABCDEF, 1",
      "topic_chargebacks_wh, 217000060000000001, 1",
    })
    void idThatLooksNewCostsNoVerifiedDelivery(String type, String id, String other) {
      NewEvent event =
          accepted(
              source.examine(
                  delivery("data.id=" + id + "&type=" + type, "").signedFor(id).build()));
      NewEvent chosen =
          accepted(
              source.examine(
                  delivery("topic=payment&id=%s&id=tienda".formatted(other), "").build()));

      assertThat(event.resourceId()).isEqualTo(id);
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(chosen.resourceId()).as("of several the one with the form").isEqualTo(other);
    }

    @Test
    void fraudAlertWithoutAReadablePaymentIsAboutTheSignedId() {
      for (String payment : List.of("[58900000001]", "\"PAY01\"", "{}", "null")) {
        String body = "{\"data\":{\"payment_id\":%s}}".formatted(payment);
        var delivery = delivery("data.id=58900000001&type=stop_delivery_op_wh", body);

        NewEvent event = accepted(source.examine(delivery.signedFor("58900000001").build()));

        assertThat(event.resourceId()).isEqualTo("58900000001");
        assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
      }
    }

    @Test
    void keyTellsThatTheBodyNamesSomethingElse() {
      String body = "{\"type\":\"order\",\"data\":{\"id\":\"ORD01JQ4S4\"}}";

      NewEvent event =
          accepted(source.examine(delivery(PAYMENT_QUERY, body).signedFor("138400000001").build()));

      assertThat(event.webhookId()).matches("mp:payment:138400000001:[0-9a-f]{16}:also");
      var kept = new ReceivedRequest(event.rawPayload(), event.queryString(), event.headers());
      assertThat(source.asTrusted(kept, Place.MAIN).orElseThrow().webhookId())
          .isEqualTo(event.webhookId());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "7910000000000001     | ; the body names application 7910000000000001",
          "\"7910000000000001\" | ; the body names application 7910000000000001",
          "\"79 <script>\"      | ''",
          "\"APP_USR-1-secret\" | ''",
          "[7910000000000001]   | ''",
          "-1                   | ''",
          "123456789012345678901234567890123 | ''",
        })
    void refusalNamesTheApplicationOfTheBody(String application, String named) {
      String body = "{\"application_id\":%s,\"data\":{\"id\":\"1\"}}".formatted(application);

      Refused forged =
          refused(
              source.examine(
                  delivery(PAYMENT_QUERY, body).signedFor("wrong", "138400000001").build()));
      Refused unsigned = refused(source.examine(delivery(PAYMENT_QUERY, body).build()));

      assertThat(forged.event().reason()).isEqualTo("signature: mismatch" + named);
      assertThat(unsigned.event().reason()).isEqualTo("signature: missing" + named);
    }

    @Test
    void topicsThatAreNotMercadoPagosAreOneUnlessProven() {
      String body = "{\"type\":\"brand_new\",\"data\":{\"id\":\"5\"}}";
      String query = "data.id=5&type=brand_new";

      NewEvent verified = accepted(source.examine(delivery(query, body).signedFor("5").build()));
      NewEvent hint = accepted(source.examine(delivery("topic=brand_new&id=5", "").build()));
      NewEvent byBody = accepted(source.examine(delivery("x=1", body).signedFor(null).build()));
      NewEvent unasked = accepted(unchecked.examine(delivery(query, body).build()));
      NewEvent refused = refused(source.examine(delivery(query, body).build())).event();
      var kept = new ReceivedRequest(refused.rawPayload(), refused.queryString(), Map.of());

      assertThat(verified.eventType()).isEqualTo("brand_new");
      assertThat(List.of(hint, byBody, unasked, refused))
          .extracting(NewEvent::eventType)
          .containsOnly("unknown");
      assertThat(hint.webhookId()).as("its key stays").matches("mp:brand_new:5:[0-9a-f]{16}");
      assertThat(unasked.webhookId()).matches("mp:brand_new:5:[0-9a-f]{16}");
      assertThat(source.asTrusted(kept, Place.MAIN).orElseThrow().eventType())
          .as("an operator has released it")
          .isEqualTo("brand_new");
      assertThat(accepted(source.examine(delivery("topic=CHARGEBACKS&id=5", "").build())))
          .extracting(NewEvent::eventType)
          .isEqualTo("chargebacks");
    }

    @Test
    void withoutASecretWebhooksAreUncheckedAndIpnStaysAHint() {
      NewEvent webhook = accepted(unchecked.examine(delivery(PAYMENT_QUERY, "{}").build()));
      NewEvent ipn = accepted(unchecked.examine(delivery("topic=payment&id=1", "").build()));

      assertThat(webhook.signature()).isEqualTo(SignatureState.UNCHECKED);
      assertThat(ipn.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
    }

    @Test
    void ipnIsKeptButLeftAloneIfConfiguredSo() {
      NewEvent event =
          accepted(
              source(Signer.SECRET, "ignore").examine(delivery("topic=payment&id=1", "").build()));

      assertThat(event.status()).isEqualTo(EventStatus.IGNORED);
      assertThat(event.reason()).isEqualTo("IPN is ignored by configuration");
    }

    @Test
    void oldSecretIsCounted() {
      var delivery = delivery(PAYMENT_QUERY, PAYMENT_BODY).signedFor("138400000001").build();

      assertThat(accepted(source.examine(delivery)).signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(count("old-secret")).isEqualTo(1);
      assertThat(count("valid")).isEqualTo(1);
    }

    @Test
    void lateOrEarlySignatureIsTakenAndFlagged() {
      long now = ManualClock.create().instant().getEpochSecond();
      for (long seconds : List.of(-5 * 86_400L, 601L, -599L)) {
        String time = String.valueOf(now + seconds);
        String manifest =
            "id:138400000001;request-id:" + Deliveries.REQUEST_ID + ";ts:" + time + ";";
        var delivery =
            delivery(PAYMENT_QUERY, PAYMENT_BODY)
                .header("x-signature", Signer.header(Signer.SECRET, time, manifest));

        assertThat(accepted(source.examine(delivery.build())).signature())
            .isEqualTo(SignatureState.VERIFIED);
      }
      assertThat(flagged("late")).isEqualTo(2);
    }

    @Test
    void anotherResourceThanTheSignedOneIsFlaggedAndNotBelieved() {
      var body =
          delivery(PAYMENT_QUERY, PAYMENT_BODY.replace("\"138400000001\"", "\"7\""))
              .signedFor("138400000001");
      var query = delivery(PAYMENT_QUERY + "&data.id=7", PAYMENT_BODY).signedFor("138400000001");

      assertThat(accepted(source.examine(body.build())).resourceId()).isEqualTo("138400000001");
      assertThat(accepted(source.examine(query.build())).resourceId()).isEqualTo("138400000001");
      assertThat(flagged("other_resource")).isEqualTo(2);
    }

    @Test
    void testModeIsFlaggedWhereItMeansSomethingAndNeverForAForgery() {
      String body = PAYMENT_BODY.replace("\"live_mode\": true", "\"live_mode\": false");
      assertThat(body).isNotEqualTo(PAYMENT_BODY);

      accepted(source.examine(delivery(PAYMENT_QUERY, body).signedFor("138400000001").build()));
      accepted(unchecked.examine(delivery(PAYMENT_QUERY, body).build()));
      refused(source.examine(delivery(PAYMENT_QUERY, body).build()));
      accepted(
          source.examine(
              delivery("data.id=41700000001&type=topic_merchant_order_wh", ORDER_BODY)
                  .signedFor("41700000001")
                  .build()));

      assertThat(flagged("test_mode")).isEqualTo(2);
    }

    private long flagged(String flag) {
      return metrics.counter("acuse.mercadopago.flagged." + flag).getCount();
    }

    private long count(String name) {
      return metrics
          .counter("dev.acuse.mercadopago.MercadoPagoSource.signature." + name)
          .getCount();
    }
  }

  @Nested
  class BadInput {
    @ParameterizedTest
    @ValueSource(strings = {"..%2F..%2Fusers%2Fme", "1%3Fx%3D", "-1", "12a", "1.0"})
    void paymentIdThatIsNotDigitsIsRefusedThoughSigned(String id) {
      String decoded = URLDecoder.decode(id, StandardCharsets.UTF_8);
      var delivery = delivery("type=payment&data.id=" + id, "{}").signedFor(decoded);

      Refused refused = refused(source.examine(delivery.build()));

      assertThat(refused.refusal()).isEqualTo(Refusal.BAD_RESOURCE_ID);
      assertThat(refused.event().resourceId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "1%0D%0A2",
          "1;2",
          "1%20OR%201",
          "%D9%A1%D9%A2",
          "1%002",
          "..%2F..%2Fusers%2Fme"
        })
    void unusableIdIsRefusedWhetherSignaturesAreCheckedOrNot(String id) {
      var delivery = delivery("type=payment&data.id=" + id, "{}").build();

      Refused unsigned = refused(source.examine(delivery));
      Refused unasked = refused(unchecked.examine(delivery));

      assertThat(unsigned.refusal()).isEqualTo(Refusal.SIGNATURE);
      assertThat(unsigned.event().resourceId()).isNull();
      assertThat(unasked.refusal()).isEqualTo(Refusal.BAD_RESOURCE_ID);
      assertThat(unasked.event().resourceId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "data.id=..%2Fme&type=payment",
          "data.id=-1&type=payment",
          "data.id=1&data.id=2&type=payment",
          "data.id=&data.id=2&type=payment",
          "type=payment",
          "id=..%2Fme",
          "",
        })
    void whoCannotSignLearnsNothingOfWhatElseIsWrong(String query) {
      for (String body : List.of("", "{oops", "[]", "{}")) {
        Refused unsigned = refused(source.examine(delivery(query, body).build()));
        Refused forged =
            refused(source.examine(delivery(query, body).signedFor("wrong", "1").build()));

        assertThat(unsigned.refusal()).isEqualTo(Refusal.SIGNATURE);
        assertThat(unsigned.event().status()).isEqualTo(EventStatus.QUARANTINED);
        assertThat(forged.refusal()).isEqualTo(Refusal.SIGNATURE);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "'', EMPTY_BODY",
      "' ', EMPTY_BODY",
      "{oops, MALFORMED_JSON",
      "{} {}, MALFORMED_JSON",
      "'{\"data\":', MALFORMED_JSON",
    })
    void bodyThatNobodySignedForMustBeReadableThoughTheQueryNamesAnId(
        String body, Refusal refusal) {
      Refused unchecked =
          refused(
              MercadoPagoSourceTest.this.unchecked.examine(delivery(PAYMENT_QUERY, body).build()));
      Refused signedForNone =
          refused(source.examine(delivery("type=payment&id=1", body).signedFor(null).build()));

      assertThat(unchecked.refusal()).isEqualTo(refusal);
      assertThat(unchecked.event().status()).isEqualTo(EventStatus.QUARANTINED);
      assertThat(unchecked.event().resourceId()).isEqualTo("138400000001");
      assertThat(unchecked.event().rawPayload()).asString(StandardCharsets.UTF_8).isEqualTo(body);
      assertThat(signedForNone.refusal()).isEqualTo(refusal);
    }

    @Test
    void idOf10KilobytesIsRefused() {
      var delivery = delivery("type=payment&data.id=" + "1".repeat(10_240), "{}").build();

      Refused refused = refused(unchecked.examine(delivery));

      assertThat(refused.refusal()).isEqualTo(Refusal.BAD_RESOURCE_ID);
      assertThat(refused.event().queryString()).hasSize(4096);
      assertThat(refused(source.examine(delivery)).refusal()).isEqualTo(Refusal.SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "{not json",
          "{\"a\":1} trailing",
          "{\"data\":",
          "{\"id\": 1e999999999}",
          "\u0000\u0001",
          "{\"action\":\"\\ud800\\u0000\"}",
        })
    void signedDeliveryIsStoredWhateverItsBody(String body) {
      var delivery = delivery(PAYMENT_QUERY, body).signedFor("138400000001");

      NewEvent event = accepted(source.examine(delivery.build()));

      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
      assertThat(event.rawPayload()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void hugeBodiesOfEveryKindAreStoredIfSigned() {
      for (String body :
          new String[] {
            "[".repeat(100_000),
            "{\"a\":".repeat(1001) + "1" + "}".repeat(1001),
            "{\"id\":" + "9".repeat(1001) + "}",
            "{\"" + "k".repeat(60_000) + "\":1}",
          }) {
        var delivery = delivery(PAYMENT_QUERY, body).signedFor("138400000001");

        assertThat(accepted(source.examine(delivery.build())).status())
            .isEqualTo(EventStatus.PENDING);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE", "ISO-8859-1"})
    void bytesOfAnyCharsetAreKeptAsTheyAre(String charset) {
      byte[] body = "{\"data\":{\"id\":\"1\"},\"x\":\"é\"}".getBytes(Charset.forName(charset));
      var delivery = delivery(PAYMENT_QUERY, body).signedFor("138400000001");

      assertThat(accepted(source.examine(delivery.build())).rawPayload()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"x\"", "1", "[{\"data\":{\"id\":\"1\"}}]"})
    void signedBodyThatIsNoObjectIsKeptAndIgnored(String body) {
      var delivery = delivery(PAYMENT_QUERY, body).signedFor("138400000001");

      NewEvent event = accepted(source.examine(delivery.build()));

      assertThat(event.status()).isEqualTo(EventStatus.IGNORED);
      assertThat(event.reason()).isEqualTo("the body is not an object");
    }

    @ParameterizedTest
    @CsvSource({"'', EMPTY_BODY", "{oops, MALFORMED_JSON", "{}, BAD_RESOURCE_ID"})
    void deliveryWithoutAResourceIsRefusedForWhatItLacks(String body, Refusal refusal) {
      assertThat(refused(source.examine(delivery("type=payment", body).signedFor(null).build())))
          .extracting(Refused::refusal)
          .isEqualTo(refusal);
      assertThat(refused(unchecked.examine(delivery("type=payment", body).build())))
          .extracting(Refused::refusal)
          .isEqualTo(refusal);
      assertThat(refused(source.examine(delivery("topic=payment", body).build())))
          .extracting(Refused::refusal)
          .isEqualTo(refusal);
      assertThat(refused(source.examine(delivery("type=payment", body).build())))
          .extracting(Refused::refusal)
          .isEqualTo(Refusal.SIGNATURE);
    }

    @Test
    void notificationsOwnIdIsNeverTakenForAPayments() {
      var delivery = delivery("type=payment", "{\"id\":127550000001,\"type\":\"payment\"}");

      assertThat(refused(source.examine(delivery.signedFor(null).build())).refusal())
          .isEqualTo(Refusal.BAD_RESOURCE_ID);
    }

    @Test
    void numberWrittenOddlyIsNoId() {
      var delivery = delivery("type=order", "{\"data\":{\"id\":1.5}}").signedFor(null);

      assertThat(refused(source.examine(delivery.build())).refusal())
          .isEqualTo(Refusal.BAD_RESOURCE_ID);
    }

    @Test
    void actionIsMadeFitForTheDatabase() {
      String action = "pay\\u0000ment\\n\\ud83d\\ude00\\ud800" + "x".repeat(100);
      var delivery = delivery(PAYMENT_QUERY, "{\"action\":\"" + action + "\"}");

      NewEvent event = accepted(source.examine(delivery.signedFor("138400000001").build()));

      assertThat(event.action()).startsWith("payment\ud83d\ude00\ufffdxxx").hasSize(64);
    }

    @Test
    void onlyHarmlessHeadersAreKeptAndOfTheSignatureOnlyItsTime() {
      var delivery =
          delivery(PAYMENT_QUERY, "{}")
              .signedFor("138400000001")
              .header("user-agent", "\"".repeat(4000))
              .header("content-type", "application/json")
              .header("authorization", "Bearer secret")
              .header("cookie", "a=b")
              .header("x-forwarded-for", "10.0.0.1")
              .build();

      NewEvent event = accepted(source.examine(delivery));

      assertThat(event.headers())
          .containsOnly(
              entry("x-request-id", Deliveries.REQUEST_ID),
              entry("user-agent", "\"".repeat(512)),
              entry("content-type", "application/json"),
              entry("x-signature-ts", Deliveries.TS));
    }
  }

  @Nested
  class Identity {
    @Test
    void sameDeliveryHasTheSameKey() {
      assertThat(key(PAYMENT_QUERY, PAYMENT_BODY, "a"))
          .isEqualTo(key(PAYMENT_QUERY, PAYMENT_BODY, "a"));
    }

    @Test
    void anyDifferenceGivesAnotherKey() {
      assertThat(
              List.of(
                  key("data.id=1&type=payment", "{}", "a"),
                  key("data.id=1&type=payment", "{} ", "a"),
                  key("data.id=1&type=payment", "{}", "b"),
                  key("data.id=1&type=payment&x", "{}", "a"),
                  key("type=payment&data.id=1", "{}", "a")))
          .doesNotHaveDuplicates();
    }

    @Test
    void bytesCannotPassFromOnePartToTheNext() {
      assertThat(key("id=1&topic=x&a", "b", "r")).isNotEqualTo(key("id=1&topic=x&", "ab", "r"));
      assertThat(key("id=1&topic=x", "", "rd")).isNotEqualTo(key("id=1&topic=x", "d", "r"));
    }

    @Test
    void queryBeyondWhatIsStoredStillCounts() {
      String longQuery = "data.id=1&type=payment&x=" + "y".repeat(5000);

      assertThat(key(longQuery + "1", "{}", "a")).isNotEqualTo(key(longQuery + "2", "{}", "a"));
    }

    private String key(String query, String body, String requestId) {
      var delivery =
          delivery(query, body).without("x-request-id").header("x-request-id", requestId);
      return accepted(unchecked.examine(delivery.build())).webhookId();
    }
  }

  private MercadoPagoSource source(String secrets, String ipn) {
    var configuration =
        new MercadoPagoConfiguration(
            null,
            null,
            Secret.of(secrets),
            null,
            ipn.equals("hint")
                ? MercadoPagoConfiguration.Ipn.HINT
                : MercadoPagoConfiguration.Ipn.IGNORE,
            null,
            null,
            null);
    return new MercadoPagoSource(
        configuration,
        IntakeAccounts.alone(configuration.credentials().webhookSecrets()),
        ManualClock.create(),
        UUID::randomUUID,
        metrics);
  }

  private static NewEvent accepted(Examined examined) {
    assertThat(examined).isInstanceOf(Accepted.class);
    return examined.event();
  }

  private static Refused refused(Examined examined) {
    assertThat(examined).isInstanceOf(Refused.class);
    return (Refused) examined;
  }
}
