package dev.acuse.mercadopago.handler;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentRules;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.TagRules;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a payment whose merchant order cannot be read. */
@Timeout(60)
class PaymentRefreshTest {
  @RegisterExtension static final WireMockExtension API = WireMockExtension.newInstance().build();

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final PaymentStore payments =
      new PaymentStore(
          database.jdbi(),
          clock,
          new PaymentRules(new TagRules(Map.of("approved", List.of("paid"))), null, false),
          TestEffects.of(clock));

  @AfterEach
  void close() {
    http.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource({"200, garbage, OUTAGE", "503, {}, OUTAGE"})
  void aPaymentWhoseOrderCannotBeReadIsKeptAllTheSame(
      int status, String body, Outcome.Kind expected) {
    API.stubFor(
        get(urlPathEqualTo("/v1/payments/77"))
            .willReturn(
                okJson(
                    """
                    {"id": 77, "status": "approved", "transaction_amount": 10, "currency_id": "ARS",
                     "date_last_updated": "2026-03-02T10:05:09.000-04:00", "order": {"id": "5"}}
                    """)));
    API.stubFor(
        get(urlPathEqualTo("/merchant_orders/5"))
            .willReturn(aResponse().withStatus(status).withBody(body)));

    Outcome outcome = refresh().refresh("77", null, null, new AttemptLog(clock)).outcome();

    assertThat(outcome.kind()).isEqualTo(expected);
    assertThat(
            new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE)
                .paymentByMpId(Scope.everything(), "77"))
        .hasValueSatisfying(
            payment -> {
              assertThat(payment.status()).isEqualTo("approved");
              assertThat(payment.checkoutId()).isNull();
            });
  }

  private PaymentRefresh refresh() {
    var configuration =
        new MercadoPagoConfiguration(
            API.baseUrl(), Secret.of("APP_USR-secret"), null, null, null, null, null, null);
    return new PaymentRefresh(
        Place.MAIN_ACCOUNT,
        new MercadoPagoClient(http.client(), configuration, configuration.credentials(), clock),
        payments,
        new Sellers(Accounts.fixed(EnvironmentAccount.NONE.alone())),
        new OrderStore(database.jdbi(), clock),
        null);
  }
}
