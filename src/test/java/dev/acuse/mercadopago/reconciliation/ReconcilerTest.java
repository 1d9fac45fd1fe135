package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    String beingTagged = fixture.pay(now.minusSeconds(10), Map.of("contact_id", "c2"));
    fixture.apply(beingTagged);
    fixture.events.append(Events.of("live", beingTagged));
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
    long id = fixture.apply(one);
    assertThat(fixture.store.markHealed(fixture.paymentReader))
        .as("its tag is not on yet")
        .isZero();
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE crm_tags SET applied_at = created_at WHERE payment_id = ?", id));

    assertThat(fixture.store.markHealed(fixture.paymentReader)).isEqualTo(1);
    assertThat(fixture.reader.unhealed(Scope.everything())).isZero();
    assertThat(fixture.run().healed()).isEqualTo(2);
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
    Instant before = fixture.store.state(Duration.ofDays(3)).watermark();
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
    Reconciler interrupted =
        fixture.reconciler(
            "one",
            () -> {
              if (pages.incrementAndGet() == 2) {
                fixture.sandbox.mercadoPago().faults().always(503);
              }
            });

    assertThat(interrupted.cycle(true)).isFalse();
    ReconciliationRun half = fixture.run();
    assertThat(half.tally().remote()).isEqualTo(198);
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
    var dead = new Reconciler[1];
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

    assertThat(fixture.run().tally()).isEqualTo(new Tally(350, 0, 350, 0, 0, 350 - 99));
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
    Reconciler frozen =
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
    Reconciler one = fixture.reconciler();
    one.cycle(true);
    assertThat(fixture.store.takeLease("somebody", Duration.ofMinutes(1))).isPresent();
    assertThat(one.cycle(true)).as("another compares").isFalse();
    assertThat(fixture.reader.page(Scope.everything(), null, 10)).hasSize(1);
  }

  @Test
  void windowThatWasAskedForNeverMovesTheWatermark() {
    fixture.reconciler().cycle(true);
    Instant watermark = fixture.reader.state(Scope.everything()).orElseThrow().watermark();
    fixture.pay(now.minus(Duration.ofHours(1)));
    Reconciler reconciler = fixture.reconciler();

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
                    .createQuery("SELECT resource_id FROM webhook_events")
                    .mapTo(String.class)
                    .list());
  }

  @Test
  void dryRunOnlyCounts() {
    fixture.pay(now.minus(Duration.ofHours(1)));
    Reconciler reconciler = fixture.reconciler();

    reconciler.request(null, null, true, "ana");
    reconciler.cycle(false);

    assertThat(fixture.run().tally()).isEqualTo(new Tally(1, 0, 1, 0, 0, 0));
    assertThat(reconciled()).isEmpty();
    assertThat(fixture.reader.unhealed(Scope.everything())).isZero();
  }

  @Test
  void windowThatWasAskedForAndCannotBeComparedStandsInNobodysWay() {
    fixture.sandbox.mercadoPago().faults().next(1, Fault.garbage(GarbageKind.HTML));
    Reconciler reconciler = fixture.reconciler();
    reconciler.request(now.minusSeconds(60), now, false, "ana");

    assertThat(reconciler.cycle(true)).isTrue();

    assertThat(fixture.reader.page(Scope.everything(), null, 10))
        .extracting(ReconciliationRun::status)
        .containsExactly(Status.DONE, Status.FAILED);
  }

  @Test
  void windowInWhichThereCanBeNothingIsRefused() {
    Reconciler reconciler = fixture.reconciler();

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
