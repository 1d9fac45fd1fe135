package dev.acuse.mercadopago.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.account.AccountState;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.reconciliation.ReconcilerFixture;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.Engine;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.Wakes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class QuarantineHealerTest {
  private final ReconcilerFixture fixture;
  private final Wakes released = new Wakes();
  private final QuarantineHealer healer;

  QuarantineHealerTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.healer = fixture.healer();
    fixture.events.due().tell(released);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void eventWhosePaymentMercadoPagoKnowsIsReleasedAndMarkedSo() {
    String paid = fixture.pay(fixture.clock.instant());
    quarantine("q1", "payment", paid);

    assertThat(healer.healNext()).isTrue();

    WebhookEvent event = event("q1");
    assertThat(event.status()).isEqualTo(EventStatus.PENDING);
    assertThat(event.confirmedAt()).isEqualTo(fixture.clock.instant());
    assertThat(event.nextRetryAt()).isEqualTo(fixture.clock.instant());
    assertThat(event.signature()).isEqualTo(SignatureState.BAD);
    assertThat(released.woken).hasValue(1);
    assertThat(healer.healNext()).as("nothing is left").isFalse();
  }

  @Test
  void oneLookUpSpeaksForAllThatNameTheSame() {
    String paid = fixture.pay(fixture.clock.instant());
    for (int i = 0; i < 50; i++) {
      quarantine("q" + i, "payment", paid);
    }
    long before = fixture.sandbox.mercadoPago().requestCount("/v1/payments");

    assertThat(healer.healNext()).isTrue();

    assertThat(fixture.sandbox.mercadoPago().requestCount("/v1/payments") - before).isEqualTo(1);
    assertThat(fixture.eventReader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.PENDING, 1L)
        .containsEntry(EventStatus.IGNORED, 49L)
        .containsEntry(EventStatus.QUARANTINED, 0L);
    assertThat(event("q7").lastError()).contains("looks the same up");
  }

  @Test
  void bogusEventIsAskedAboutNowAndThenAndThenLeftToExpire() {
    quarantine("bogus", "payment", "138499999999");

    assertThat(healer.healNext()).isTrue();
    assertThat(healer.healNext()).as("not again at once").isFalse();
    fixture.clock.advance(Duration.ofMinutes(61));
    assertThat(healer.healNext()).as("MercadoPago may have come to know it").isTrue();
    fixture.clock.advance(Duration.ofDays(5));
    assertThat(healer.healNext()).as("too old").isFalse();

    assertThat(event("bogus").status()).isEqualTo(EventStatus.QUARANTINED);
    assertThat(event("bogus").confirmedAt()).isNull();
    assertThat(released.woken).hasValue(0);
  }

  @Test
  void ordersAndCasesAreAskedAboutAsPaymentsAre() {
    SandboxSeller seller = fixture.sandbox.mercadoPago().seller();
    long paid = Long.parseLong(fixture.pay(fixture.clock.instant()));
    long claimed = Long.parseLong(fixture.pay(fixture.clock.instant()));
    quarantine("order", "order", seller.onlineOrders().make("co_1", BigDecimal.TEN).id());
    quarantine("older name", "orders", seller.onlineOrders().make("co_2", BigDecimal.TEN).id());
    quarantine("chargeback", "topic_chargebacks_wh", seller.disputes().open(paid).id());
    long claim = seller.disputes().openClaim(claimed).id();
    quarantine("claim", "claim", String.valueOf(claim));
    quarantine("no order", "order", "ORD01K9999999999999999999999");
    quarantine("no chargeback", "topic_chargebacks_wh", "217000069999999999");
    long refused = seller.disputes().openClaim(claimed).id();
    seller.disputes().refuse(String.valueOf(refused), 403);
    quarantine("refused", "topic_claims_integration_wh", String.valueOf(refused));

    for (int i = 0; i < 7; i++) {
      assertThat(healer.healNext()).isTrue();
    }

    for (String known : List.of("order", "older name", "chargeback", "claim")) {
      assertThat(status(known)).as(known).isEqualTo("pending");
    }
    for (String unknown : List.of("no order", "no chargeback", "refused")) {
      assertThat(status(unknown)).as(unknown).isEqualTo("quarantined");
    }
    assertThat(healer.healNext()).as("not again at once").isFalse();
    fixture.clock.advance(Duration.ofDays(5));
    assertThat(healer.healNext()).as("not for ever").isFalse();
  }

  @Test
  void floodOfBogusOnesKeepsNoGenuineOneWaitingForEver() {
    for (int i = 0; i < 5; i++) {
      quarantine("bogus" + i, "payment", "1384999999" + i);
    }
    quarantine("genuine", "payment", fixture.pay(fixture.clock.instant()));
    for (int i = 0; i < 6; i++) {
      assertThat(healer.healNext()).isTrue();
    }

    assertThat(event("genuine").status()).isEqualTo(EventStatus.PENDING);
  }

  @Test
  void accountsTakeTurnsAndEachIsAskedAboutByItsOwnClient() {
    IntakeAccounts accounts =
        new IntakeAccounts("100")
            .account(2, "flooded", 1, "200")
            .account(3, "quiet", 1, "300")
            .account(4, "paused", 1, "400", AccountState.PAUSED)
            .told();
    List<Long> asked = new ArrayList<>();
    QuarantineHealer several =
        fixture.healer(
            account -> {
              asked.add(account);
              return fixture.guarded();
            },
            accounts);
    for (int i = 0; i < 5; i++) {
      quarantine("bogus" + i, "payment", "1384999999" + i);
    }
    of(2, "bogus");
    String paid = fixture.pay(fixture.clock.instant());
    quarantine("quiet", "payment", paid);
    of(3, "quiet");
    quarantine("paused", "payment", paid);
    of(4, "paused");
    quarantine("main", "payment", paid);

    for (int i = 0; i < 4; i++) {
      assertThat(several.healNext()).isTrue();
    }

    assertThat(asked).containsExactly(1L, 2L, 3L, 2L);
    assertThat(status("quiet")).isEqualTo("pending");
    assertThat(status("main")).isEqualTo("pending");
    assertThat(status("paused"))
        .as("its own turn comes when it is active")
        .isEqualTo("quarantined");
  }

  private void of(long account, String prefix) {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET account_id = ?, lane = ? WHERE webhook_id LIKE ?",
                    account,
                    "mp:" + account,
                    prefix + "%"));
  }

  private String status(String key) {
    return fixture
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT status FROM webhook_events WHERE webhook_id = :key")
                    .bind("key", key)
                    .mapTo(String.class)
                    .one());
  }

  @Test
  void outageDecidesNothing() {
    quarantine("q1", "payment", fixture.pay(fixture.clock.instant()));
    fixture.sandbox.mercadoPago().faults().always(503);

    assertThat(healer.healNext()).isFalse();

    fixture.sandbox.mercadoPago().faults().none();
    assertThat(healer.healNext()).isTrue();
    assertThat(event("q1").status()).isEqualTo(EventStatus.PENDING);
  }

  @Test
  void eventThatNamesNothingOrSomethingElseIsNotAskedAbout() {
    quarantine("nothing", "payment", null);
    quarantine("other", "subscription_preapproval", "abc");

    assertThat(healer.healNext()).isFalse();
    assertThat(
            fixture.eventReader.page(
                Scope.everything(), EventFilter.ALL.withStatus(EventStatus.QUARANTINED), null, 9))
        .hasSize(2);
  }

  private void quarantine(String webhookId, String type, @Nullable String resourceId) {
    fixture.events.append(
        new NewEvent(
            webhookId,
            "mp",
            type,
            null,
            resourceId,
            EventStatus.QUARANTINED,
            "the signature is wrong",
            SignatureState.BAD,
            EventOrigin.WEBHOOK,
            new byte[0],
            null,
            Map.of()));
  }

  private WebhookEvent event(String webhookId) {
    return fixture.eventReader.findByWebhookId(Scope.everything(), webhookId).orElseThrow();
  }
}
