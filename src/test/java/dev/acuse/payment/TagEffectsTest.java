package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectOperations.Result;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Rearm;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Topic;
import dev.acuse.payment.state.Payment;
import dev.acuse.sandbox.gohighlevel.TagCall;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What payments want of GoHighLevel, from the payment to the contact. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class TagEffectsTest {
  private static final OperatorRequest ANA = new OperatorRequest("ana", "retry", "it is back");

  private final EffectStage fixture;

  TagEffectsTest(Engine engine) {
    fixture = new EffectStage(engine, false);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void twoCardsOfOneCheckoutTagOnce() {
    fixture.checkout("a1", "c1");
    fixture.apply(payment("1").reference("a1").amount("600"));
    assertThat(fixture.effects()).as("a part gives no reason").isEmpty();

    fixture.apply(payment("2").reference("a1").amount("900.50"));
    fixture.work();
    fixture.apply(payment("1").reference("a1").amount("600").at(5));
    fixture.apply(payment("2").reference("a1").amount("900.50").at(5));
    fixture.work();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    assertThat(fixture.crm().tagCalls()).hasSize(1);
    assertThat(fixture.strings("SELECT subject FROM effect_reasons"))
        .singleElement()
        .asString()
        .startsWith("checkout:");
  }

  @Test
  void approvedThenRefundedThenApprovedIsTaggedAgain() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    fixture.work();

    refund("7", "a1", 1);
    fixture.work();
    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:leave:2:done", "pago_reembolsado:present:1:done");
    assertThat(fixture.crm().tagsOf("c1")).as("never taken off").hasSize(2);

    approve("7", "a1", 2);
    fixture.work();

    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:present:3:done", "pago_reembolsado:leave:2:done");
    assertThat(fixture.crm().tagCalls("c1"))
        .allMatch(TagCall::added)
        .extracting(TagCall::tags)
        .containsExactly(
            List.of("pago_confirmado"), List.of("pago_reembolsado"), List.of("pago_confirmado"));
  }

  @Test
  void aTagThatTwoPurchasesWantStaysWantedWhenOneIsRefunded() {
    fixture.checkout("a1", "c1");
    fixture.checkout("b1", "c1");
    approve("7", "a1", 0);
    approve("8", "b1", 0);
    fixture.work();
    assertThat(fixture.crm().tagCalls()).as("one call for both").hasSize(1);

    refund("7", "a1", 1);
    fixture.work();

    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:present:1:done", "pago_reembolsado:present:1:done");

    refund("8", "b1", 1);
    fixture.work();

    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:leave:2:done", "pago_reembolsado:present:1:done");
    assertThat(fixture.crm().tagsOf("c1")).contains("pago_confirmado");
    assertThat(fixture.crm().tagCalls()).hasSize(2).allMatch(TagCall::added);
  }

  @Test
  void aPaymentThatIsLinkedLaterIsNotTaggedAgain() {
    fixture.crm().addContact("c1", null);
    Payment alone = fixture.apply(payment("7").contact("c1").reference("a1")).payment();
    fixture.work();
    assertThat(fixture.strings("SELECT subject FROM effect_reasons"))
        .containsExactly("payment:" + alone.id());

    fixture.checkout("a1", "c1");
    fixture.apply(payment("7").contact("c1").reference("a1"));
    fixture.work();

    assertThat(fixture.strings("SELECT subject FROM effect_reasons"))
        .singleElement()
        .asString()
        .startsWith("checkout:");
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    assertThat(fixture.crm().tagCalls()).hasSize(1);
  }

  @Test
  void aContactThatIsGoneFailsAndAPersonsRetryOfTheWebhookTagsOnceItIsBack() {
    String paid = payAtMercadoPago("c1");
    long webhook = notified(paid, "first");
    fixture.work();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");
    assertThat(fixture.strings("SELECT error FROM effects"))
        .singleElement()
        .asString()
        .contains("Contact not found");

    notified(paid, "again");
    fixture.work();
    assertThat(fixture.effects())
        .as("a further notification arms nothing")
        .containsExactly("pago_confirmado:present:1:failed");

    fixture.crm().addContact("c1", null);
    fixture.clock.advance(Duration.ofMinutes(1));
    assertThat(fixture.operations.retry(webhook, ANA).done()).isTrue();
    fixture.work();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    assertThat(fixture.crm().tagCalls("c1")).hasSize(1);
    assertThat(fixture.effectEvents()).hasSize(1);
  }

  @Test
  void whatFailsAgainAfterARetryIsNotArmedByTheRepeatedAttempt() {
    fixture.checkout("a1", "c1");
    fixture.crm().deleteContact("c1");
    approve("7", "a1", 0);
    fixture.work();
    fixture.clock.advance(Duration.ofMinutes(1));
    var asked = new Rearm(fixture.clock.instant(), true);

    apply("7", asked);
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:waiting");
    fixture.clock.advance(Duration.ofMinutes(1));
    fixture.work();
    apply("7", asked);

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");
  }

  @Test
  void aFindingArmsWhatFailedIfItIsStillWanted() {
    fixture.checkout("a1", "c1");
    fixture.crm().deleteContact("c1");
    approve("7", "a1", 0);
    fixture.work();
    fixture.crm().addContact("c1", null);

    apply("7", new Rearm(fixture.clock.instant(), false));
    fixture.work();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    fixture.crm().deleteContact("c1");
    refund("7", "a1", 1);
    fixture.work();
    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:leave:2:done", "pago_reembolsado:present:1:failed");
  }

  @Test
  void aNewPurchaseHasTriedAgainWhatFailedBefore() {
    fixture.checkout("a1", "c1");
    fixture.crm().deleteContact("c1");
    approve("7", "a1", 0);
    fixture.workToTheEnd();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");

    fixture.crm().addContact("c1", null);
    approve("7", "a1", 1);
    fixture.workToTheEnd();
    assertThat(fixture.effects())
        .as("a further notification of the same purchase")
        .containsExactly("pago_confirmado:present:1:failed");

    fixture.checkout("b1", "c1");
    approve("8", "b1", 0);
    fixture.workToTheEnd();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    assertThat(fixture.crm().tagsOf("c1")).containsExactly("pago_confirmado");
  }

  @Test
  void whatFailedIsNotTriedAgainWhenItsPaymentIsLinkedToItsCheckout() {
    fixture.apply(payment("7").contact("gone").reference("a1"));
    fixture.workToTheEnd();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");
    long calls = fixture.crm().requestCount("/contacts/gone/tags");

    fixture.checkout("a1", "gone");
    fixture.crm().deleteContact("gone");
    fixture.apply(payment("7").contact("gone").reference("a1"));
    fixture.workToTheEnd();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");
    assertThat(fixture.crm().requestCount("/contacts/gone/tags")).isPositive().isEqualTo(calls);
  }

  @Test
  void aMalformedContactFailsWithoutACall() {
    fixture.checkout("a1", "c1/../x");

    approve("7", "a1", 0);
    fixture.work();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");
    assertThat(fixture.strings("SELECT error FROM effects"))
        .singleElement()
        .asString()
        .contains("not a contact id");
    assertThat(fixture.crm().requestCount("/contacts")).isZero();
  }

  @Test
  void anAnswerThatComesTooLateLeavesTheTagOnAndTheNextTrySucceeds() {
    fixture.checkout("a1", "c1");
    fixture.crm().faults().loseAnswers(1);
    approve("7", "a1", 0);

    fixture.work();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:waiting");
    assertThat(fixture.crm().tagsOf("c1")).containsExactly("pago_confirmado");
    fixture.workToTheEnd();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    assertThat(fixture.crm().tagCalls("c1")).hasSize(2);
    assertThat(fixture.crm().tagsOf("c1")).containsExactly("pago_confirmado");
  }

  /** Seen once after a kill on H2: the effect's row was taken back, and its event was not. */
  @Test
  void anEventWithoutItsEffectEndsQuietlyAndTheNextLookMakesTheEffectAnew() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    fixture
        .database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("DELETE FROM effect_reasons");
              handle.execute("DELETE FROM effects");
            });

    fixture.work();
    assertThat(
            fixture.strings(
                "SELECT last_error_kind FROM webhook_events"
                    + " WHERE origin = 'effect' AND status = 'pending'"))
        .containsExactly("no_effect");
    fixture.workToTheEnd();

    assertThat(fixture.strings("SELECT status FROM webhook_events WHERE origin = 'effect'"))
        .containsExactly("ignored");
    assertThat(fixture.crm().tagCalls("c1")).isEmpty();

    approve("7", "a1", 1);
    fixture.work();

    assertThat(fixture.crm().tagsOf("c1")).containsExactly("pago_confirmado");
  }

  @Test
  void whatIsWantedNoMoreBeforeItsTurnIsNotCalledFor() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    refund("7", "a1", 1);

    fixture.work();

    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:leave:2:done", "pago_reembolsado:present:1:done");
    assertThat(fixture.crm().tagsOf("c1")).containsExactly("pago_reembolsado");
    assertThat(fixture.strings("SELECT last_error FROM webhook_events WHERE status = 'ignored'"))
        .containsExactly("superseded");
  }

  @Test
  void aNewGenerationWaitsForTheEndOfTheOpenEventOfAnOlder() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    refund("7", "a1", 1);
    approve("7", "a1", 2);

    assertThat(fixture.effects().get(0)).isEqualTo("pago_confirmado:present:3:waiting");
    assertThat(fixture.strings(OPEN_OF_FIRST)).as("one open event").hasSize(1);
    fixture.work();

    assertThat(fixture.effects().get(0)).isEqualTo("pago_confirmado:present:3:done");
    assertThat(fixture.crm().tagsOf("c1")).contains("pago_confirmado");
    assertThat(fixture.strings(OPEN_OF_FIRST)).isEmpty();
  }

  private static final String OPEN_OF_FIRST =
      """
      SELECT webhook_id FROM webhook_events WHERE status = 'pending'
        AND effect_id = (SELECT MIN(id) FROM effects)
      """;

  @Test
  void anEventThatIsIgnoredByAnOperatorGivesTheEffectUpAndItsRetryTakesItUp() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    long event = fixture.number("SELECT event_id FROM effects");

    assertThat(fixture.operations.ignore(Scope.everything(), event, ANA).done()).isTrue();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:given_up");
    apply("7", null);
    assertThat(fixture.work()).isZero();

    assertThat(fixture.operations.retry(event, ANA).done()).isTrue();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:waiting");
    fixture.work();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
  }

  @Test
  void manyFailedEventsThatAreRetriedTakeTheirEffectsWithThem() {
    fixture.checkout("a1", "c1");
    fixture.checkout("b1", "c2");
    fixture.crm().deleteContact("c1");
    fixture.crm().deleteContact("c2");
    approve("7", "a1", 0);
    approve("8", "b1", 0);
    fixture.work();
    fixture.crm().addContact("c1", null);
    List<Long> ids =
        fixture.strings("SELECT event_id FROM effects").stream().map(Long::valueOf).toList();

    assertThat(fixture.operations.planRetry(Scope.everything(), ids, ANA).run()).isEqualTo(2);
    assertThat(fixture.effects()).allMatch(effect -> effect.endsWith(":waiting"));
    fixture.work();

    assertThat(fixture.effects())
        .containsExactly("pago_confirmado:present:1:done", "pago_confirmado:present:1:failed");
  }

  @Test
  void anEffectIsRetriedByItselfIfThatMakesSense() {
    fixture.checkout("a1", "c1");
    fixture.crm().deleteContact("c1");
    approve("7", "a1", 0);
    long id = fixture.number("SELECT id FROM effects");
    assertThat(fixture.desk.retry(Scope.everything(), id, ANA).result())
        .as("it waits already")
        .isEqualTo(Result.NOT_RETRYABLE);
    assertThat(fixture.desk.retry(Scope.everything(), -1, ANA).result()).isEqualTo(Result.UNKNOWN);
    fixture.work();
    fixture.crm().addContact("c1", null);

    assertThat(fixture.desk.retry(Scope.everything(), id, ANA))
        .satisfies(
            retry -> {
              assertThat(retry.result()).isEqualTo(Result.ARMED);
              assertThat(retry.state()).isEqualTo(EffectState.FAILED);
            });
    fixture.work();

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    refund("7", "a1", 1);
    assertThat(fixture.desk.retry(Scope.everything(), id, ANA).result())
        .as("nothing wants it any more")
        .isEqualTo(Result.NOT_RETRYABLE);
    assertThat(fixture.strings("SELECT target FROM operator_actions"))
        .containsExactly("effect " + id);
  }

  @Test
  void anEffectWhoseEventIsPurgedIsRetriedAllTheSame() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    fixture.work();
    long id = fixture.number("SELECT id FROM effects");
    fixture.clock.advance(Duration.ofDays(30));
    Set<EventStatus> ended = Set.of(EventStatus.SUCCESS, EventStatus.IGNORED);

    assertThat(fixture.operations.purge(Duration.ofDays(5), ended)).isZero();
    assertThat(fixture.effectEvents()).hasSize(1);
    assertThat(fixture.operations.purgeEffects(Duration.ofDays(7), ended)).isEqualTo(1);
    assertThat(fixture.effectEvents()).isEmpty();
    assertThat(fixture.number("SELECT COUNT(*) FROM effects WHERE event_id IS NULL")).isEqualTo(1);
    assertThat(fixture.repair.run()).as("what is done waits for nothing").isZero();

    EffectFilter done = EffectFilter.ALL.withState(EffectState.DONE);
    assertThat(fixture.desk.planRetry(Scope.everything(), done, "effects?state=done", ANA).run())
        .isEqualTo(1);
    fixture.work();

    assertThat(fixture.effectEvents()).containsExactly("effect:" + id + ":1:success");
    assertThat(fixture.crm().tagCalls("c1")).hasSize(2);
  }

  @Test
  void aProcessThatDiesAgainAndAgainEndsTheEffect() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);

    for (int i = 0; i < EffectStage.MAX_ATTEMPTS; i++) {
      assertThat(Lost.claim(fixture)).hasSize(1);
      fixture.clock.advance(Duration.ofMinutes(5));
      fixture.events.rescueExpired(10);
    }

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:failed");
    assertThat(fixture.strings("SELECT error FROM effects"))
        .containsExactly("lease expired (process gone)");
  }

  @Test
  void anAttemptWhoseLeaseWasLostBetweenCallAndRecordChangesNothing() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    WebhookEvent lost = Lost.claim(fixture).get(0);
    fixture.clock.advance(Duration.ofMinutes(5));
    fixture.events.rescueExpired(10);
    fixture.work();

    assertThat(fixture.events.end(List.of(Lost.success(lost, fixture)))).containsExactly(false);

    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
    assertThat(fixture.work()).isZero();
  }

  @Test
  void aLateCallOfAnOlderGenerationHasTheNewestCarriedOutOnceMore() {
    fixture.checkout("a1", "c1");
    approve("7", "a1", 0);
    WebhookEvent lost = Lost.claim(fixture).get(0);
    fixture.clock.advance(Duration.ofMinutes(5));
    fixture.events.rescueExpired(10);
    refund("7", "a1", 1);
    approve("7", "a1", 2);
    fixture.work();
    assertThat(fixture.effects().get(0)).isEqualTo("pago_confirmado:present:3:done");
    int calls = fixture.crm().tagCalls().size();

    assertThat(fixture.events.end(List.of(Lost.success(lost, fixture)))).containsExactly(false);

    assertThat(fixture.effects().get(0)).isEqualTo("pago_confirmado:present:3:waiting");
    fixture.work();
    assertThat(fixture.effects().get(0)).isEqualTo("pago_confirmado:present:3:done");
    assertThat(fixture.crm().tagCalls()).hasSize(calls + 1);
  }

  @Test
  void whatWaitsForAnEventThatDoesNotComeIsSetRight() {
    fixture.checkout("a1", "c1");
    fixture.checkout("b1", "c2");
    fixture.checkout("d1", "c3");
    fixture.checkout("e1", "c4");
    fixture.checkout("f1", "c5");
    approve("1", "a1", 0);
    approve("2", "b1", 0);
    approve("3", "d1", 0);
    approve("4", "e1", 0);
    approve("5", "f1", 0);
    assertThat(fixture.repair.run()).as("their events are open").isZero();
    endBehindItsBack("c1", "failed");
    endBehindItsBack("c2", "success");
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "DELETE FROM webhook_events WHERE effect_id ="
                        + " (SELECT id FROM effects WHERE target = 'c3')"));
    endBehindItsBack("c5", "failed");
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("UPDATE effects SET event_id = NULL WHERE target IN ('c4', 'c5')"));

    assertThat(fixture.repair.run()).isEqualTo(5);

    assertThat(fixture.strings("SELECT CONCAT(target, ':', state) FROM effects ORDER BY target"))
        .containsExactly("c1:failed", "c2:done", "c3:waiting", "c4:waiting", "c5:failed");
    assertThat(fixture.repair.run()).isZero();
    fixture.work();
    assertThat(fixture.crm().tagsOf("c3")).containsExactly("pago_confirmado");
  }

  @Test
  void whatNamesNoEventAtAllIsGivenItsOwn() {
    fixture.checkout("a1", "c1");
    approve("1", "a1", 0);
    fixture
        .database
        .jdbi()
        .useHandle(handle -> handle.execute("UPDATE effects SET event_id = NULL"));

    assertThat(fixture.repair.run()).isEqualTo(1);

    fixture.work();
    assertThat(fixture.effects()).containsExactly("pago_confirmado:present:1:done");
  }

  private void endBehindItsBack(String contactId, String status) {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET status = ?, next_retry_at = NULL WHERE effect_id ="
                        + " (SELECT id FROM effects WHERE target = ?)",
                    status,
                    contactId));
  }

  @Test
  void anEffectOfAnotherAccountIsNotCarriedOut() {
    fixture.checkout("a1", "c1");
    fixture.checkout("b1", "c2");
    approve("7", "a1", 0);
    approve("8", "b1", 0);
    fixture
        .database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("UPDATE effects SET account_id = 2 WHERE target = 'c1'");
              handle.execute(
                  "UPDATE effect_reasons SET account_id = 2 WHERE effect_id ="
                      + " (SELECT id FROM effects WHERE target = 'c2')");
            });

    fixture.work();

    assertThat(fixture.strings("SELECT error FROM effects"))
        .containsExactly("account mismatch", "account mismatch");
    assertThat(fixture.crm().tagCalls()).isEmpty();
  }

  private void approve(String id, String reference, long at) {
    fixture.apply(payment(id).reference(reference).at(at));
  }

  private void refund(String id, String reference, long at) {
    fixture.apply(payment(id).reference(reference).status("refunded").at(at));
  }

  private void apply(String id, @Nullable Rearm rearm) {
    fixture.store.apply(
        Place.MAIN_ACCOUNT, payment(id).reference("a1").build(), fixture.store.look(false), rearm);
  }

  private String payAtMercadoPago(String contactId) {
    long id = 138_400_000_001L;
    fixture
        .sandbox
        .mercadoPago()
        .put(
            SandboxPayment.of(
                    id,
                    BigDecimal.TEN,
                    448_800_001,
                    PaymentOutcome.APPROVED,
                    fixture.clock.instant())
                .with(
                    new SandboxPayment.Terms(
                        BigDecimal.TEN,
                        "ARS",
                        null,
                        null,
                        448_800_001L,
                        Map.of("contact_id", contactId))));
    return String.valueOf(id);
  }

  private long notified(String mpPaymentId, String key) {
    fixture.events.append(
        NewEvent.lookUp(
            "mp:payment:" + mpPaymentId + ":" + key,
            Topic.SOURCE,
            Topic.PAYMENT.code(),
            mpPaymentId,
            EventOrigin.WEBHOOK));
    return fixture.number("SELECT MAX(id) FROM webhook_events");
  }
}
