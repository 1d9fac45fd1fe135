package dev.acuse;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static dev.acuse.AccountStage.account;
import static dev.acuse.AccountStage.withLocation;
import static dev.acuse.AccountStage.withSeller;
import static dev.acuse.AccountStage.withState;
import static dev.acuse.AccountStage.withToken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.acuse.account.Account;
import dev.acuse.account.AccountField;
import dev.acuse.account.AccountState;
import dev.acuse.dispatch.Dispatcher;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.gohighlevel.GoHighLevelCrm;
import dev.acuse.mercadopago.Topic;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.Registration;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteLane;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.TestAccounts;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is one account's is called, kept and held back by nothing of another's. */
@Timeout(120)
class AccountsApartTest {
  @RegisterExtension
  static final WireMockExtension MERCADO_PAGO = WireMockExtension.newInstance().build();

  @RegisterExtension static final WireMockExtension CRM = WireMockExtension.newInstance().build();

  private @Nullable AccountStage stage;

  @BeforeEach
  void refuseWhatIsNotKnown() {
    MERCADO_PAGO.stubFor(
        any(anyUrl())
            .atPriority(10)
            .willReturn(
                aResponse()
                    .withStatus(401)
                    .withBody("{\"message\": \"invalid access token\", \"status\": 401}")));
    CRM.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(401)));
    for (int id = 1; id <= 12; id++) {
      MERCADO_PAGO.stubFor(
          any(anyUrl())
              .atPriority(5)
              .withHeader("Authorization", equalTo("Bearer mp-" + id))
              .willReturn(
                  aResponse()
                      .withStatus(404)
                      .withBody(
                          "{\"message\": \"not found\", \"error\": \"not_found\", \"status\":"
                              + " 404}")));
      CRM.stubFor(
          post(urlPathMatching("/contacts/[^/]+/tags"))
              .atPriority(5)
              .withHeader("Authorization", equalTo("Bearer crm-" + id))
              .willReturn(
                  okJson(
                      "{\"tags\": [\"pago_confirmado\"], \"tagsAdded\": [\"pago_confirmado\"]}")));
    }
  }

  @AfterEach
  void close() {
    if (stage != null) {
      stage.close();
    }
  }

  private AccountStage stage(Engine engine) {
    return stage(engine, null);
  }

  private AccountStage stage(Engine engine, @Nullable Integer callsPer10Seconds) {
    stage = new AccountStage(engine, MERCADO_PAGO.baseUrl(), CRM.baseUrl(), callsPer10Seconds);
    return stage;
  }

  /** A payment that this account's token may see. */
  private static void seen(long accountId, String mpPaymentId, String collector) {
    seen("mp-" + accountId, mpPaymentId, collector);
  }

  private static void seen(String token, String mpPaymentId, String collector) {
    MERCADO_PAGO.stubFor(
        get(urlPathEqualTo("/v1/payments/" + mpPaymentId))
            .atPriority(1)
            .withHeader("Authorization", equalTo("Bearer " + token))
            .willReturn(
                okJson(
                    """
                    {"id": %s, "status": "approved", "transaction_amount": 10, "currency_id": "ARS",
                     "collector_id": %s, "external_reference": "order-1",
                     "metadata": {"contact_id": "contact1"},
                     "date_last_updated": "2026-03-02T10:05:09.000-04:00"}
                    """
                        .formatted(mpPaymentId, collector))));
  }

  /** Which tokens have asked for a payment, in their order. */
  private static List<String> askedFor(String mpPaymentId) {
    return tokens(MERCADO_PAGO, "/v1/payments/" + mpPaymentId);
  }

  private static List<String> tokens(WireMockExtension api, String path) {
    return api.getAllServeEvents().stream()
        .map(one -> one.getRequest())
        .filter(request -> request.getUrl().equals(path))
        .sorted(Comparator.comparing(LoggedRequest::getLoggedDate))
        .map(request -> request.getHeader("Authorization").replace("Bearer ", ""))
        .toList();
  }

  private static List<String> tagged() {
    return tokens(CRM, "/contacts/contact1/tags").stream().sorted().toList();
  }

  @ParameterizedTest
  @EnumSource
  void theSamePaymentReferenceAndContactOfTwoAccountsAreTwo(Engine engine) throws Exception {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    for (int id = 1; id <= 2; id++) {
      seen(id, "77", id + "00");
      MERCADO_PAGO.stubFor(
          post(urlPathEqualTo("/checkout/preferences"))
              .atPriority(1)
              .withHeader("Authorization", equalTo("Bearer mp-" + id))
              .willReturn(
                  okJson(
                      "{\"id\": \"same\", \"init_point\": \"https://mp.test/%d\"}".formatted(id))));
      var request =
          new CheckoutRequest("order-1", "contact1", BigDecimal.TEN, "ARS", "Course " + id, null);
      assertThat(all.checkouts.register(id, request).result())
          .isEqualTo(Registration.Result.CREATED);
      assertThat(all.checkouts.register(id, request).result())
          .isEqualTo(Registration.Result.EXISTING);
      all.webhook(id, "77");
    }

    all.work();

    assertThat(
            MERCADO_PAGO.getAllServeEvents().stream()
                .map(one -> one.getRequest())
                .filter(request -> request.getUrl().equals("/checkout/preferences"))
                .map(LoggedRequest::getBodyAsString))
        .as("each has an address of its own, but main's stays as it is")
        .anySatisfy(
            body ->
                assertThat(body)
                    .contains("\"https://acuse.test/webhooks/mp?source_news=webhooks\""))
        .anySatisfy(
            body ->
                assertThat(body)
                    .contains("\"https://acuse.test/webhooks/mp/account-2?source_news=webhooks\""));
    assertThat(all.eventsOf("77")).containsExactlyInAnyOrder("1:success:-", "2:success:-");
    assertThat(
            all.strings(
                """
                SELECT CONCAT(p.account_id, ':', p.mp_payment_id, ':', c.account_id, ':', c.title,
                  ':', c.status)
                FROM payments p JOIN checkouts c ON c.id = p.checkout_id ORDER BY p.account_id
                """))
        .containsExactly("1:77:1:Course 1:paid", "2:77:2:Course 2:paid");
    assertThat(
            all.strings(
                """
                SELECT CONCAT(e.account_id, ':', e.target, ':', e.name, ':', e.state, ':', r.account_id)
                FROM effects e JOIN effect_reasons r ON r.effect_id = e.id ORDER BY e.account_id
                """))
        .containsExactly("1:contact1:pago_confirmado:done:1", "2:contact1:pago_confirmado:done:2");
    assertThat(askedFor("77")).containsExactlyInAnyOrder("mp-1", "mp-2");
    assertThat(tagged()).containsExactly("crm-1", "crm-2");
  }

  @ParameterizedTest
  @EnumSource
  void anAccountWithoutACrmWantsNoTags(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, null));
    seen(2, "77", "200");
    all.webhook(2, "77");

    all.work();

    assertThat(all.eventsOf("77")).containsExactly("2:success:-");
    assertThat(all.strings("SELECT name FROM effects")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatAnAccountOnlyPaidIsNotItsPayment(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    seen(1, "88", "200");
    all.webhook(1, "88");
    all.execute("UPDATE webhook_events SET seller_id = '100'");

    all.work();

    assertThat(all.eventsOf("88")).containsExactly("1:ignored:-");
    assertThat(all.reasons()).containsExactly("not_this_sellers");
    assertThat(all.strings("SELECT mp_payment_id FROM payments")).isEmpty();
    assertThat(all.strings("SELECT name FROM effects")).isEmpty();
    assertThat(askedFor("88")).containsExactly("mp-1");
  }

  /** It flags what went elsewhere if it knows its seller, as it did before there were accounts. */
  @ParameterizedTest
  @EnumSource
  void mainAloneKeepsWhatWentToAnotherSeller(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(withSeller(account(1, "L1"), null, Set.of()));
    seen(1, "88", "200");
    seen(1, "89", "200");
    all.webhook(1, "88");
    all.work();
    all.accounts.are(account(1, "L1"));
    all.webhook(1, "89");
    all.work();

    assertThat(
            all.strings(
                "SELECT CONCAT(mp_payment_id, ':', COALESCE(flag, '-')) FROM payments ORDER BY id"))
        .containsExactly("88:-", "89:collector_mismatch");
  }

  /** Alone, main would keep what another account collects. */
  @ParameterizedTest
  @EnumSource
  void nothingIsKeptBeforeTheAccountsAreKnown(Engine engine) {
    AccountStage all = stage(engine);
    seen(1, "88", "200");
    seen(2, "88", "200");
    all.accounts.isKnown = false;
    all.webhook(1, "88");
    all.work();

    assertThat(all.eventsOf("88")).containsExactly("1:pending:-");
    assertThat(askedFor("88")).isEmpty();

    all.accounts.isKnown = true;
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    all.clock.advance(Duration.ofSeconds(10));
    all.work();
    assertThat(all.eventsOf("88")).containsExactly("1:ignored:-", "2:success:-");
    assertThat(all.strings("SELECT CONCAT(account_id, ':', mp_payment_id) FROM payments"))
        .containsExactly("2:88");
  }

  @ParameterizedTest
  @EnumSource
  void whatNamesNoSellerGoesToTheAccountThatHasIt(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(
        IntStream.rangeClosed(1, 11).mapToObj(id -> account(id, "L" + id)).toArray(Account[]::new));
    seen(11, "99", "1100");
    all.webhook(1, "99");

    all.work();
    assertThat(all.eventsOf("99")).containsExactly("1:pending:not_found");
    assertThat(askedFor("99")).as("its own and eight others").hasSize(9);
    all.clock.advance(Duration.ofMinutes(2));
    all.work();

    assertThat(all.eventsOf("99")).containsExactly("1:ignored:-", "11:success:-");
    assertThat(all.reasons()).contains("moved");
    assertThat(all.strings("SELECT CONCAT(account_id, ':', mp_payment_id) FROM payments"))
        .containsExactly("11:99");
    assertThat(tagged()).containsExactly("crm-11");
    assertThat(all.strings("SELECT steps FROM webhook_attempts WHERE steps LIKE '%other%'"))
        .as("its attempts tell that others were asked, and not how many there are")
        .isNotEmpty()
        .extracting(steps -> steps.replaceAll("\"(millis|started_at)\":[^,}]+", ""))
        .noneMatch(steps -> steps.contains("8") || steps.contains("asked"));

    all.webhook(2, "99");
    MERCADO_PAGO.resetRequests();
    all.work();
    assertThat(all.eventsOf("99")).endsWith("2:ignored:-", "11:success:-");
    assertThat(askedFor("99")).as("who knows it is asked at once").containsExactly("mp-2", "mp-11");
  }

  @ParameterizedTest
  @EnumSource
  void anOrderThatNamesNoSellerGoesToTheAccountThatHasIt(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"), account(3, "L3"));
    MERCADO_PAGO.stubFor(
        get(urlPathEqualTo("/merchant_orders/5"))
            .atPriority(1)
            .withHeader("Authorization", equalTo("Bearer mp-2"))
            .willReturn(
                okJson(
                    """
                    {"id": 5, "collector": {"id": 300}, "payments": [{"id": 99}]}
                    """)));
    MERCADO_PAGO.stubFor(
        get(urlPathEqualTo("/merchant_orders/5"))
            .atPriority(1)
            .withHeader("Authorization", equalTo("Bearer mp-3"))
            .willReturn(
                okJson(
                    """
                    {"id": 5, "collector": {"id": 300}, "payments": [{"id": 99}]}
                    """)));
    seen(3, "99", "300");
    all.event(1, Topic.MERCHANT_ORDER.code(), "5", SignatureState.VERIFIED);

    all.work();

    assertThat(all.eventsOf("5")).containsExactly("1:ignored:-", "3:success:-");
    assertThat(all.strings("SELECT CONCAT(account_id, ':', mp_payment_id) FROM payments"))
        .containsExactly("3:99");
  }

  @ParameterizedTest
  @EnumSource
  void whatNothingProvesIsLookedForInNoOtherAccount(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    seen(2, "99", "200");
    all.event(1, Topic.PAYMENT.code(), "99", SignatureState.UNVERIFIABLE);

    all.work();

    assertThat(all.eventsOf("99")).hasSize(1);
    assertThat(askedFor("99")).containsExactly("mp-1");
  }

  @ParameterizedTest
  @EnumSource
  void whatNamesItsSellerIsLookedForInNoOtherAccount(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    seen(2, "99", "200");
    all.webhook(1, "99");
    all.execute("UPDATE webhook_events SET seller_id = '100'");

    all.work();

    assertThat(all.eventsOf("99")).containsExactly("1:pending:not_found");
    assertThat(askedFor("99")).containsExactly("mp-1");
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsCalledWhereEventAndEffectAreOfTwoAccounts(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    seen(1, "77", "100");
    all.webhook(1, "77");
    all.goHighLevel.hold(Set.of("crm:L1"));
    all.work();
    all.execute(
        "UPDATE webhook_events SET account_id = 2, lane = 'crm:L2' WHERE origin = 'effect'");

    all.work();

    assertThat(
            all.strings(
                "SELECT CONCAT(status, ':', last_error_kind) FROM webhook_events WHERE origin ="
                    + " 'effect'"))
        .containsExactly("failed:account_mismatch");
    assertThat(tagged()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsCalledWhereEventAndPaymentAreOfTwoAccounts(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, null), account(2, null));
    seen(1, "77", "100");
    all.webhook(1, "77");
    all.work();
    all.webhook(2, "77");
    all.execute(
        "UPDATE webhook_events SET payment_id = (SELECT id FROM payments) WHERE account_id = 2");

    all.work();

    assertThat(all.eventsOf("77")).containsExactly("1:success:-", "2:failed:account_mismatch");
    assertThat(askedFor("77")).containsExactly("mp-1");
  }

  @ParameterizedTest
  @EnumSource
  void aPausedAccountsEventsWaitAndHoldBackNoOthers(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "shared"), account(2, "shared"));
    all.goHighLevel.hold(Set.of("crm:shared"));
    for (int id = 1; id <= 2; id++) {
      seen(id, "77", id + "00");
      seen(id, "78", id + "00");
      all.webhook(id, "77");
    }
    all.work();
    assertThat(tagged()).isEmpty();

    all.change(withState(all.accounts.get(2), AccountState.PAUSED));
    all.webhook(1, "78");
    all.webhook(2, "78");
    all.execute(
        "UPDATE webhook_events SET rescues = 2 WHERE account_id = 2 AND status = 'pending'");
    all.work();

    assertThat(all.eventsOf("78")).containsExactlyInAnyOrder("1:success:-", "2:pending:-");
    assertThat(tagged()).containsExactly("crm-1");
    assertThat(
            all.strings(
                "SELECT DISTINCT lane FROM webhook_events WHERE status = 'pending' ORDER BY lane"))
        .containsExactly("crm:account:2", "mp:2");
    assertThat(all.events.anyDueAlone(Claims.KINDS, all.goHighLevel.held())).isTrue();

    all.change(withState(all.accounts.get(2), AccountState.ACTIVE));
    all.work();

    assertThat(all.eventsOf("78")).containsExactlyInAnyOrder("1:success:-", "2:success:-");
    assertThat(tagged()).containsExactly("crm-1", "crm-2");
    assertThat(all.strings("SELECT id FROM webhook_events WHERE lane = 'crm:account:2'")).isEmpty();
  }

  /** As where another instance has stored it in the lane that it had before. */
  @ParameterizedTest
  @EnumSource
  void aPausedAccountsEventInASharedLaneIsHandedBackUncalled(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "shared"), account(2, "shared"));
    all.goHighLevel.hold(Set.of("crm:shared"));
    seen(2, "77", "200");
    all.webhook(2, "77");
    all.work();
    all.accounts.change(withState(all.accounts.get(2), AccountState.DISCONNECTED));

    all.work();

    assertThat(tagged()).isEmpty();
    assertThat(
            all.strings(
                """
                SELECT CONCAT(a.outcome, ':', a.reason, ':', e.status, ':', e.attempts)
                FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id
                WHERE e.origin = 'effect'
                """))
        .containsExactly("snoozed:account_held:pending:0");
  }

  @ParameterizedTest
  @EnumSource
  void aTokenIsReplacedWhileItsEventsWaitAndTheyDrainByThemselves(Engine engine) throws Exception {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, null), withToken(account(2, null), "revoked"));
    seen(1, "71", "100");
    for (int i = 72; i < 77; i++) {
      seen(2, String.valueOf(i), "200");
      all.webhook(2, String.valueOf(i));
    }
    all.webhook(1, "71");
    Dispatcher dispatcher = all.dispatcher();
    dispatcher.start();
    try {
      await().until(() -> all.eventsOf("71").equals(List.of("1:success:-")));
      await().until(() -> !all.mercadoPago.lane("mp:2").isOwnUp());
      await()
          .until(
              () ->
                  all.strings(
                              "SELECT id FROM webhook_events WHERE outage_since IS NOT NULL AND"
                                  + " account_id = 2")
                          .size()
                      >= 1);

      all.accounts.change(withToken(all.accounts.get(2), "mp-2"));

      await()
          .until(
              () ->
                  all.strings(
                              "SELECT id FROM webhook_events WHERE status = 'success' AND"
                                  + " account_id = 2")
                          .size()
                      == 5);
      assertThat(all.mercadoPago.lane("mp:2").isOwnUp()).isTrue();
      assertThat(askedFor("71")).containsExactly("mp-1");
    } finally {
      dispatcher.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherLocationTakesWhatIsPendingAlong(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    all.goHighLevel.hold(Set.of("crm:L1", "crm:L2"));
    for (int id = 1; id <= 2; id++) {
      seen(id, "77", id + "00");
      all.webhook(id, "77");
    }
    all.work();
    Account before = all.accounts.get(2);
    Account after = withLocation(before, "L1");
    all.database
        .jdbi()
        .useHandle(
            handle -> {
              handle.begin();
              all.accountLanes.changed(handle, before, after);
              handle.rollback();
            });
    assertThat(lanes(all)).containsExactly("1:crm:L1", "2:crm:L2");

    all.change(after);
    assertThat(lanes(all)).containsExactly("1:crm:L1", "2:crm:L1");
    all.change(withLocation(all.accounts.get(1), "L3"));
    assertThat(lanes(all)).containsExactly("1:crm:L3", "2:crm:L1");

    all.goHighLevel.hold(Set.of());
    all.work();
    assertThat(tagged()).containsExactly("crm-1", "crm-2");
  }

  private static List<String> lanes(AccountStage all) {
    return all.strings(
        "SELECT CONCAT(account_id, ':', lane) FROM webhook_events WHERE origin = 'effect'"
            + " ORDER BY account_id");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheEnvironmentRulesOfMainMovesByNoStoredLocation(Engine engine) {
    AccountStage all = stage(engine);
    Account ruled = withSeller(account(1, "L1"), "100", Set.of(AccountField.LOCATION));
    all.accounts.are(ruled, account(2, "L2"));
    all.goHighLevel.hold(Set.of("crm:L1"));
    seen(1, "77", "100");
    all.webhook(1, "77");
    all.work();
    Account stored = withLocation(account(1, "L1"), null);

    all.database
        .jdbi()
        .useTransaction(
            handle ->
                all.accountLanes.changed(handle, stored, withState(stored, AccountState.PAUSED)));

    assertThat(lanes(all)).containsExactly("1:crm:account:1");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftInALaneOfNobodyIsPutIntoItsAccountsOwnAtTheStart(Engine engine) throws Exception {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    all.goHighLevel.hold(Set.of("crm:L1", "crm:L2"));
    for (int id = 1; id <= 2; id++) {
      seen(id, "77", id + "00");
      all.webhook(id, "77");
    }
    all.work();
    // Not due, so that they are moved and not worked off.
    all.execute(
        "UPDATE webhook_events SET lane = 'crm:gone', next_retry_at = TIMESTAMP '2099-01-01"
            + " 00:00:00' WHERE origin = 'effect'");
    Dispatcher dispatcher = all.dispatcher();
    dispatcher.start();
    try {
      await().until(() -> lanes(all).equals(List.of("1:crm:L1", "2:crm:L2")));
      all.accounts.change(withLocation(all.accounts.get(2), "L4"));
      await().until(() -> lanes(all).equals(List.of("1:crm:L1", "2:crm:L4")));
    } finally {
      dispatcher.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void accountsThatShareALocationShareItsRate(Engine engine) throws Exception {
    AccountStage all = stage(engine, 1);
    all.accounts.are(account(1, "shared"), account(2, "shared"), account(3, "own"));

    new GoHighLevelCrm(all.crms.of(1)).addTags("contact1", List.of("pago_confirmado"));
    assertThatExceptionOfType(RemoteException.Throttled.class)
        .isThrownBy(
            () ->
                new GoHighLevelCrm(all.crms.of(2)).addTags("contact1", List.of("pago_confirmado")));
    new GoHighLevelCrm(all.crms.of(3)).addTags("contact1", List.of("pago_confirmado"));

    assertThat(tagged()).containsExactly("crm-1", "crm-3");
    assertThat(all.goHighLevel.lanes().stream().map(RemoteLane::code))
        .containsExactly("crm:own", "crm:shared");
  }

  @ParameterizedTest
  @EnumSource
  void lanesThatNoAccountHasAnyMoreAreForgotten(Engine engine) {
    AccountStage all = stage(engine);
    all.accounts.are(account(1, "L1"), account(2, "L2"));
    for (int i = 0; i < 50; i++) {
      all.accounts.change(withLocation(all.accounts.get(2), "L2-" + i));
    }
    all.accounts.change(withState(all.accounts.get(2), AccountState.DISCONNECTED));

    assertThat(
            Stream.of(all.goHighLevel, all.mercadoPago)
                .flatMap(system -> system.lanes().stream())
                .map(RemoteLane::code))
        .containsExactly("crm:L1", "mp:1");
    assertThatExceptionOfType(RemoteException.NotSetUp.class)
        .as("it is not asked by its token any more")
        .isThrownBy(() -> all.clients.of(2).payment("77"));
    assertThatExceptionOfType(RemoteException.NotSetUp.class)
        .isThrownBy(() -> all.clients.of(77).payment("77"));
    assertThat(
            new PaymentReader(all.database.jdbi(), TestAccounts.MAIN_ALONE)
                .paymentByMpId(Scope.everything(), "77"))
        .isEmpty();
  }
}
