package dev.acuse.mercadopago;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.acuse.mercadopago.MercadoPagoOrder.Entry;
import dev.acuse.order.OrderSnapshot;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MercadoPagoOrdersTest {
  private static final String ID = "ORD01K0000000000000000000001";
  private static final String ORDER =
      """
      {"id": "ORD01K0000000000000000000001", "type": "online", "external_reference": "co_7f3a",
       "total_amount": "1500.000", "total_paid_amount": "1500.005", "country_code": "BRA",
       "user_id": "44444", "status": "processed", "status_detail": "accredited",
       "created_date": "2026-09-01T12:00:00.123456789Z",
       "last_updated_date": "2026-09-01T12:00:01Z", "something_new": [{"a": 1}],
       "transactions": {"payments": [
         {"id": "PAY01K1", "reference_id": "000aaaa1bb", "status": "failed"},
         {"id": "PAY01K2", "status": "processed", "reference": {"id": 115000000001}},
         {"id": "PAY01K3", "status": "processed", "reference": {"id": "000aaaa1bb"}}]}}
      """;

  @RegisterExtension static final WireMockExtension API = WireMockExtension.newInstance().build();

  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final MercadoPagoOrders orders = new MercadoPagoOrders(client());

  private MercadoPagoClient client() {
    var configuration =
        new MercadoPagoConfiguration(
            API.baseUrl(), Secret.of("APP_USR-secret"), null, null, null, null, null, null);
    return new MercadoPagoClient(
        http.client(), configuration, configuration.credentials(), ManualClock.create());
  }

  @AfterEach
  void close() {
    http.close();
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    API.stubFor(any(anyUrl()).willReturn(answer));
  }

  @Test
  void anOrderIsReadInFullAndAskedForAsItIsWritten() throws Exception {
    answer(okJson(ORDER));

    MercadoPagoOrder order = orders.order(ID);

    assertThat(order)
        .isEqualTo(
            new MercadoPagoOrder(
                new OrderSnapshot(
                    ID,
                    "online",
                    "co_7f3a",
                    "processed",
                    "accredited",
                    new BigDecimal("1500"),
                    new BigDecimal("1500.005"),
                    "BRL",
                    Instant.parse("2026-09-01T12:00:00.123456Z"),
                    Instant.parse("2026-09-01T12:00:01Z")),
                "44444",
                List.of(
                    new Entry("failed", null),
                    new Entry("processed", "115000000001"),
                    new Entry("processed", null))));
    assertThat(order.paymentHints()).containsExactly("115000000001");
    assertThat(order.moneyPayments()).isEqualTo(2);
    API.verify(
        getRequestedFor(urlEqualTo("/v1/orders/" + ID))
            .withHeader("Authorization", equalTo("Bearer APP_USR-secret")));
  }

  @ParameterizedTest
  @CsvSource({"1000.00,true", "999.99,false"})
  void anOrderWithoutTotalsHasThoseOfThePaymentsThatGotMoney(String paid, boolean isPaid)
      throws Exception {
    answer(
        okJson(
            """
            {"id": "%s", "type": "point", "status": "processed", "status_detail": "accredited",
             "transactions": {"payments": [
               {"status": "failed", "amount": "1500.00", "paid_amount": "0"},
               {"status": "processed", "amount": "1000.00", "paid_amount": "%s"},
               {"status": "processed", "amount": "500.00", "paid_amount": "500.00"}]}}
            """
                .formatted(ID, paid)));

    OrderSnapshot its = orders.order(ID).snapshot();

    assertThat(its.amount()).isEqualByComparingTo("1500");
    assertThat(its.saysPaid()).isEqualTo(isPaid);
  }

  @Test
  void anOrderMayLackNearlyEverything() throws Exception {
    answer(okJson("{\"id\": \"" + ID + "\", \"status\": \"processed\", \"user_id\": 44444}"));

    MercadoPagoOrder order = orders.order(ID);

    assertThat(order.sellerId()).isEqualTo("44444");
    assertThat(order.entries()).isEmpty();
    assertThat(order.moneyPayments()).as("somewhere the money must be").isEqualTo(1);
    assertThat(order.snapshot().saysPaid()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'\"0.10\"', 0.1",
    "'\"1500\"', 1500",
    "'\" 7.125 \"', 7.125",
    "12.5, 12.5",
    "'\"1e9\"', ",
    "'\"1,500.00\"', ",
    "'\"0x10\"', ",
    "'\"1.00005\"', ",
    "'\"9999999999999999\"', ",
    "{}, ",
    "true, "
  })
  void anAmountIsExactAndWhatIsNoneIsLeftOut(String json, @Nullable BigDecimal expected)
      throws Exception {
    answer(okJson(ORDER.replace("\"1500.000\"", json)));

    BigDecimal amount = orders.order(ID).snapshot().amount();

    if (expected == null) {
      assertThat(amount).isNull();
    } else {
      assertThat(amount).isEqualByComparingTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\": \"created\"}",
        "{\"id\": \"ORD01K0000000000000000000002\", \"status\": \"created\"}",
        "[]",
        "<html>",
        ""
      })
  void anAnswerAboutNothingOrSomethingElseIsNotUnderstood(String body) {
    answer(aResponse().withStatus(200).withBody(body));

    assertThatExceptionOfType(RemoteException.NotUnderstood.class)
        .isThrownBy(() -> orders.order(ID));
  }

  @Test
  void anOrderWithoutAStatusIsABadAnswer() {
    answer(okJson("{\"id\": \"" + ID + "\"}"));

    assertThatExceptionOfType(RemoteException.BadResponse.class).isThrownBy(() -> orders.order(ID));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | {\"errors\": [{\"code\": \"order_not_found\", \"message\": \"Order not found\"}]}"
            + " | Order not found",
        "400 | {\"errors\": [{\"code\": \"invalid_path_param\", \"message\": \"Wrong\"}]} | Wrong",
        "403 | {\"errors\": [{\"code\": \"forbidden\"}]} | forbidden",
        "402 | {\"errors\": [{\"code\": \"failed\", \"message\": \"The card was refused\"}],"
            + " \"data\": {\"id\": \"ORD01\", \"status\": \"failed\","
            + " \"status_detail\": \"invalid access token\"}} | The card was refused",
      })
  void aRefusalIsAboutTheOrder(int status, String body, String words) {
    answer(aResponse().withStatus(status).withBody(body));

    var refusal = catchThrowableOfType(RemoteException.Rejected.class, () -> orders.order(ID));

    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal).hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | {\"message\": \"unauthorized\"}",
        "403 | {\"code\": \"PA_UNAUTHORIZED_RESULT_FROM_POLICIES\", \"blocked_by\": \"PolicyAgent\"}"
      })
  void aRefusalMayBeAboutUs(int status, String body) {
    answer(aResponse().withStatus(status).withBody(body));

    assertThatExceptionOfType(RemoteException.Unauthorized.class)
        .isThrownBy(() -> orders.order(ID));
  }

  @Test
  void aPageInPlaceOfARefusalIsNoWordAboutTheOrder() {
    answer(aResponse().withStatus(402).withBody("<html>Payment required by your proxy</html>"));

    assertThatExceptionOfType(RemoteException.NotUnderstood.class)
        .isThrownBy(() -> orders.order(ID));
  }

  @Test
  void paymentsAreFoundByTheirReferenceWhateverStandsInIt() throws Exception {
    String reference = "a&b=c {d} é+%41";
    answer(
        okJson(
            """
            {"results": [
              {"id": 1, "status": "approved", "external_reference": "a&b=c {d} é+%41",
               "point_of_interaction": {"references": [{"type": "X", "id": "1"},
                 {"type": "ORDER_MP", "id": "ORD1"}]}, "order": {}},
              {"id": 2, "status": "approved", "external_reference": "another"},
              {"id": 1, "status": "approved", "external_reference": "a&b=c {d} é+%41"}],
             "paging": {"total": 3}}
            """));

    List<MercadoPagoPayment> found = orders.paymentsOf(reference);

    assertThat(found).extracting(one -> one.snapshot().mpPaymentId()).containsExactly("1");
    assertThat(found.get(0).orderId()).isEqualTo("ORD1");
    LoggedRequest request =
        API.findAll(getRequestedFor(urlPathEqualTo("/v1/payments/search"))).get(0);
    assertThat(request.queryParameter("external_reference").firstValue()).isEqualTo(reference);
  }

  @Test
  void aReferenceWithManyPaymentsIsNotPagedThroughForEver() throws Exception {
    answer(
        okJson(
            "{\"results\": [{\"id\": 1, \"status\": \"approved\", \"external_reference\": \"r\"}],"
                + " \"paging\": {\"total\": 1000000}}"));

    assertThat(orders.paymentsOf("r")).hasSize(1);
    assertThat(API.getAllServeEvents()).hasSize(4);
  }

  @Test
  void aPageOfOrdersIsAskedForByEitherNameOfItsPlace() throws Exception {
    answer(okJson("{\"data\": [" + ORDER + ", {\"id\": \"ORD2\"}], \"paging\": {\"total\": 70}}"));
    Instant begin = Instant.parse("2026-08-05T00:00:00Z");
    Instant end = begin.plus(MercadoPagoOrderSearch.LONGEST);

    MercadoPagoOrderPage page = orders.search(new MercadoPagoOrderSearch(begin, end, 50, 1));
    orders.search(new MercadoPagoOrderSearch(begin, end, 50, 0));

    assertThat(page.orders()).hasSize(1);
    assertThat(page.entries()).isEqualTo(2);
    assertThat(page.total()).isEqualTo(70);
    String window =
        "/v1/orders?begin_date=2026-08-05T00%3A00%3A00.000Z&end_date=2026-09-03T00%3A00%3A00.000Z"
            + "&page_size=50&limit=50";
    API.verify(getRequestedFor(urlEqualTo(window + "&page=2&offset=50")));
    API.verify(getRequestedFor(urlEqualTo(window)));
  }

  @Test
  void aSearchThatIsRefusedIsTheSearchsOwnFailure() {
    answer(
        aResponse()
            .withStatus(400)
            .withBody("{\"errors\": [{\"code\": \"invalid_search_params\"}]}"));

    assertThatExceptionOfType(RemoteException.Rejected.class)
        .isThrownBy(
            () -> orders.search(new MercadoPagoOrderSearch(Instant.EPOCH, Instant.EPOCH, 1, 0)));
  }
}
