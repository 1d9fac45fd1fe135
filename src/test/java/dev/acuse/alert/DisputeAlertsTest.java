package dev.acuse.alert;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.condition.DisputeConditions;
import dev.acuse.condition.Reading;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.dispute.CaseDetails;
import dev.acuse.dispute.CaseFacts;
import dev.acuse.dispute.CaseProblem;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeState;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.dispute.PaymentSeen;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TwoAccounts;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told of disputes by a clock that is moved, by two instances, and across restarts. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class DisputeAlertsTest {
  private static final String PATH = "/alerts";
  private static final String CASE = "217000060000000001";
  private static final Accounts MAIN_ALONE = Accounts.fixed(EnvironmentAccount.NONE.alone());

  @RegisterExtension static final WireMockExtension SLACK = WireMockExtension.newInstance().build();

  private final ManualClock clock = ManualClock.create();
  private final Instant begin = clock.instant();
  private final TestDatabase database;
  private final DisputeStore disputes;
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(5));

  DisputeAlertsTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.disputes = new DisputeStore(database.jdbi(), clock);
  }

  @BeforeEach
  void takeMessages() {
    SLACK.stubFor(post(urlEqualTo(PATH)).willReturn(aResponse().withBody("ok")));
  }

  @AfterEach
  void close() {
    http.close();
    database.close();
  }

  @Test
  void aDisputeIsToldOfAtOnceAndBeforeItsDeadlineOnceEach() {
    Instant deadline = begin.plus(Duration.ofDays(7));
    chargeback(1, CASE, "138400000001", deadline, null);
    AlertLoop one = loop(database.jdbi(), MAIN_ALONE);
    AlertLoop other = loop(database.jdbi(), MAIN_ALONE);
    look(one, other);
    look(one, other);
    assertThat(messages())
        .containsExactly(
            "a chargeback (217000060000000001) against payment 138400000001 of 1500 ARS is open:"
                + " it is to be answered until 2026-03-09T14:05:09Z");

    // every hour, by instances that are started anew each time
    for (int hour = 1; hour <= 7 * 24 + 5; hour++) {
      clock.advance(Duration.ofHours(1));
      look(loop(database.jdbi(), MAIN_ALONE), other);
      int told = messages().size();
      if (clock.instant().isBefore(deadline.minus(Duration.ofDays(2)))) {
        assertThat(told).isEqualTo(1);
      } else if (clock.instant().isBefore(deadline.minus(Duration.ofDays(1)))) {
        assertThat(told).isEqualTo(2);
      }
    }

    assertThat(messages())
        .hasSize(3)
        .element(1)
        .isEqualTo(
            "less than 48 hours are left to answer a chargeback (217000060000000001) against"
                + " payment 138400000001 of 1500 ARS: until 2026-03-09T14:05:09Z");
    assertThat(messages().get(2)).startsWith("less than 24 hours are left");
    chargeback(1, CASE, "138400000001", deadline, DisputeState.LOST);
    look(one, other);
    assertThat(messages()).as("its end is not told").hasSize(3);
    assertThat(database.count("alerts WHERE open_key IS NOT NULL")).isZero();
  }

  @Test
  void whatIsNearWhenItIsLearntIsToldOfOnce() {
    chargeback(1, CASE, "138400000001", begin.plus(Duration.ofHours(30)), null);
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    look(loop);
    assertThat(messages()).hasSize(1);
    clock.advance(Duration.ofHours(7));
    look(loop);
    assertThat(messages()).hasSize(2).last().asString().startsWith("less than 24 hours");
  }

  @Test
  void aDeadlineThatIsLearntLateIsToldOfByTheNextReminder() {
    disputes.apply(
        1,
        CaseFacts.unread(
            DisputeKind.CHARGEBACK,
            CASE,
            CaseProblem.FORBIDDEN,
            List.of(PaymentSeen.named("138400000001"))));
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    look(loop);
    assertThat(messages())
        .containsExactly(
            "a chargeback (217000060000000001) against payment 138400000001 is open. MercadoPago"
                + " does not let this application read the case: look at it in MercadoPago");
    clock.advance(Duration.ofDays(1));
    chargeback(1, CASE, "138400000001", clock.instant().plus(Duration.ofHours(40)), null);
    look(loop);
    assertThat(messages()).hasSize(2).last().asString().startsWith("less than 48 hours");
    clock.advance(Duration.ofHours(17));
    look(loop);
    assertThat(messages()).hasSize(3).last().asString().startsWith("less than 24 hours");
  }

  @Test
  void aDeadlineThatMovesIsToldOfAgain() {
    chargeback(1, CASE, "138400000001", begin.plus(Duration.ofDays(3)), null);
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    look(loop);
    clock.advance(Duration.ofDays(2));
    look(loop);
    assertThat(messages()).hasSize(3);

    chargeback(1, CASE, "138400000001", begin.plus(Duration.ofDays(9)), null);
    look(loop);
    assertThat(messages()).hasSize(3);
    clock.advance(Duration.ofDays(6));
    look(loop);
    assertThat(messages()).hasSize(5).last().asString().contains("2026-03-11");
  }

  @Test
  void aFraudAlertIsToldOfAtOnceAndSaysWhetherItIsProven() {
    disputes.apply(
        1,
        CaseFacts.fraudAlert(
            new PaymentSeen("1", "approved", null, new BigDecimal("10.50"), "ARS"), null));
    disputes.apply(1, CaseFacts.fraudAlert(PaymentSeen.named("2"), CaseProblem.UNPROVEN));
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    look(loop);

    assertThat(messages())
        .containsExactly(
            "MercadoPago warns of fraud: deliver nothing for payment 1 of 10.5 ARS, and give it"
                + " back",
            "MercadoPago warns of fraud: deliver nothing for payment 2, and give it back (no"
                + " signature covers this payment: check it in MercadoPago)");
    clock.advance(Duration.ofDays(15));
    look(loop);
    assertThat(database.count("alerts WHERE open_key IS NOT NULL")).isZero();
  }

  @Test
  void ofVeryManyOnlySomeAreToldOfOneByOne() {
    for (int number = 100; number < 160; number++) {
      chargeback(1, String.valueOf(number), "9" + number, null, null);
    }
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    loop.turn();
    deliver(loop);

    assertThat(messages()).hasSize(51);
    assertThat(messages())
        .filteredOn(message -> message.startsWith("60 disputes are open."))
        .hasSize(1);
    clock.advance(Duration.ofDays(1));
    loop.turn();
    deliver(loop);
    assertThat(messages()).as("the sum is told daily").hasSize(52);
  }

  @Test
  void whatComesBesideVeryManyIsToldOfAtOnceAndTheEndOfTheOldOnesTellsOfNoOther() {
    for (int number = 100; number < 220; number++) {
      chargeback(1, String.valueOf(number), "9" + number, null, null);
    }
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    loop.turn();
    assertThat(told()).isEqualTo(51);

    disputes.apply(1, CaseFacts.fraudAlert(PaymentSeen.named("7"), null));
    loop.turn();
    assertThat(told()).as("the alert is told of beside them").isEqualTo(52);

    // As after an upgrade: the oldest are looked at first, and were over long ago.
    for (int number = 100; number < 160; number++) {
      chargeback(1, String.valueOf(number), "9" + number, null, DisputeState.LOST);
      loop.turn();
    }
    assertThat(told()).isEqualTo(52);
  }

  @Test
  void whatAStoredPaymentTellsIsToldOfWhenItsCaseWasLookedFor() {
    for (int number = 0; number < 10; number++) {
      disputes.follow(
          1, new PaymentSeen("1" + number, "charged_back", "in_process", BigDecimal.TEN, "ARS"));
    }
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    loop.turn();
    assertThat(told()).isZero();

    disputes.sought(1, "10", null);
    disputes.follow(1, new PaymentSeen("11", "charged_back", "settled", BigDecimal.TEN, "ARS"));
    loop.turn();
    assertThat(told()).isEqualTo(1);
  }

  private long told() {
    return database.count("alert_messages");
  }

  @Test
  void eachAccountHasItsOwnAndNamesItself() {
    TwoAccounts.store(database.jdbi(), clock.instant());
    for (long account : List.of(1L, 2L)) {
      chargeback(account, CASE, "138400000001", null, null);
    }
    AlertLoop loop = loop(database.jdbi(), TwoAccounts.accounts());
    look(loop);

    assertThat(messages()).hasSize(2);
    assertThat(messages().get(0)).startsWith("main: a chargeback");
    assertThat(messages().get(1)).startsWith("shop-b: a chargeback");
    assertThat(database.count("alerts WHERE account_id = 2")).isEqualTo(1);
  }

  @Test
  void aMutedOneIsToldWhenTheMuteIsOver() {
    new AlertStore(database.jdbi(), clock)
        .mute(
            0,
            "dispute-open",
            Duration.ofHours(1),
            new OperatorRequest("ana", "mute-alerts", null),
            "dispute-open for an hour");
    chargeback(1, CASE, "138400000001", null, null);
    AlertLoop loop = loop(database.jdbi(), MAIN_ALONE);
    look(loop);
    assertThat(messages()).isEmpty();
    clock.advance(Duration.ofMinutes(61));
    look(loop);
    assertThat(messages()).hasSize(1);
  }

  @Test
  void whileTheDatabaseIsOutNoneComesAndNoneGoes() {
    chargeback(1, CASE, "138400000001", null, null);
    look(loop(database.jdbi(), MAIN_ALONE));
    Jdbi nowhere =
        Jdbi.create("jdbc:postgresql://127.0.0.1:1/acuse").installPlugin(new AcuseJdbiPlugin());

    loop(nowhere, MAIN_ALONE).turn();

    assertThat(messages()).hasSize(1);
    assertThat(database.count("alerts WHERE open_key IS NOT NULL")).isEqualTo(1);
  }

  private void chargeback(
      long account,
      String id,
      String payment,
      @Nullable Instant deadline,
      @Nullable DisputeState verdict) {
    disputes.apply(
        account,
        CaseFacts.read(
            DisputeKind.CHARGEBACK,
            id,
            new CaseDetails(
                null,
                null,
                null,
                null,
                new BigDecimal("1500.00"),
                "ARS",
                deadline,
                "pending",
                null,
                null,
                begin,
                clock.instant()),
            verdict,
            List.of(PaymentSeen.named(payment))));
  }

  private AlertLoop loop(Jdbi jdbi, Accounts accounts) {
    return new AlertLoop(
        new AlertStore(jdbi, clock),
        new SlackWebhook(http.client(), SLACK.baseUrl() + PATH, clock),
        List::of,
        List.of(new DisputeConditions(new DisputeReader(jdbi), accounts, clock)),
        DisputeAlertsTest::unread,
        Duration.ofSeconds(1),
        clock);
  }

  private static Reading unread() {
    throw new AssertionError("no condition of this test needs it");
  }

  private static void look(AlertLoop... loops) {
    for (AlertLoop loop : loops) {
      loop.turn();
    }
  }

  /** Until all are delivered: a turn delivers a few. */
  private static void deliver(AlertLoop loop) {
    for (int i = 0; i < 5; i++) {
      loop.deliver();
    }
  }

  private static List<String> messages() {
    return SLACK.findAll(postRequestedFor(urlEqualTo(PATH))).stream()
        .map(request -> RunningAcuse.json(request.getBodyAsString()).path("text").asText())
        .toList();
  }
}
