package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EffectChange;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.TestEffects;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class ReconcilerTest {
  private final ReconcilerFixture fixture;
  private final Instant now;

  ReconcilerTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.now = fixture.clock.instant();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatDiffersBecomesAnEventAndTheSameAgainDoesNot() {
    String missing = fixture.pay(now.minusSeconds(50));
    String stale = fixture.pay(now.minusSeconds(40));
    fixture.apply(stale);
    fixture.change(stale, PaymentOutcome.REFUNDED, now.minusSeconds(30));
    String untagged = fixture.pay(now.minusSeconds(20), Map.of("contact_id", "c1"));
    fixture.apply(untagged);
    TestEffects.end(fixture.database.jdbi(), fixture.clock, EffectChange.Kind.FAILED);
    String beingTagged = fixture.pay(now.minusSeconds(10), Map.of("contact_id", "c2"));
    fixture.apply(beingTagged);
    fixture.apply(fixture.pay(now.minusSeconds(5)));

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().tally()).isEqualTo(new Tally(5, 4, 1, 1, 1, 3));
    assertThat(reconciled()).containsExactlyInAnyOrder(missing, stale, untagged);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().tally()).isEqualTo(new Tally(5, 4, 1, 1, 0, 0));
    assertThat(reconciled()).hasSize(3);
  }

  @Test
  void findingsAreHealedWhenPaymentAndTagAreRight() {
    String one = fixture.pay(now.minusSeconds(50), Map.of("contact_id", "c1"));
    String two = fixture.pay(now.minusSeconds(40));
    fixture.reconciler().cycle(true);
    assertThat(fixture.reader.unhealed(Scope.everything())).isEqualTo(2);

    fixture.apply(two);
    assertThat(fixture.store.markHealed(fixture.paymentReader)).isEqualTo(1);
    fixture.apply(one);
    assertThat(fixture.store.markHealed(fixture.paymentReader))
        .as("its tag is not on yet")
        .isZero();
    TestEffects.end(fixture.database.jdbi(), fixture.clock, EffectChange.Kind.DONE);

    assertThat(fixture.store.markHealed(fixture.paymentReader)).isEqualTo(1);
    assertThat(fixture.reader.unhealed(Scope.everything())).isZero();
    assertThat(fixture.run().healed()).isEqualTo(2);
  }

  /** MercadoPago's search may be ahead of its look-up, and then is so only for a while. */
  @Test
  void paymentThatALookUpLeftBehindIsLookedUpAgainLessAndLessOften() {
    String id = fixture.pay(now.minusSeconds(50));
    fixture.reconciler().cycle(true);
    endAll();

    fixture.clock.advance(Duration.ofMinutes(14));
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).isEmpty();

    fixture.clock.advance(Duration.ofMinutes(2));
    fixture.reconciler().cycle(true);
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).containsExactly(id);
    endAll();
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).as("the wait is not over").hasSize(1);

    fixture.clock.advance(Duration.ofMinutes(15));
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).containsExactly(id, id);
    fixture.clock.advance(Duration.ofHours(4));
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).as("one is open").hasSize(2);
    endAll();
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).hasSize(3);
    endAll();

    fixture.apply(id);
    fixture.store.markHealed(fixture.paymentReader);
    fixture.clock.advance(Duration.ofDays(2));
    fixture.reconciler().cycle(true);
    assertThat(lookedAtAgain()).as("it is right").hasSize(3);
  }

  @Test
  void paymentThatIsNeverRightIsLeftAloneInTheEnd() {
    fixture.pay(now.minusSeconds(50));
    fixture.reconciler().cycle(true);
    endAll();

    fixture.clock.advance(Duration.ofDays(61));
    fixture.reconciler().cycle(true);

    assertThat(lookedAtAgain()).isEmpty();
  }

  private List<String> lookedAtAgain() {
    return fixture
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT resource_id FROM webhook_events WHERE webhook_id LIKE '%:left:%'")
                    .mapTo(String.class)
                    .list());
  }

  /** The look-ups bring nothing new. */
  private void endAll() {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET status = 'success', next_retry_at = NULL,"
                        + " finished_at = received_at WHERE status = 'pending'"));
  }

  /** As MercadoPago has been seen to: the same instants with and without milliseconds. */
  @Test
  void datesThatAreOutOfOrderWithinASecondStopNothing() {
    Instant second = now.minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    String with = fixture.pay(second.plusMillis(481));
    String without = fixture.pay(second.plusMillis(900));
    String later = fixture.pay(second.plus(Duration.ofMinutes(5)));
    fixture.showWithoutMillis(without);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().error()).isNull();
    assertThat(reconciled()).containsExactlyInAnyOrder(with, without, later);
  }

  @Test
  void findingIsHealedThoughALookUpShowsItsDateWithoutMilliseconds() {
    Instant second = now.minusSeconds(50).truncatedTo(ChronoUnit.SECONDS);
    String id = fixture.pay(second.plusMillis(481));
    fixture.reconciler().cycle(true);
    fixture.change(id, PaymentOutcome.APPROVED, second);

    fixture.apply(id);

    assertThat(fixture.store.markHealed(fixture.paymentReader)).isEqualTo(1);
  }

  @Test
  void firstRunLooksBackAndALaterOneBeginsAtTheNewestChangeLessTheOverlap() {
    fixture.pay(now.minus(Duration.ofHours(73)));
    String within = fixture.pay(now.minus(Duration.ofHours(71)));
    Instant newest = now.minus(Duration.ofHours(3));
    fixture.pay(newest);

    fixture.reconciler().cycle(true);

    assertThat(fixture.run().from()).isEqualTo(now.minus(Duration.ofDays(3)));
    assertThat(fixture.run().tally().missing()).isEqualTo(2);
    assertThat(reconciled()).contains(within);
    assertThat(fixture.reader.state(Scope.everything()).orElseThrow().watermark())
        .isEqualTo(newest);

    fixture.clock.advance(Duration.ofDays(6));
    fixture.reconciler().cycle(true);
    assertThat(fixture.run().from()).isEqualTo(newest.minus(Duration.ofHours(2)));
  }

  @Test
  void nothingIsSkippedWhereNothingEverHappenedBeforeWeWereAway() {
    fixture.reconciler().cycle(true);
    fixture.clock.advance(Duration.ofDays(6));
    String early = fixture.pay(now.plus(Duration.ofDays(1)));

    fixture.reconciler().cycle(true);

    assertThat(reconciled()).containsExactly(early);
  }

  @Test
  void clockBehindMercadoPagosHidesNothing() {
    assertNothingHiddenBySkew(Duration.ofHours(5));
  }

  @Test
  void clockAheadOfMercadoPagosHidesNothing() {
    assertNothingHiddenBySkew(Duration.ofHours(-5));
  }

  private void assertNothingHiddenBySkew(Duration skew) {
    fixture.remoteClock.set(fixture.clock.instant().plus(skew));
    String first = fixture.pay(fixture.remoteClock.instant());
    fixture.reconciler().cycle(true);
    fixture.clock.advance(Duration.ofMinutes(10));
    fixture.remoteClock.advance(Duration.ofMinutes(10));
    String second = fixture.pay(fixture.remoteClock.instant().minusSeconds(1));

    fixture.reconciler().cycle(true);

    assertThat(reconciled()).contains(first, second);
  }

  @Test
  void dateThatIsAheadOfTheTimeDoesNotHideWhatComesBeforeIt() {
    fixture.pay(now.plus(Duration.ofHours(20)));
    fixture.reconciler().cycle(true);
    fixture.clock.advance(Duration.ofHours(6));
    String later = fixture.pay(now.plus(Duration.ofHours(1)));

    fixture.reconciler().cycle(true);

    assertThat(reconciled()).contains(later);
  }

  @Test
  void everyFaultOfTheSearchLeavesTheWindowToBeTakenUpAgain() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    faults.put("500", Fault.status(500));
    faults.put("401", Fault.status(401));
    faults.put("429", Fault.tooManyRequests("3"));
    faults.put("drop", Fault.drop());
    for (GarbageKind kind :
        List.of(GarbageKind.HTML, GarbageKind.EMPTY, GarbageKind.TRUNCATED_JSON)) {
      faults.put(kind.name(), Fault.garbage(kind));
    }
    Instant before = fixture.store.state(Place.MAIN_ACCOUNT, Duration.ofDays(3)).watermark();
    fixture.pay(350, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    faults.forEach(
        (name, fault) -> {
          fixture.sandbox.mercadoPago().faults().always(fault);

          assertThat(fixture.reconciler().cycle(true)).as(name).isFalse();

          assertThat(fixture.run().status()).as(name).isEqualTo(Status.WAITING);
          assertThat(fixture.run().error()).as(name).isNotBlank().doesNotContain("APP_USR");
          assertThat(fixture.reader.state(Scope.everything()).orElseThrow().watermark())
              .isEqualTo(before);
        });
    fixture.sandbox.mercadoPago().faults().none();

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.reader.page(Scope.everything(), null, 10))
        .as("one window all the time")
        .hasSize(2);
    assertThat(fixture.reader.page(Scope.everything(), null, 10).get(1).tally())
        .isEqualTo(new Tally(350, 0, 350, 0, 0, 350));
  }

  @Test
  void answerThatIsTooLargeIsAskedForInSmallerPieces() {
    fixture.pay(250, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    fixture.sandbox.mercadoPago().faults().next(2, Fault.bodyOfSize(1_500_000));

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().tally().missing()).isEqualTo(250);
  }

  @Test
  void outageInTheMiddleIsTakenUpWhereItWas() {
    fixture.pay(350, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    var pages = new AtomicInteger();
    AccountReconciler interrupted =
        fixture.reconciler(
            "one",
            () -> {
              if (pages.incrementAndGet() == 2) {
                fixture.sandbox.mercadoPago().faults().always(503);
              }
            });

    assertThat(interrupted.cycle(true)).isFalse();
    ReconciliationRun half = fixture.run();
    assertThat(half.tally().remote()).isEqualTo(193);
    fixture.sandbox.mercadoPago().faults().none();
    assertThat(fixture.reconciler().cycle(false)).isTrue();

    assertThat(fixture.run().id()).isEqualTo(half.id());
    assertThat(fixture.run().resumed()).isEqualTo(1);
    assertThat(fixture.run().tally()).isEqualTo(new Tally(350, 0, 350, 0, 0, 350));
    assertThat(reconciled()).hasSize(350);
  }

  @Test
  void deathInTheMiddleIsMadeUpForByTheNextProcessWhenTheLeaseRunsOut() {
    fixture.pay(350, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    var pages = new AtomicInteger();
    var dead = new AccountReconciler[1];
    dead[0] =
        fixture.reconciler(
            "one",
            () -> {
              if (pages.incrementAndGet() == 3) {
                // its events are stored, its progress is not
                fixture
                    .database
                    .jdbi()
                    .useHandle(
                        handle ->
                            handle.execute(
                                "UPDATE reconciliation_state SET claim_no = claim_no + 1"));
                throw new Death();
              }
            });
    assertThatThrownBy(() -> dead[0].cycle(true)).isInstanceOf(Death.class);

    assertThat(fixture.reconciler("two").cycle(true)).as("the lease still runs").isFalse();
    fixture.clock.advance(Duration.ofMinutes(2));
    assertThat(fixture.reconciler("two").cycle(false)).isTrue();

    assertThat(fixture.run().tally()).isEqualTo(new Tally(350, 0, 350, 0, 0, 350 - 96));
    assertThat(fixture.run().resumed()).isEqualTo(1);
    assertThat(reconciled()).hasSize(350);
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void processThatWasGivenUpForDeadChangesNothingWhenItComesBack() {
    fixture.pay(350, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    var pages = new AtomicInteger();
    AccountReconciler frozen =
        fixture.reconciler(
            "one",
            () -> {
              if (pages.incrementAndGet() == 2) {
                fixture.clock.advance(Duration.ofMinutes(2));
                assertThat(fixture.reconciler("two").cycle(false)).isTrue();
              }
            });

    assertThatThrownBy(() -> frozen.cycle(true))
        .isInstanceOf(ReconciliationStore.LeaseLostException.class);

    assertThat(fixture.run().worker()).isEqualTo("two");
    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().tally().remote()).isEqualTo(350);
  }

  @Test
  void nothingIsComparedWhileAnotherInstanceHoldsTheLease() {
    AccountReconciler one = fixture.reconciler();
    one.cycle(true);
    assertThat(fixture.store.takeLease(Place.MAIN_ACCOUNT, "somebody", Duration.ofMinutes(1)))
        .isPresent();
    assertThat(one.cycle(true)).as("another compares").isFalse();
    assertThat(fixture.reader.page(Scope.everything(), null, 10)).hasSize(1);
  }

  @Test
  void windowThatWasAskedForNeverMovesTheWatermark() {
    fixture.reconciler().cycle(true);
    Instant watermark = fixture.reader.state(Scope.everything()).orElseThrow().watermark();
    fixture.pay(now.minus(Duration.ofHours(1)));
    AccountReconciler reconciler = fixture.reconciler();

    var asked = reconciler.request(now.minus(Duration.ofHours(2)), now, false, "ana");
    reconciler.cycle(false);

    assertThat(asked.end()).isCompleted();
    assertThat(asked.end().join().tally().missing()).isEqualTo(1);
    assertThat(asked.end().join().requestedBy()).isEqualTo("ana");
    assertThat(fixture.reader.state(Scope.everything()).orElseThrow().watermark())
        .isEqualTo(watermark);
  }

  /** As versions before flagged each of two cards that pay one checkout together. */
  @Test
  void paymentsThatWereJudgedAloneAreLookedUpWheneverTheyChanged() {
    fixture.checkout("a1");
    String first = fixture.payPart("a1", "6", now.minus(Duration.ofDays(300)));
    String second = fixture.payPart("a1", "4", now.minus(Duration.ofDays(300)));
    String tooMuch = fixture.payPart("a1", "11", now.minus(Duration.ofDays(300)));
    List.of(first, second, tooMuch).forEach(fixture::apply);
    fixture
        .database
        .jdbi()
        .useHandle(handle -> handle.execute("UPDATE payments SET flag = 'amount_mismatch'"));

    fixture.reconciler().request(now.minusSeconds(60), now, true, "ana");
    fixture.reconciler().cycle(false);
    assertThat(queued()).as("a dry run").isEmpty();
    fixture.reconciler().cycle(true);
    fixture.reconciler().cycle(true);

    assertThat(queued()).containsExactlyInAnyOrder(first, second);
  }

  private List<String> queued() {
    return fixture
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT resource_id FROM webhook_events WHERE origin <> 'effect'")
                    .mapTo(String.class)
                    .list());
  }

  @Test
  void dryRunOnlyCounts() {
    fixture.pay(now.minus(Duration.ofHours(1)));
    AccountReconciler reconciler = fixture.reconciler();

    reconciler.request(null, null, true, "ana");
    reconciler.cycle(false);

    assertThat(fixture.run().tally()).isEqualTo(new Tally(1, 0, 1, 0, 0, 0));
    assertThat(reconciled()).isEmpty();
    assertThat(fixture.reader.unhealed(Scope.everything())).isZero();
  }

  @Test
  void windowThatWasAskedForAndCannotBeComparedStandsInNobodysWay() {
    fixture.sandbox.mercadoPago().faults().next(1, Fault.garbage(GarbageKind.HTML));
    AccountReconciler reconciler = fixture.reconciler();
    reconciler.request(now.minusSeconds(60), now, false, "ana");

    assertThat(reconciler.cycle(true)).isTrue();

    assertThat(fixture.reader.page(Scope.everything(), null, 10))
        .extracting(ReconciliationRun::status)
        .containsExactly(Status.DONE, Status.FAILED);
  }

  /** Whatever it is that cannot be compared: nonsense, or a search that fails there alone. */
  @Test
  void windowThatCannotBeComparedIsSetAsideAndTheNextOnesGoOn() {
    for (SearchFlaw flaw : SearchFlaw.values()) {
      Instant begin = fixture.clock.instant();
      String poison = fixture.pay(begin.minus(Duration.ofMinutes(30)));
      fixture.pay(begin.minus(Duration.ofMinutes(20)));
      fixture.show(poison, flaw);
      for (int i = 1; i < AccountReconciler.MOST_FAILURES; i++) {
        assertThat(fixture.reconciler().cycle(true)).as("%s, try %d", flaw, i).isFalse();
        assertThat(fixture.run().status()).isEqualTo(Status.WAITING);
      }

      assertThat(fixture.reconciler().cycle(true)).as(flaw.name()).isTrue();

      List<ReconciliationRun> runs = fixture.reader.page(Scope.everything(), null, 2);
      assertThat(runs.get(0).status()).as("the next window").isEqualTo(Status.DONE);
      ReconciliationRun stopped = runs.get(1);
      assertThat(stopped.status()).isEqualTo(Status.SET_ASIDE);
      assertThat(stopped.error()).isNotBlank();
      assertThat(stopped.gapFrom()).isEqualTo(stopped.reached());
      assertThat(stopped.gapTo()).isEqualTo(stopped.createdAt().truncatedTo(ChronoUnit.MILLIS));
      assertThat(runs.get(0).from()).isEqualTo(stopped.gapTo());
      fixture.clock.advance(Duration.ofMinutes(10));
      String later = fixture.pay(fixture.clock.instant().minusSeconds(5));
      assertThat(fixture.reconciler().cycle(true)).isTrue();
      assertThat(reconciled()).contains(later).doesNotContain(poison);
      assertThat(gaps()).as("it does not go away by itself").hasSize(1);
      assertThat(fixture.store.purge(Duration.ZERO)).isNotNegative();
      assertThat(gaps()).as("it is not purged").hasSize(1);

      fixture.sandbox.mercadoPago().showInSearch(payment -> payment);
      AccountReconciler reconciler = fixture.reconciler();
      reconciler.request(stopped.gapFrom(), stopped.gapTo(), true, "ana");
      reconciler.cycle(false);
      assertThat(gaps()).as("a dry run heals nothing").hasSize(1);
      reconciler.request(stopped.gapFrom(), stopped.gapTo(), false, "ana");
      reconciler.cycle(false);

      assertThat(gaps()).isEmpty();
      assertThat(reconciled()).contains(poison);
      fixture.clock.advance(Duration.ofHours(6));
    }
  }

  @Test
  void windowThatWasSetAsideIsTriedAgainAfterAnHour() {
    String poison = fixture.pay(now.minus(Duration.ofMinutes(30)));
    fixture.show(poison, SearchFlaw.DISORDER);
    fixture.pay(now.minus(Duration.ofMinutes(20)));
    for (int i = 0; i < AccountReconciler.MOST_FAILURES; i++) {
      fixture.reconciler().cycle(true);
    }
    fixture.clock.advance(AccountReconciler.LEFT_ALONE.plusMinutes(1));

    assertThat(fixture.reconciler().cycle(true)).as("one try, and no more").isTrue();
    assertThat(gaps()).hasSize(1);
    fixture.sandbox.mercadoPago().showInSearch(payment -> payment);
    assertThat(fixture.reconciler().cycle(true)).isTrue();
    assertThat(reconciled()).as("left alone").doesNotContain(poison);
    fixture.clock.advance(AccountReconciler.LEFT_ALONE.plusMinutes(1));
    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(gaps()).isEmpty();
    assertThat(reconciled()).contains(poison);
  }

  @Test
  void gapIsShortenedByWhatIsComparedOfIt() {
    fixture.show(fixture.pay(now.minus(Duration.ofMinutes(30))), SearchFlaw.DISORDER);
    fixture.pay(now.minus(Duration.ofMinutes(20)));
    for (int i = 0; i < AccountReconciler.MOST_FAILURES; i++) {
      fixture.reconciler().cycle(true);
    }
    fixture.sandbox.mercadoPago().showInSearch(payment -> payment);
    Instant from = Objects.requireNonNull(gaps().get(0).gapFrom());
    Instant to = Objects.requireNonNull(gaps().get(0).gapTo());
    AccountReconciler reconciler = fixture.reconciler();

    reconciler.request(from, from.plusSeconds(60), false, "ana");
    reconciler.request(to.minusSeconds(60), to, false, "ana");
    reconciler.request(from.plusSeconds(90), to.minusSeconds(90), false, "ana");
    reconciler.cycle(false);

    assertThat(gaps().get(0).gapFrom()).isEqualTo(from.plusSeconds(60));
    assertThat(gaps().get(0).gapTo()).isEqualTo(to.minusSeconds(60));
    reconciler.request(from.plusSeconds(60), to.minusSeconds(60), false, "ana");
    reconciler.cycle(false);
    assertThat(gaps()).isEmpty();
  }

  /** As where a page of it takes all memory. */
  @Test
  void windowThatEndsEachProcessIsSetAsideToo() {
    for (int i = 0; i < AccountReconciler.MOST_TAKE_UPS; i++) {
      fixture.pay(now.minusSeconds(1_800 + i));
      AccountReconciler dying =
          fixture.reconciler(
              "process-" + i,
              () -> {
                throw new Death();
              });
      assertThatThrownBy(() -> dying.cycle(true)).isInstanceOf(Death.class);
    }

    assertThat(fixture.reconciler("survivor").cycle(true)).isTrue();

    assertThat(gaps()).hasSize(1);
    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
  }

  @Test
  void failureOfOurOwnSetsTheWindowAsideAfterSomeTries() {
    AccountReconciler broken =
        fixture.reconciler(
            "one",
            () -> {
              throw new IllegalStateException("a bug");
            });
    for (int i = 0; i < AccountReconciler.MOST_FAILURES; i++) {
      fixture.pay(now.minusSeconds(1_800 + i));
      assertThatThrownBy(() -> broken.cycle(true)).isInstanceOf(IllegalStateException.class);
    }

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(gaps()).hasSize(1);
    assertThat(gaps().get(0).error()).contains("IllegalStateException").doesNotContain("a bug");
    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
  }

  @Test
  void outageSetsNothingAsideHoweverLongItLasts() {
    fixture.pay(now.minus(Duration.ofMinutes(30)));
    for (Fault fault : List.of(Fault.status(503), Fault.status(401), Fault.drop())) {
      fixture.sandbox.mercadoPago().faults().always(fault);
      for (int i = 0; i < 3 * AccountReconciler.MOST_TAKE_UPS; i++) {
        assertThat(fixture.reconciler().cycle(true)).isFalse();
      }
    }
    fixture.sandbox.mercadoPago().faults().none();

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(gaps()).isEmpty();
    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(reconciled()).hasSize(1);
  }

  @Test
  void windowThatWasAskedForIsGivenUpThoughTheSearchFailsThereAlone() {
    fixture.show(fixture.pay(now.minus(Duration.ofMinutes(30))), SearchFlaw.FAILURE);
    AccountReconciler reconciler = fixture.reconciler();
    reconciler.request(now.minus(Duration.ofHours(1)), now, false, "ana");
    for (int i = 1; i < AccountReconciler.MOST_FAILURES; i++) {
      assertThat(reconciler.cycle(false)).isFalse();
      // so that its breaker lets a call through
      fixture.clock.advance(Duration.ofMinutes(1));
    }

    assertThat(reconciler.cycle(false)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.FAILED);
    assertThat(gaps()).as("none was scheduled").isEmpty();
  }

  private List<ReconciliationRun> gaps() {
    return fixture.reader.gaps(Scope.everything());
  }

  @Test
  void windowInWhichThereCanBeNothingIsRefused() {
    AccountReconciler reconciler = fixture.reconciler();

    assertThatThrownBy(() -> reconciler.request(now.plusSeconds(60), null, false, "ana"))
        .isInstanceOf(ReconciliationWindow.InvalidException.class)
        .hasMessageContaining("future");
    assertThatThrownBy(() -> reconciler.request(now, now.minusSeconds(1), false, "ana"))
        .isInstanceOf(ReconciliationWindow.InvalidException.class)
        .hasMessageContaining("after");
    assertThatThrownBy(
            () -> reconciler.request(now.minus(Duration.ofDays(400)), null, false, "ana"))
        .isInstanceOf(ReconciliationWindow.InvalidException.class)
        .hasMessageContaining("364 days");
    assertThat(fixture.reader.page(Scope.everything(), null, 10)).isEmpty();
  }

  @Test
  void runsArePagedNewestFirst() {
    for (int i = 0; i < 3; i++) {
      fixture.reconciler().cycle(true);
    }
    List<ReconciliationRun> newest = fixture.reader.page(Scope.everything(), null, 2);
    List<ReconciliationRun> rest = fixture.reader.page(Scope.everything(), newest.get(1).id(), 2);

    assertThat(newest).hasSize(2).isSortedAccordingTo((a, b) -> Long.compare(b.id(), a.id()));
    assertThat(rest).hasSize(1);
  }

  /** The payments for which reconciliation made an event. */
  private List<String> reconciled() {
    List<String> ids = new ArrayList<>();
    List<WebhookEvent> all =
        fixture.eventReader.page(Scope.everything(), EventFilter.ALL, null, 5_000);
    for (WebhookEvent event : all) {
      if (event.origin() == EventOrigin.RECONCILIATION) {
        assertThat(event.status()).isEqualTo(EventStatus.PENDING);
        assertThat(event.eventType()).isEqualTo("payment");
        ids.add(String.valueOf(event.resourceId()));
      }
    }
    return ids;
  }
}
