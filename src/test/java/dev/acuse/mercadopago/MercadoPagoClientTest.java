package dev.acuse.mercadopago;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.payment.state.PaymentDetails;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MercadoPagoClientTest {
  private static final String TOKEN = "APP_USR-secret";
  private static final String ID = "138400000001";
  private static final String PAYMENT =
      """
      {"id": 138400000001, "date_created": "2026-03-02T10:05:08.000-04:00",
       "date_last_updated": "2026-03-02T10:05:09.000-04:00", "money_release_date": "pending",
       "status": "approved", "status_detail": "accredited", "operation_type": "regular_payment",
       "currency_id": "ARS", "transaction_amount": 1500.50,
       "transaction_amount_refunded": 200.25, "date_approved": "2026-03-02T10:05:08.000-04:00",
       "external_reference": "order-1001",
       "payer": {"id": "128100001", "email": "buyer@example.test", "type": null},
       "collector_id": 448800001, "order": {"id": "41700000001", "type": "mercadopago"},
       "metadata": {"acuse_external_reference": "order-1001", "contact_id": "abc"},
       "live_mode": true, "refunds": [], "card": {}, "something_new": {"a": [1]}}
      """;

  @RegisterExtension static final WireMockExtension API = WireMockExtension.newInstance().build();

  private MercadoPagoConfiguration configuration = MercadoPagoConfiguration.defaults();
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));

  @BeforeEach
  void configure() {
    configuration = configuration(TOKEN, null);
  }

  private static MercadoPagoConfiguration configuration(
      String token, @Nullable String notificationUrl) {
    return new MercadoPagoConfiguration(
        API.baseUrl() + "/", Secret.of(token), null, null, null, null, notificationUrl, null);
  }

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Nested
  class Payments {
    @Test
    void paymentIsReadInFull() throws Exception {
      answer(okJson(PAYMENT));

      assertThat(client().payment(ID))
          .isEqualTo(
              new MercadoPagoPayment(
                  new PaymentSnapshot(
                      ID,
                      "approved",
                      "accredited",
                      new BigDecimal("1500.5"),
                      new BigDecimal("200.25"),
                      "ARS",
                      "448800001",
                      "order-1001",
                      "order-1001",
                      null,
                      "abc",
                      "buyer@example.test",
                      Instant.parse("2026-03-02T14:05:09Z"),
                      Instant.parse("2026-03-02T14:05:08Z")),
                  "regular_payment",
                  "41700000001",
                  null));
      API.verify(
          getRequestedFor(urlEqualTo("/v1/payments/" + ID))
              .withHeader("Authorization", equalTo("Bearer " + TOKEN))
              .withHeader("Accept", equalTo("application/json")));
    }

    @Test
    void whatAPersonAsksOfAPaymentIsRead() throws Exception {
      answer(
          okJson(
              """
              {"id": 138400000001, "status": "approved", "payment_method_id": "visa",
               "payment_type_id": "credit_card", "installments": 3, "description": "Curso",
               "card": {"first_six_digits": "450995", "last_four_digits": "4242"},
               "fee_details": [{"type": "mercadopago_fee", "amount": 97.5, "fee_payer": "collector"},
                 {"type": "application_fee", "amount": 2.5, "fee_payer": "collector"},
                 {"type": "financing_fee", "amount": 300, "fee_payer": "payer"}],
               "transaction_details": {"net_received_amount": 1400.5},
               "money_release_date": "2026-03-20T10:05:09.000-04:00",
               "payer": {"first_name": "María", "last_name": "Gómez"}}
              """));

      assertThat(client().payment(ID).snapshot().details())
          .isEqualTo(
              new PaymentDetails(
                  "visa",
                  "credit_card",
                  "4242",
                  3,
                  new BigDecimal("100.0"),
                  new BigDecimal("1400.5"),
                  Instant.parse("2026-03-20T14:05:09Z"),
                  "María Gómez",
                  "Curso"));
    }

    @Test
    void detailsThatMakeNoSenseAreLeftOut() throws Exception {
      answer(
          okJson(
              """
              {"id": 138400000001, "status": "approved", "payment_method_id": {}, "installments": -1,
               "card": {"last_four_digits": "4509953566233704", "cardholder": {"name": " Ana "}},
               "fee_details": "none", "transaction_details": {"net_received_amount": 1e999999999},
               "money_release_date": "released", "payer": null, "description": "",
               "additional_info": {"items": [{"title": "Taller"}]}}
              """));

      assertThat(client().payment(ID).snapshot().details())
          .isEqualTo(new PaymentDetails(null, null, null, null, null, null, null, "Ana", "Taller"));
    }

    @Test
    void paymentThatSaysAlmostNothingIsReadAsFarAsItGoes() throws Exception {
      answer(
          okJson(
              """
              {"id": "138400000001", "status": "pending", "payer": null, "order": {},
               "metadata": null, "external_reference": null, "date_last_updated": null,
               "transaction_amount": null, "collector_id": "448800001"}
              """));

      MercadoPagoPayment payment = client().payment(ID);

      assertThat(payment.snapshot())
          .isEqualTo(
              new PaymentSnapshot(
                  ID,
                  "pending",
                  null,
                  null,
                  null,
                  null,
                  "448800001",
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null));
      assertThat(payment.operationType()).isNull();
      assertThat(payment.merchantOrderId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"contact_id", "contactid", "ghl_contact_id"})
    void contactIsFoundByEachOfItsNames(String key) throws Exception {
      answer(okJson(with("metadata", "{\"" + key + "\": \"Abc-1\"}")));

      assertThat(client().payment(ID).snapshot().contactId()).isEqualTo("Abc-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acuse_external_reference", "external_reference"})
    void referenceIsFoundByEachOfItsNames(String key) throws Exception {
      answer(okJson(with("metadata", "{\"" + key + "\": 1001}")));

      assertThat(client().payment(ID).snapshot().metadataReference()).isEqualTo("1001");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"\"../x\"", "\"a b\"", "{}", "[1]", "true", "\"\"", "\"a\\u0000\"", "1.5"})
    void contactThatIsNoIdIsNone(String contact) throws Exception {
      answer(okJson(with("metadata", "{\"contact_id\": " + contact + "}")));

      assertThat(client().payment(ID).snapshot().contactId()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
      "2026-03-02T10:05:09.000-04:00, 2026-03-02T14:05:09Z",
      "2026-03-02T14:05:09Z, 2026-03-02T14:05:09Z",
      "2026-03-02T14:05:09+00:00, 2026-03-02T14:05:09Z",
      "2026-03-02T14:05:09-00:00, 2026-03-02T14:05:09Z",
      "2026-03-02T10:05:09.123456789-0400, 2026-03-02T14:05:09.123456789Z",
      "20260302T100509-04:00, 2026-03-02T14:05:09Z",
      "20260302T140509.5Z, 2026-03-02T14:05:09.500Z",
      "2026-03-02T10:05:09.000, ",
      "2026-02-30T10:05:09.000Z, ",
      "2026-03-02, ",
      "yesterday, ",
      "+999999999-01-01T00:00:00Z, ",
    })
    void datesOfEveryKindAreReadAndABadOneIsLeftOut(String date, @Nullable Instant expected)
        throws Exception {
      answer(okJson(with("date_last_updated", "\"" + date + "\"")));

      assertThat(client().payment(ID).snapshot().mpUpdatedAt()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
      "100, 100",
      "100.00, 100",
      "12.34, 12.34",
      "1e3, 1000",
      "0, 0",
      "1e999999999, ",
      "1e-999999999, ",
      "9999999999999999, ",
      "'\"100\"', ",
    })
    void amountIsExactAndWhatIsNoneIsLeftOut(String amount, @Nullable BigDecimal expected)
        throws Exception {
      answer(okJson(with("transaction_amount", amount)));

      BigDecimal actual = client().payment(ID).snapshot().amount();

      if (expected == null) {
        assertThat(actual).isNull();
      } else {
        assertThat(actual)
            .isEqualByComparingTo(expected)
            .satisfies(read -> assertThat(read.scale()).isNotNegative());
      }
    }

    @Test
    void textThatNoDatabaseHoldsIsMadeFit() throws Exception {
      answer(okJson(with("status_detail", "\"a\\u0000\\ud800" + "x".repeat(500) + "\"")));

      assertThat(client().payment(ID).snapshot().statusDetail())
          .startsWith("a\ufffdx")
          .hasSize(128);
    }

    @Test
    void referenceTooLongToBeOursIsNone() throws Exception {
      answer(okJson(with("external_reference", "\"" + "x".repeat(257) + "\"")));

      assertThat(client().payment(ID).snapshot().externalReference()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"status\": \"approved\"}",
          "{\"id\": null, \"status\": \"approved\"}",
          "{\"id\": 138400000002, \"status\": \"approved\"}",
          "{\"id\": 138400000001.0, \"status\": \"approved\"}",
          "[]",
          "<html>",
          "",
        })
    void answerAboutNothingOrSomethingElseIsNotUnderstood(String body) {
      answer(aResponse().withStatus(200).withBody(body));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().payment(ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\": 138400000001}", "{\"id\": 138400000001, \"status\": \"\"}"})
    void answerAboutThePaymentThatMakesNoSenseIsABadResponse(String body) {
      answer(aResponse().withStatus(200).withBody(body));

      assertThatExceptionOfType(RemoteException.BadResponse.class)
          .isThrownBy(() -> client().payment(ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../users/me", "", "1?x=", "1/2", "%2e", "1 2"})
    void idThatIsNoneIsNotAskedFor(String id) {
      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> client().payment(id))
          .satisfies(e -> assertThat(e.status()).isEqualTo(400));
      assertThat(API.getAllServeEvents()).isEmpty();
    }
  }

  @Nested
  class Failures {
    @Test
    void unknownPaymentIsRejectedWithMercadoPagosWords() {
      answer(
          aResponse()
              .withStatus(404)
              .withBody(
                  """
                  {"message": "Payment not found", "error": "not_found", "status": 404,
                   "cause": [{"code": 2000, "data": "30-01-2026T12:28:24UTC;9c1f0f0e"}]}
                  """));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> client().payment(ID))
          .withMessage("MercadoPago answered 404: Payment not found")
          .satisfies(e -> assertThat(e.status()).isEqualTo(404));
    }

    @Test
    void tooManyRequestsSayWhenToComeBack() {
      answer(
          aResponse()
              .withStatus(429)
              .withHeader("Retry-After", "30")
              .withBody("{\"status\":429,\"error\":\"too_many_requests\",\"message\":\"slow\"}"));

      assertThatExceptionOfType(RemoteException.Unavailable.class)
          .isThrownBy(() -> client().payment(ID))
          .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            401 | {"message":"invalid access token","error":"unauthorized","status":401,"cause":[]}
            401 | {"message":"Unauthorized use of live credentials","status":401}
            401 | {"code":"unauthorized","message":"authorization value not present"}
            401 | ''
            403 | {"status":403,"code":"PA_UNAUTHORIZED_RESULT_FROM_POLICIES","blocked_by":"PolicyAgent","message":"At least one policy returned UNAUTHORIZED."}
            403 | {"message":"pa_unauthorized_result_from_policies"}
            400 | {"message":"Malformed access_token: null","error":"bad_request","status":400}
            400 | {"message":"Malformed access token: APP_USR-1234567890","status":400}
            400 | {"message":"bad","error":"invalid_token","status":400}
            403 | {"message":"Invalid access_token","error":"forbidden","status":403}
            400 | {"message":"Must provide your access_token to proceed","status":400}
            404 | {"message":"access token expired","status":404}
            403 | {"message":"Application blocked","error":"forbidden"}
            403 | {"message":"x","error":"unauthorized_scopes","status":403}
            403 | {"message":"The application lacks the required scopes"}
            400 | {"message":"Token must be for test","cause":[{"code":3,"description":"Token must be for test"}]}
            """)
    void refusalOfUsIsSortedAsSuch(int status, String body) {
      answer(aResponse().withStatus(status).withBody(body));

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> client().payment(ID))
          .satisfies(e -> assertThat(e.httpStatus()).isEqualTo(status))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("1234567890"));
      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> client().merchantOrder(ID));
      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(
              () ->
                  client().searchPayments(new PaymentSearch(Instant.EPOCH, Instant.EPOCH, 50, 0)));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            403 | {"message":"Invalid caller_id","error":"invalid_caller_id","status":403}
            403 | {"message":"x","error":"user_not_allowed","status":403}
            403 | {"message":"no","error":"forbidden","cause":[{"code":4,"description":"no"}]}
            403 | {"message":"no","error":"forbidden","cause":[{"code":"3002"}]}
            404 | {"message":"Payment not found","error":"not_found","status":404,"cause":[{"code":2000}]}
            404 | {"error":"not_found"}
            404 | ''
            400 | {"message":"Invalid id","error":"bad_request","status":400}
            400 | {"message":"x","error":"bad_request","cause":[{"code":1,"description":"Params Error"}]}
            400 | {"message":"The payment is not valid for callerId","status":400}
            """)
    void refusalOfOneResourceIsItsOwn(int status, String body) {
      answer(aResponse().withStatus(status).withBody(body));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> client().payment(ID))
          .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            200 | <html><body>Log in</body></html>
            200 | ''
            200 | {"login":"required"}
            200 | {"id":1,"status":"approved"}
            302 | ''
            400 | <html><h1>400 Bad Request</h1></html>
            400 | {"message":"something new"}
            401 | <html>Proxy</html>
            402 | {"message":"pay the hotel"}
            403 | <!DOCTYPE html><title>Just a moment...</title>
            403 | {"message":"Forbidden"}
            403 | ''
            404 | <html>nginx</html>
            404 | {"message":"no Route matched with those values"}
            405 | {"message":"Method Not Allowed"}
            407 | {"message":"invalid token"}
            410 | {"message":"Gone"}
            418 | []
            422 | <html></html>
            451 | <html>blocked by order</html>
            """)
    void whatIsNotUnderstoodIsAboutNeither(int status, String body) {
      answer(aResponse().withStatus(status).withBody(body));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().payment(ID))
          .satisfies(e -> assertThat(e.diagnosis()).isEqualTo(RemoteException.Diagnosis.OUTAGE))
          .satisfies(e -> assertThat(e.httpStatus()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {511, 520, 521, 522, 523, 524, 525, 526, 530})
    void statusOfAContentNetworkIsAnOutage(int status) {
      answer(aResponse().withStatus(status).withBody("<html>error</html>"));

      assertThatExceptionOfType(RemoteException.Unavailable.class)
          .isThrownBy(() -> client().payment(ID));
    }

    @Test
    void searchForOrdersThatAloneIsRefusedIsItsOwnFailure() {
      answer(
          aResponse()
              .withStatus(403)
              .withBody("{\"code\":\"PA_UNAUTHORIZED_RESULT_FROM_POLICIES\",\"status\":403}"));

      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(
              () -> client().searchOrders(new OrderSearch(Instant.EPOCH, Instant.EPOCH, 50, 0)));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            400 | {"message":"auto_return invalid","error":"invalid_auto_return","status":400} | Rejected
            400 | {"message":"unit_price invalid","error":"invalid_items","cause":null} | Rejected
            400 | {"message":"Malformed access_token: null","error":"bad_request","status":400} | Unauthorized
            403 | {"code":"PA_UNAUTHORIZED_RESULT_FROM_POLICIES","status":403} | Unauthorized
            400 | <html></html> | NotUnderstood
            200 | <html></html> | NotUnderstood
            201 | {} | NotUnderstood
            """)
    void preferencesAreSortedLikewise(int status, String body, String kind) {
      answer(aResponse().withStatus(status).withBody(body));

      var failure =
          catchThrowableOfType(RemoteException.class, () -> client().create(checkout("100")));

      assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void withoutATokenNothingIsAsked() {
      configuration = configuration(" ", null);

      assertThatExceptionOfType(RemoteException.NotSetUp.class)
          .isThrownBy(() -> client().payment(ID))
          .satisfies(e -> assertThat(e.httpStatus()).isNull());
      assertThatExceptionOfType(RemoteException.NotSetUp.class)
          .isThrownBy(() -> client().create(checkout("100")));
      assertThat(API.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void faultOnTheWireNeverBecomesAPayment(Fault fault) {
      answer(aResponse().withFault(fault));

      var failure = catchThrowableOfType(RemoteException.class, () -> client().payment(ID));

      assertThat(failure)
          .isInstanceOfAny(RemoteException.Unavailable.class, RemoteException.NotUnderstood.class);
      assertThat(Throwables.getStackTrace(failure)).doesNotContain(TOKEN);
    }

    @Test
    void revokedTokenIsUnauthorizedAndNotNamed() {
      answer(aResponse().withStatus(401).withBody("{\"message\": \"invalid " + TOKEN + "\"}"));

      assertThatExceptionOfType(RemoteException.Unauthorized.class)
          .isThrownBy(() -> client().payment(ID))
          .withMessage("MercadoPago answered 401: invalid [REDACTED]");
    }

    @Test
    void redirectToTheCloudsMetadataIsNotFollowed() {
      answer(aResponse().withStatus(302).withHeader("Location", "http://169.254.169.254/latest"));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().payment(ID))
          .satisfies(e -> assertThat(e.httpStatus()).isEqualTo(302));
    }

    @Test
    void answerThatDripsIsCutOff() {
      answer(okJson(PAYMENT).withChunkedDribbleDelay(PAYMENT.length() / 2, 15_000));

      try (var hasty = new BoundedClient(Duration.ofMillis(500))) {
        var client =
            new MercadoPagoClient(
                hasty.client(), configuration, configuration.credentials(), ManualClock.create());

        assertThatExceptionOfType(RemoteException.Unavailable.class)
            .isThrownBy(() -> client.payment(ID))
            .withMessageContaining("no complete answer within 500 ms");
      }
    }

    @Test
    void payersDataIsInNoMessage() {
      answer(okJson(PAYMENT.replace("\"live_mode\"", "buyer@example.test")));

      var failure = catchThrowableOfType(RemoteException.class, () -> client().payment(ID));

      assertThat(failure).isInstanceOf(RemoteException.NotUnderstood.class);
      assertThat(Throwables.getStackTrace(failure)).doesNotContain("buyer");
    }
  }

  @Nested
  class MerchantOrders {
    @Test
    void merchantOrderIsReadWithEachPaymentOnce() throws Exception {
      answer(
          okJson(
              """
              {"id": 41700000001, "status": "closed", "order_status": "paid",
               "external_reference": "order-1001", "preference_id": "448800001-aaaa-bbbb",
               "payments": [{"id": 138400000001, "status": "rejected",
                 "operation_type": "regular_payment",
                 "last_modified": "2026-03-02T10:05:09.000-04:00"}, {"id": "138400000002"},
                 {"id": 138400000001}, {"status": "approved"}, null],
               "payer": {"id": 1, "email": ""}, "last_updated": "2026-03-02T10:05:10.000-04:00"}
              """));

      assertThat(client().merchantOrder("41700000001"))
          .isEqualTo(
              new MerchantOrder(
                  "41700000001",
                  null,
                  "448800001-aaaa-bbbb",
                  "order-1001",
                  List.of(
                      new MerchantOrder.Entry(
                          "138400000001",
                          "rejected",
                          "regular_payment",
                          Instant.parse("2026-03-02T14:05:09Z")),
                      new MerchantOrder.Entry("138400000002", null, null, null)),
                  "paid",
                  Instant.parse("2026-03-02T14:05:10Z")));
      API.verify(getRequestedFor(urlEqualTo("/merchant_orders/41700000001")));
    }

    @Test
    void merchantOrderWithoutPaymentsHasNone() throws Exception {
      answer(okJson("{\"id\": \"41700000001\", \"payments\": null, \"order_status\": null}"));

      assertThat(client().merchantOrder("41700000001"))
          .isEqualTo(new MerchantOrder("41700000001", null, null, null, List.of(), null, null));
    }

    @Test
    void anotherMerchantOrderIsABadResponse() {
      answer(okJson("{\"id\": 41700000002}"));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().merchantOrder("41700000001"));
    }
  }

  @Nested
  class Search {
    private final PaymentSearch search =
        new PaymentSearch(
            Instant.parse("2026-03-02T10:00:00Z"),
            Instant.parse("2026-03-02T11:00:00.5Z"),
            50,
            100);

    @Test
    void searchAsksByLastUpdateAndReadsThePage() throws Exception {
      answer(
          okJson(
              """
              {"paging": {"total": 102, "limit": 50, "offset": 100},
               "results": [%s, {"id": "138400000002", "status": "pending"}, {"status": "x"}]}
              """
                  .formatted(PAYMENT)));

      PaymentPage page = client().searchPayments(search);

      assertThat(page.payments())
          .extracting(payment -> payment.snapshot().mpPaymentId())
          .containsExactly(ID, "138400000002");
      assertThat(page.entries()).isEqualTo(3);
      assertThat(page.total()).isEqualTo(102);
      API.verify(
          getRequestedFor(urlPathEqualTo("/v1/payments/search"))
              .withQueryParam("range", equalTo("date_last_updated"))
              .withQueryParam("sort", equalTo("date_last_updated"))
              .withQueryParam("criteria", equalTo("asc"))
              .withQueryParam("begin_date", equalTo("2026-03-02T10:00:00.000Z"))
              .withQueryParam("end_date", equalTo("2026-03-02T11:00:00.500Z"))
              .withQueryParam("limit", equalTo("50"))
              .withQueryParam("offset", equalTo("100")));
    }

    @Test
    void pagePastTheEndIsEmptyAndKeepsTheTotal() throws Exception {
      answer(okJson("{\"paging\": {\"total\": 102}, \"results\": []}"));

      assertThat(client().searchPayments(search)).isEqualTo(new PaymentPage(List.of(), 0, 102));
    }

    @Test
    void answerWithoutResultsIsABadResponse() {
      answer(okJson("{\"paging\": {\"total\": 0}}"));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().searchPayments(search));
    }
  }

  @Nested
  class OrderSearching {
    private final OrderSearch search =
        new OrderSearch(
            Instant.parse("2026-03-02T10:00:00Z"), Instant.parse("2026-03-02T11:00:00.5Z"), 2, 4);

    @Test
    void searchAsksByLastUpdateAndReadsThePage() throws Exception {
      answer(okJson("{\"elements\": [{\"id\": 41700000001}, {}], \"total\": 7}"));

      OrderPage page = client().searchOrders(search);

      assertThat(page.orders()).extracting(MerchantOrder::id).containsExactly("41700000001");
      assertThat(page.entries()).isEqualTo(2);
      assertThat(page.total()).isEqualTo(7);
      API.verify(
          getRequestedFor(urlPathEqualTo("/merchant_orders/search"))
              .withQueryParam("last_updated_from", equalTo("2026-03-02T10:00:00.000Z"))
              .withQueryParam("last_updated_to", equalTo("2026-03-02T11:00:00.500Z"))
              .withQueryParam("limit", equalTo("2"))
              .withQueryParam("offset", equalTo("4")));
    }

    @Test
    void nothingFoundMayBeNull() throws Exception {
      answer(okJson("{\"elements\": null, \"next_offset\": 0, \"total\": 0}"));

      assertThat(client().searchOrders(search)).isEqualTo(new OrderPage(List.of(), 0, 0));
    }

    @Test
    void fullPageWithoutATotalIsNotTakenForAll() throws Exception {
      answer(okJson("{\"elements\": [{\"id\": 1}, {\"id\": 2}]}"));

      assertThat(client().searchOrders(search).total()).isEqualTo(7);
    }

    @Test
    void answerWithoutElementsIsABadResponse() {
      answer(okJson("{\"results\": []}"));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().searchOrders(search));
    }
  }

  @Nested
  class Creating {
    private static final String CREATED =
        """
        {"id": "448800001-aaaa-bbbb", "external_reference": "order-1001",
         "init_point": "https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id=1"}
        """;

    @Test
    void preferenceIsCreatedWithAllThatLinksItsPayments() throws Exception {
      configuration = configuration(TOKEN, "https://acuse.example.test/webhooks/mp");
      answer(okJson(CREATED).withStatus(201));

      assertThat(client().create(checkout("1500.50")))
          .isEqualTo(
              new Preference(
                  "448800001-aaaa-bbbb",
                  "https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id=1"));
      API.verify(
          postRequestedFor(urlEqualTo("/checkout/preferences"))
              .withHeader("Content-Type", equalTo("application/json"))
              .withRequestBody(
                  equalToJson(
                      """
                      {"items": [{"id": "order-1001", "title": "Curso ñandú", "quantity": 1,
                         "unit_price": 1500.5, "currency_id": "ARS"}],
                       "payer": {"email": "buyer@example.test"},
                       "external_reference": "order-1001",
                       "metadata": {"acuse_external_reference": "order-1001", "contact_id": "abc"},
                       "notification_url":
                         "https://acuse.example.test/webhooks/mp?source_news=webhooks"}
                      """)));
    }

    @ParameterizedTest
    @CsvSource({
      "https://a.test/h, https://a.test/h?source_news=webhooks",
      "https://a.test/h?k=1, https://a.test/h?k=1&source_news=webhooks",
      "https://a.test/h?source_news=ipn, https://a.test/h?source_news=ipn",
    })
    void notificationUrlAsksForWebhooksOnlyUnlessItSaysOtherwise(String url, String sent)
        throws Exception {
      configuration = configuration(TOKEN, url);
      answer(okJson(CREATED));

      client().create(checkout("100"));

      API.verify(
          postRequestedFor(urlEqualTo("/checkout/preferences"))
              .withRequestBody(matchingJsonPath("$.notification_url", equalTo(sent))));
    }

    @Test
    void idempotencyKeyFollowsFromTheContent() throws Exception {
      answer(okJson(CREATED));
      for (String amount : new String[] {"100", "100.00", "1E+2", "101"}) {
        client().create(checkout(amount));
      }

      List<String> keys =
          API.getAllServeEvents().stream()
              .map(event -> LoggedRequest.createFrom(event.getRequest()))
              .map(request -> request.getHeader("X-Idempotency-Key"))
              .toList();

      assertThat(keys).hasSize(4).allMatch(key -> key.matches("[0-9a-f-]{36}"));
      assertThat(keys.subList(1, 4)).containsOnly(keys.get(3));
      assertThat(keys.get(0)).isNotEqualTo(keys.get(3));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"id\": \"1\"}",
          "{\"init_point\": \"https://a.test\"}",
          "{\"id\": \"1\", \"init_point\": \"javascript:alert(1)\"}",
          "{\"id\": \"1\", \"init_point\": \"https://a.test\", \"external_reference\": \"other\"}",
        })
    void answerThatIsNoPreferenceOfOursIsABadResponse(String body) {
      answer(okJson(body));

      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client().create(checkout("100")));
    }
  }

  private static CheckoutRequest checkout(String amount) {
    return new CheckoutRequest(
        "order-1001", "abc", new BigDecimal(amount), "ARS", "Curso ñandú", "buyer@example.test");
  }

  /** The payment with one field more, which overrides its own. */
  private static String with(String field, String value) {
    return PAYMENT.strip().replaceFirst("}$", ", \"" + field + "\": ") + value + "}";
  }

  private MercadoPagoClient client() {
    return new MercadoPagoClient(
        http.client(), configuration, configuration.credentials(), ManualClock.create());
  }

  private static void answer(ResponseDefinitionBuilder response) {
    API.stubFor(any(anyUrl()).willReturn(response));
  }
}
