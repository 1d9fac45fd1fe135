package dev.acuse.mercadopago;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chargebacks and claims in each shape that MercadoPago is known to give them, and refusals. */
class MercadoPagoCasesTest {
  private static final String CASE = "217000060000000001";
  private static final String CHARGEBACK = "/v1/chargebacks/" + CASE;
  private static final String CLAIM = "/post-purchase/v1/claims/5";

  @RegisterExtension static final WireMockExtension API = WireMockExtension.newInstance().build();

  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(5));
  private final MercadoPagoCases cases = cases();

  private MercadoPagoCases cases() {
    var configuration =
        new MercadoPagoConfiguration(
            API.baseUrl(), Secret.of("APP_USR-secret"), null, null, null, null, null, null);
    return new MercadoPagoCases(
        new MercadoPagoClient(
            http.client(), configuration, configuration.credentials(), ManualClock.create()));
  }

  @AfterEach
  void close() {
    http.close();
  }

  private Chargeback chargeback(String json) throws RemoteException {
    API.stubFor(get(urlPathEqualTo(CHARGEBACK)).willReturn(okJson(json)));
    return cases.chargeback(CASE);
  }

  @Test
  void theShapeOfTheDocumentsIsRead() throws Exception {
    Chargeback found =
        chargeback(
            """
            {"id": "217000060000000001", "payments": [{"id": 138400000001}, 138400000002,
             "138400000003", {"payment_id": "138400000004"}, {}, null, ["5"]], "currency": "ARS",
             "amount": "1500.125", "reason": "general", "coverage_applied": "true",
             "coverage_elegible": true, "documentation_required": true,
             "documentation_status": "review_pending", "date_created": "0001-01-01T00:00:00Z",
             "date_documentation_deadline": "2026-03-09T10:00:00.000-04:00",
             "date_last_updated": "2026-03-02T10:00:00.000-04:00", "live_mode": true}
            """);

    assertThat(found.id()).isEqualTo(CASE);
    assertThat(found.paymentIds())
        .containsExactly("138400000001", "138400000002", "138400000003", "138400000004");
    assertThat(found.amount()).isEqualByComparingTo("1500.125");
    assertThat(found.coverageApplied()).isTrue();
    assertThat(found.coverageEligible()).isTrue();
    assertThat(found.createdAt()).as("the year 1 is no date").isNull();
    assertThat(found.deadline()).isEqualTo(Instant.parse("2026-03-09T14:00:00Z"));
    assertThat(found.updatedAt()).isEqualTo(Instant.parse("2026-03-02T14:00:00Z"));
  }

  @Test
  void theShapeOfTheSdkIsReadAsWell() throws Exception {
    Chargeback found =
        chargeback(
            """
            {"id": 217000060000000001, "payment_id": 138400000001, "status": "in_review",
             "currency_id": "BRL", "amount": 10, "reason_id": "fraud",
             "last_modified": "2026-03-02T14:00:00Z", "coverage_eligible": "false"}
            """);

    assertThat(found.paymentIds()).containsExactly("138400000001");
    assertThat(found.status()).isEqualTo("in_review");
    assertThat(found.currency()).isEqualTo("BRL");
    assertThat(found.reason()).isEqualTo("fraud");
    assertThat(found.coverageEligible()).isFalse();
    assertThat(found.updatedAt()).isEqualTo(Instant.parse("2026-03-02T14:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e999999999", "\"1e5\"", "\"ten\"", "[]", "{}", "null", "12345678901234567890"})
  void whatIsNoAmountIsNone(String amount) throws Exception {
    assertThat(chargeback("{\"id\": \"" + CASE + "\", \"amount\": " + amount + "}").amount())
        .isNull();
  }

  @Test
  void theFirstDateByWhichTheSellerMustActIsAClaimsDeadline() throws Exception {
    API.stubFor(
        get(urlPathEqualTo(CLAIM))
            .willReturn(
                okJson(
                    """
                    {"id": 5, "resource": "payment", "resource_id": 138400000001,
                     "status": "opened", "type": "mediations", "stage": "dispute",
                     "reason_id": "PNR1", "players": [
                      {"role": "complainant", "available_actions": [
                        {"action": "x", "due_date": "2026-03-03T00:00:00Z", "mandatory": true}]},
                      {"role": "respondent", "available_actions": [
                        {"action": "y", "due_date": "2026-03-04T00:00:00Z", "mandatory": false},
                        {"action": "z", "due_date": "2026-03-06T00:00:00Z", "mandatory": "true"},
                        {"action": "z", "due_date": "2026-03-05T00:00:00Z", "mandatory": true},
                        {"action": "z", "due_date": "0001-01-01T00:00:00Z", "mandatory": true},
                        {"action": "z", "due_date": null, "mandatory": true}]}],
                     "resolution": {"reason": "r", "decision": ["a", "b", 7]},
                     "last_updated": "2026-03-02T00:00:00Z"}
                    """)));

    Claim claim = cases.claim("5");

    assertThat(claim.deadline()).isEqualTo(Instant.parse("2026-03-05T00:00:00Z"));
    assertThat(claim.paymentId()).contains("138400000001");
    assertThat(claim.resolution()).isEqualTo("r, a, b");
    assertThat(claim.stage()).isEqualTo("dispute");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403|{\"message\": \"invalid scopes\", \"error\": \"forbidden\"}",
        "403|{\"code\": \"PA_UNAUTHORIZED_RESULT_FROM_POLICIES\"}",
        "403|",
        "404|{}",
        "404|",
        "400|{\"message\": \"what is that\"}"
      })
  void whatIsRefusedIsAboutTheCaseAlone(int status, String body) {
    API.stubFor(
        get(urlPathEqualTo(CLAIM))
            .willReturn(aResponse().withStatus(status).withBody(body == null ? "" : body)));
    for (int i = 0; i < 7; i++) {
      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> cases.claim("5"))
          .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(status));
    }
  }

  @Test
  void aTokenThatIsRefusedIsRefusedAndAPageIsNotUnderstood() {
    API.stubFor(
        get(urlPathEqualTo(CLAIM))
            .willReturn(
                aResponse().withStatus(401).withBody("{\"message\": \"invalid access token\"}")));
    assertThatExceptionOfType(RemoteException.Unauthorized.class)
        .isThrownBy(() -> cases.claim("5"));
    API.stubFor(
        get(urlPathEqualTo(CLAIM))
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withHeader("Content-Type", "text/html")
                    .withBody("<html>blocked</html>")));
    assertThatExceptionOfType(RemoteException.NotUnderstood.class)
        .isThrownBy(() -> cases.claim("5"));
  }

  @Test
  void anIdThatWouldBeAPathIsNotAsked() {
    assertThatExceptionOfType(RemoteException.Rejected.class)
        .isThrownBy(() -> cases.claim("../../v1/payments/1"));
    assertThat(API.getAllServeEvents()).isEmpty();
  }

  @Test
  void aSearchThatShowsMoreThanWasAskedForIsNarrowed() throws Exception {
    API.stubFor(
        get(urlPathEqualTo("/v1/chargebacks/search"))
            .withQueryParam("payment_id", equalTo("138400000001"))
            .willReturn(
                okJson(
                    """
                    {"results": [{"id": "1", "payments": [138400000001]}, {"id": "2"},
                     {"id": "3", "payments": [7]}, {"payments": [138400000001]}]}
                    """)));

    assertThat(cases.chargebacksOf("138400000001"))
        .extracting(Chargeback::id)
        .isEqualTo(List.of("1", "2"));
  }
}
