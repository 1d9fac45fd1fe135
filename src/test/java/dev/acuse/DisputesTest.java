package dev.acuse;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.acuse.AccountStage.account;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.dispute.CaseProblem;
import dev.acuse.dispute.Dispute;
import dev.acuse.dispute.DisputeFilter;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeState;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.mercadopago.reconciliation.DisputeLooks;
import dev.acuse.mercadopago.reconciliation.LookUps;
import dev.acuse.payment.PaymentReader;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxChargeback;
import dev.acuse.sandbox.mercadopago.SandboxClaim;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Chargebacks, claims and fraud alerts from their events to their rows: the real handlers, a
 * sandbox that answers by HTTP, both engines.
 */
@ParameterizedClass
@EnumSource
@Timeout(120)
class DisputesTest {
  private static final String CHARGEBACKS = "topic_chargebacks_wh";
  private static final String FRAUD_ALERT = "stop_delivery_op_wh";

  @RegisterExtension
  static final WireMockExtension MERCADO_PAGO = WireMockExtension.newInstance().build();

  private final ManualClock remoteClock = ManualClock.create();
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(remoteClock));
  private final SandboxSeller seller = sandbox.mercadoPago().seller(100, "mp-1");
  private final SandboxSeller other = sandbox.mercadoPago().seller(200, "mp-2");
  private final Engine engine;
  private final AccountStage stage;
  private final DisputeReader disputes;
  private final DisputeLooks looks;
  private int sent;

  DisputesTest(Engine engine) {
    this.engine = engine;
    stage =
        new AccountStage(
            engine, sandbox.mercadoPagoUrl().toString(), sandbox.goHighLevelUrl().toString());
    stage.accounts.are(account(1, null));
    disputes = new DisputeReader(stage.database.jdbi());
    looks = looks(stage);
  }

  private static DisputeLooks looks(AccountStage on) {
    return new DisputeLooks(
        new DisputeStore(on.database.jdbi(), on.clock),
        new DisputeReader(on.database.jdbi()),
        new PaymentReader(on.database.jdbi(), TestAccounts.MAIN_ALONE),
        new LookUps(on.events, on.clock));
  }

  @AfterEach
  void close() {
    stage.close();
    sandbox.close();
  }

  private static long pay(SandboxSeller seller) {
    return seller
        .payDirectly(
            new SandboxPayment.Terms(
                new BigDecimal("1500.00"), "ARS", null, null, seller.userId(), Map.of()),
            PaymentOutcome.APPROVED)
        .payment()
        .id();
  }

  private void advance(Duration by) {
    stage.clock.advance(by);
    remoteClock.advance(by);
  }

  /** A verified webhook whose body names a payment. */
  private void webhook(String topic, String id, @Nullable Long payment) {
    webhook(topic, id, payment, SignatureState.VERIFIED);
  }

  private void webhook(String topic, String id, @Nullable Long payment, SignatureState signature) {
    String body =
        "{\"actions\": [\"changed_case_status\"], \"data\": {\"date_updated\":"
            + " \"0001-01-01T00:00:00Z\", \"id\": "
            + id
            + (payment == null ? "" : ", \"payment_id\": " + payment)
            + "}, \"user_id\": 100}";
    stage.events.append(
        new NewEvent(
            "mp:" + topic + ":" + id + ":" + ++sent,
            "mp",
            topic,
            null,
            id,
            EventStatus.PENDING,
            null,
            signature,
            EventOrigin.WEBHOOK,
            body.getBytes(StandardCharsets.UTF_8),
            null,
            Map.of(),
            new Place(1, Lane.mercadoPago(1), null)));
  }

  private List<Dispute> all() {
    return disputes.page(Scope.everything(), DisputeFilter.ALL, null, 20);
  }

  private Dispute only() {
    assertThat(all()).hasSize(1);
    return all().get(0);
  }

  private List<String> payments() {
    return stage.strings(
        "SELECT CONCAT(mp_payment_id, ' ', status) FROM payments ORDER BY mp_payment_id");
  }

  /** Statuses of all events, the oldest first. */
  private List<String> events() {
    return stage.strings(
        "SELECT CONCAT(event_type, ':', status, ':', COALESCE(last_error_kind, '-'))"
            + " FROM webhook_events ORDER BY id");
  }

  @Test
  void aChargebackIsKeptAndItsPaymentBroughtUpToDate() {
    long payment = pay(seller);
    SandboxChargeback its = seller.disputes().open(payment);
    webhook(CHARGEBACKS, its.id(), payment);
    stage.work();

    assertThat(payments()).containsExactly(payment + " charged_back");
    Dispute dispute = only();
    assertThat(dispute.mpId()).isEqualTo(its.id()).hasSize(18);
    assertThat(dispute.kind()).isEqualTo(DisputeKind.CHARGEBACK);
    assertThat(dispute.state()).isEqualTo(DisputeState.OPEN);
    assertThat(dispute.details().deadline())
        .isEqualTo(stage.clock.instant().plus(Duration.ofDays(7)));
    assertThat(dispute.details().amount()).isEqualByComparingTo("1500");
    assertThat(dispute.details().documentationStatus()).isEqualTo("pending");
    assertThat(dispute.mpPaymentIds()).containsExactly(String.valueOf(payment));
    assertThat(events()).containsExactly(CHARGEBACKS + ":success:-");
    assertThat(stage.strings("SELECT mp_payment_id FROM webhook_events"))
        .containsExactly(String.valueOf(payment));
    assertThat(seller.requestCount("/v1/chargebacks/search")).as("the case is at hand").isZero();

    seller.disputes().reimburse(its.id());
    webhook(CHARGEBACKS, its.id(), payment);
    stage.work();
    assertThat(only().state()).isEqualTo(DisputeState.WON);
    assertThat(only().details().coverage()).isEqualTo("applied");
    assertThat(only().nextLookAt()).isNull();
  }

  @Test
  void aCaseWithObjectsTextsAndSeveralPaymentsIsReadAsWell() {
    long one = pay(seller);
    long two = pay(seller);
    seller
        .disputes()
        .traits(
            SandboxChargeback.Trait.PAYMENTS_AS_OBJECTS,
            SandboxChargeback.Trait.AMOUNT_AS_TEXT,
            SandboxChargeback.Trait.COVERAGE_AS_TEXT,
            SandboxChargeback.Trait.COVERAGE_ELIGIBLE);
    SandboxChargeback its = seller.disputes().open(one, two);
    webhook("chargebacks", its.id(), null, SignatureState.UNVERIFIABLE);
    stage.work();

    assertThat(payments()).containsExactly(one + " charged_back", two + " charged_back");
    assertThat(only().mpPaymentIds())
        .containsExactlyInAnyOrder(String.valueOf(one), String.valueOf(two));
    assertThat(only().details().amount()).isEqualByComparingTo("3000");
    assertThat(only().details().coverage()).isEqualTo("eligible");
    assertThat(events()).containsExactly("chargebacks:success:-");
  }

  @Test
  void aChargebackThatNoWebhookTellsOfIsFoundByItsPayment() {
    long payment = pay(seller);
    SandboxChargeback its = seller.disputes().openQuietly(payment);
    stage.webhook(1, String.valueOf(payment));
    stage.work();

    assertThat(only().mpId()).isEqualTo(its.id());
    assertThat(only().details().deadline()).isNotNull();
    assertThat(events()).containsExactly("payment:success:-");
    assertThat(seller.requestCount("/v1/chargebacks/search")).isEqualTo(1);
    stage.events.append(
        NewEvent.lookUp("again", "mp", "payment", String.valueOf(payment), EventOrigin.MANUAL));
    stage.work();
    assertThat(seller.requestCount("/v1/chargebacks/search")).isEqualTo(1);
  }

  @Test
  void aSearchThatFailsIsNoFailureOfThePayment() {
    String payment = "138400000001";
    MERCADO_PAGO.stubFor(
        get(urlPathEqualTo("/v1/payments/" + payment))
            .willReturn(
                okJson(
                    """
                    {"id": 138400000001, "status": "charged_back", "status_detail": "in_process",
                     "transaction_amount": 1500, "currency_id": "ARS", "collector_id": 100,
                     "date_last_updated": "2026-03-02T14:05:09.000Z"}
                    """)));
    MERCADO_PAGO.stubFor(
        get(urlPathEqualTo("/v1/chargebacks/search")).willReturn(aResponse().withStatus(500)));
    var own = new AccountStage(engine, MERCADO_PAGO.baseUrl(), sandbox.goHighLevelUrl().toString());
    try (own) {
      own.accounts.are(account(1, null));
      var reader = new DisputeReader(own.database.jdbi());
      own.webhook(1, payment);
      own.work();
      assertThat(own.eventsOf(payment)).containsExactly("1:success:-");
      List<Dispute> found = reader.page(Scope.everything(), DisputeFilter.ALL, null, 20);
      assertThat(found).hasSize(1).allMatch(Dispute::lacksCase);
      assertThat(found.get(0).problem()).isEqualTo(CaseProblem.UNREADABLE);

      MERCADO_PAGO.stubFor(
          get(urlPathEqualTo("/v1/chargebacks/search"))
              .withQueryParam("payment_id", equalTo(payment))
              .willReturn(
                  okJson(
                      """
                      {"paging": {"total": 1}, "results": [{"id": "217000060000000001",
                       "payments": [138400000001], "amount": "1500.000", "currency": "ARS",
                       "date_documentation_deadline": "0001-01-01T00:00:00Z"}]}
                      """)));
      own.clock.advance(Duration.ofHours(2));
      looks(own).queue(1);
      own.work();
      List<Dispute> after = reader.page(Scope.everything(), DisputeFilter.ALL, null, 20);
      assertThat(after).hasSize(1);
      assertThat(after.get(0).mpId()).isEqualTo("217000060000000001");
      assertThat(after.get(0).id()).isEqualTo(found.get(0).id());
      assertThat(after.get(0).problem()).isNull();
      assertThat(after.get(0).details().deadline()).as("no date at all").isNull();
    }
  }

  @Test
  void aCaseThatIsNotThereIsTriedAndKeptAndItsPaymentIsReadAllTheSame() {
    long payment = pay(seller);
    seller.change(payment, PaymentOutcome.CHARGED_BACK);
    webhook(CHARGEBACKS, "217000060000000001", payment);
    stage.work();
    assertThat(payments()).containsExactly(payment + " charged_back");
    assertThat(only().problem()).isEqualTo(CaseProblem.NOT_FOUND);
    assertThat(only().mpId()).isEqualTo("217000060000000001");
    assertThat(only().state()).isEqualTo(DisputeState.OPEN);
    for (int i = 0; i < 6; i++) {
      advance(Duration.ofMinutes(20));
      stage.work();
    }
    assertThat(events()).containsExactly(CHARGEBACKS + ":success:-");
    assertThat(seller.requestCount("/v1/chargebacks/217000060000000001")).isEqualTo(4);
  }

  @Test
  void aClaimThatMayNotBeReadEndsClearlyAndIsLookedAtEachTimeLessSoon() {
    long payment = pay(seller);
    SandboxClaim claim = seller.disputes().openClaim(payment);
    String id = String.valueOf(claim.id());
    seller.disputes().refuse(id, 403);
    webhook("claim", id, payment);
    stage.work();

    assertThat(events()).containsExactly("claim:success:-");
    assertThat(payments()).containsExactly(payment + " in_mediation");
    assertThat(only().problem()).isEqualTo(CaseProblem.FORBIDDEN);
    assertThat(only().state()).as("its payment tells").isEqualTo(DisputeState.OPEN);
    assertThat(stage.clients.of(1).isUp()).as("that says nothing of our token").isTrue();
    for (int day = 0; day < 200; day++) {
      advance(Duration.ofDays(1));
      looks.queue(1);
      stage.work();
    }
    assertThat(seller.requestCount("/post-purchase/v1/claims/" + id)).isBetween(25L, 45L);
    assertThat(only().nextLookAt()).isNull();
    assertThat(only().closedAt()).isNotNull();
    assertThat(events()).doesNotContain("claim:failed:forbidden");
  }

  @Test
  void manyClaimsThatMayNotBeReadHoldNothingBack() {
    long payment = pay(seller);
    for (int number = 1; number <= 12; number++) {
      SandboxClaim claim = seller.disputes().openClaim("order", "ORD" + number);
      seller.disputes().refuse(String.valueOf(claim.id()), 403);
      webhook("topic_claims_integration_wh", String.valueOf(claim.id()), null);
    }
    stage.webhook(1, String.valueOf(payment));
    stage.work();

    assertThat(payments()).containsExactly(payment + " approved");
    assertThat(all()).hasSize(12).extracting(Dispute::state).containsOnly(DisputeState.UNKNOWN);
  }

  @Test
  void aClaimHasItsStageItsDueDateAndItsEnd() {
    long payment = pay(seller);
    SandboxClaim claim = seller.disputes().openClaim(payment);
    webhook("claim", String.valueOf(claim.id()), null);
    stage.work();
    assertThat(only().details().stage()).isEqualTo("claim");
    assertThat(only().details().type()).isEqualTo("mediations");
    assertThat(only().details().deadline())
        .isEqualTo(stage.clock.instant().plus(Duration.ofDays(3)));
    assertThat(only().details().amount()).isEqualByComparingTo("1500");
    assertThat(payments()).containsExactly(payment + " in_mediation");

    seller.disputes().closeClaim(claim.id(), "payment_refunded", PaymentOutcome.REFUNDED);
    webhook("claim", String.valueOf(claim.id()), null);
    stage.work();
    assertThat(only().state()).isEqualTo(DisputeState.CLOSED);
    assertThat(only().details().resolution()).contains("payment_refunded");
    assertThat(payments()).containsExactly(payment + " refunded");
  }

  @Test
  void aPaymentInMediationWithoutAWebhookOfItsClaimHasARowThatTheClaimTakesOver() {
    long payment = pay(seller);
    SandboxClaim claim = seller.disputes().openClaim(payment);
    stage.webhook(1, String.valueOf(payment));
    stage.work();
    Dispute alone = only();
    assertThat(alone.kind()).isEqualTo(DisputeKind.CLAIM);
    assertThat(alone.lacksCase()).isTrue();

    webhook("claim", String.valueOf(claim.id()), null);
    stage.work();
    assertThat(only().id()).isEqualTo(alone.id());
    assertThat(only().mpId()).isEqualTo(String.valueOf(claim.id()));
  }

  @Test
  void aCaseOfAnotherSellersPaymentIsNotKept() {
    stage.accounts.are(account(1, null), account(2, null));
    long payment = pay(other);
    SandboxChargeback its = other.disputes().open(payment);
    webhook(CHARGEBACKS, its.id(), payment);
    stage.work();
    assertThat(stage.strings("SELECT mp_payment_id FROM payments WHERE account_id = 1")).isEmpty();
    assertThat(all())
        .as("it is kept where it belongs, or not at all")
        .allMatch(dispute -> dispute.accountId() == 2 || dispute.mpPaymentIds().isEmpty());
  }

  @Test
  void nothingIsKeptOfWhatAStrangerInvents() {
    webhook("chargebacks", "217000060000000009", null, SignatureState.UNVERIFIABLE);
    webhook("claim", "900", 777L, SignatureState.UNVERIFIABLE);
    webhook(FRAUD_ALERT, "778", 778L, SignatureState.UNVERIFIABLE);
    stage.work();

    assertThat(all()).isEmpty();
    assertThat(events()).allMatch(event -> event.contains(":ignored:"), "ended at once");
  }

  @Test
  void aFraudAlertIsKeptWhateverBecomesOfItsLookUp() {
    long payment = pay(seller);
    sandbox.mercadoPago().faults().always(500);
    webhook(FRAUD_ALERT, String.valueOf(payment), payment);
    stage.work();
    assertThat(only().kind()).isEqualTo(DisputeKind.FRAUD_ALERT);
    assertThat(only().state()).isEqualTo(DisputeState.OPEN);
    assertThat(only().details().amount()).isNull();

    sandbox.mercadoPago().faults().none();
    advance(Duration.ofMinutes(30));
    stage.work();
    assertThat(payments()).containsExactly(payment + " approved");
    assertThat(only().details().amount()).isEqualByComparingTo("1500");
    assertThat(only().state()).isEqualTo(DisputeState.OPEN);

    seller.refund(payment, null);
    stage.webhook(1, String.valueOf(payment));
    stage.work();
    assertThat(only().state()).isEqualTo(DisputeState.CLOSED);
  }

  @Test
  void aFraudAlertWithAPaymentThatIsNotThereFailsVisiblyAndIsKept() {
    webhook(FRAUD_ALERT, "138400000009", 138400000009L);
    for (int i = 0; i < 6; i++) {
      stage.work();
      advance(Duration.ofMinutes(20));
    }
    assertThat(events()).containsExactly(FRAUD_ALERT + ":failed:not_found");
    assertThat(only().mpPaymentIds()).containsExactly("138400000009");
    assertThat(only().state()).isEqualTo(DisputeState.OPEN);
  }

  @Test
  void aFraudAlertThatNothingProvesIsKeptOnlyOfAPaymentOfOurs() {
    long payment = pay(seller);
    webhook("delivery_cancellation", String.valueOf(payment), null, SignatureState.UNVERIFIABLE);
    stage.work();
    assertThat(only().problem()).isEqualTo(CaseProblem.UNPROVEN);
    webhook(FRAUD_ALERT, String.valueOf(payment), payment);
    stage.work();
    assertThat(only().problem()).as("proven by now").isNull();
  }

  @Test
  void anOpenDisputeIsLookedAtDailyAndAroundItsDeadline() {
    long payment = pay(seller);
    SandboxChargeback its = seller.disputes().open(payment);
    Instant deadline = stage.clock.instant().plus(Duration.ofDays(7));
    webhook(CHARGEBACKS, its.id(), payment);
    stage.work();
    for (int hour = 0; hour < 9 * 24; hour++) {
      advance(Duration.ofHours(1));
      looks.queue(1);
      looks.queue(1);
      stage.work();
    }
    assertThat(stage.clock.instant()).isAfter(deadline);
    assertThat(seller.requestCount("/v1/chargebacks/" + its.id())).isBetween(9L, 13L);
    assertThat(events()).allMatch(event -> event.endsWith(":success:-"));

    seller.disputes().settle(its.id());
    advance(Duration.ofDays(1));
    looks.queue(1);
    stage.work();
    assertThat(only().state()).as("told by a look alone").isEqualTo(DisputeState.LOST);
  }

  @Test
  void aDisputedPaymentOfBeforeGetsADispute() {
    long payment = pay(seller);
    seller.disputes().openQuietly(payment);
    stage.webhook(1, String.valueOf(payment));
    stage.work();
    stage.execute("DELETE FROM dispute_payments");
    stage.execute("DELETE FROM disputes");

    looks.queue(1);
    assertThat(only().lacksCase()).isTrue();
    advance(Duration.ofHours(2));
    looks.queue(1);
    stage.work();
    assertThat(only().lacksCase()).isFalse();
  }
}
