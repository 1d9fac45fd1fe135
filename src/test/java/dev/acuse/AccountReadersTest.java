package dev.acuse;

import static dev.acuse.support.TwoAccounts.A;
import static dev.acuse.support.TwoAccounts.B;
import static dev.acuse.support.TwoAccounts.PAYMENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.dispute.Dispute;
import dev.acuse.dispute.DisputeFilter;
import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeState;
import dev.acuse.effect.CrmLanes;
import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectOperations;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Effects;
import dev.acuse.effect.Subject;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.Outbox;
import dev.acuse.order.Order;
import dev.acuse.order.OrderFilter;
import dev.acuse.order.OrderReader;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentIds;
import dev.acuse.payment.PaymentIds.MpPayment;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TwoAccounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each reader and each deed of an operator, called for one of two accounts that have the same ids,
 * references and contacts: it shows and changes that account's, and everything shows both.
 */
@ParameterizedClass
@EnumSource
class AccountReadersTest {
  private static final Scope OF_A = Scope.of(A);
  private static final Scope OF_B = Scope.of(B);
  private static final Scope OF_BOTH = Scope.of(Set.of(A, B));
  private static final Scope OF_NONE = Scope.of(Set.of());
  private static final Scope ALL = Scope.everything();
  private static final OperatorRequest ANA = new OperatorRequest("ana", "retry", null);

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventReader events;
  private final EventOperations operations;
  private final EffectReader effects;
  private final PaymentReader payments;
  private final DisputeReader disputes;
  private final AuditTrail audit;
  private TwoAccounts two;

  @SuppressWarnings("NullAway.Init")
  AccountReadersTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.events = new EventReader(database.jdbi(), clock, TwoAccounts.known());
    this.operations = Desks.of(database.jdbi(), clock, 4, TwoAccounts.known());
    this.effects = new EffectReader(database.jdbi(), TwoAccounts.known());
    this.payments = new PaymentReader(database.jdbi(), TwoAccounts.known());
    this.disputes = new DisputeReader(database.jdbi());
    this.audit = new AuditTrail(database.jdbi(), clock);
  }

  @BeforeEach
  void fill() {
    two = TwoAccounts.in(database.jdbi(), clock.instant());
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Each filter that the API and the console can ask for, alone and with a status. */
  private static Stream<EventFilter> filters() {
    EventFilter all = EventFilter.ALL;
    List<EventFilter> some =
        List.of(
            all,
            all.withType("payment"),
            all.withType("plan"),
            all.withOrigin(EventOrigin.WEBHOOK),
            all.withOrigin(EventOrigin.EFFECT),
            all.withOrigin(EventOrigin.MANUAL),
            all.withMpPaymentId(PAYMENT),
            all.withPreferenceId("pref-1"),
            all.receivedBetween(Instant.EPOCH, Instant.parse("2999-01-01T00:00:00Z")),
            all.matching(new EventFilter.Search("mp:payment:138400000001", List.of())),
            all.matching(new EventFilter.Search(PAYMENT, List.of())),
            all.matching(new EventFilter.Search("pref-1", List.of())));
    List<EventFilter> filters = new ArrayList<>(some);
    for (EventStatus status : EventStatus.KNOWN) {
      some.forEach(filter -> filters.add(filter.withStatus(status)));
    }
    return filters.stream();
  }

  @Test
  void disputesAreThoseOfTheirAccountsHoweverTheyAreAskedFor() {
    long ofA = two.id(A, "dispute");
    long ofB = two.id(B, "dispute");
    Instant before = clock.instant().minusSeconds(1);
    Instant after = clock.instant().plusSeconds(1);
    for (DisputeFilter filter :
        List.of(
            DisputeFilter.ALL,
            new DisputeFilter(DisputeKind.CHARGEBACK, null, null, null, null, null),
            new DisputeFilter(null, DisputeState.OPEN, true, null, null, after),
            DisputeFilter.ALL.withMpPaymentId(PAYMENT),
            DisputeFilter.ALL.withMpId("217000060000000001"))) {
      assertThat(idsOf(disputes.page(OF_A, filter, null, 10))).as("%s", filter).containsOnly(ofA);
      assertThat(idsOf(disputes.page(OF_B, filter, null, 10))).as("%s", filter).containsOnly(ofB);
      assertThat(idsOf(disputes.page(ALL, filter, null, 10))).containsExactly(ofB, ofA);
      assertThat(idsOf(disputes.page(OF_BOTH, filter, null, 10))).containsExactly(ofB, ofA);
      assertThat(disputes.page(OF_NONE, filter, null, 10)).isEmpty();
    }
    assertThat(idsOf(disputes.open(OF_B, 10))).containsExactly(ofB);
    assertThat(disputes.open(OF_NONE, 10)).isEmpty();
    assertThat(idsOf(disputes.openWithDeadline(OF_B, before, after, 10))).containsExactly(ofB);
    assertThat(idsOf(disputes.openWithDeadline(ALL, before, after, 10))).containsExactly(ofA, ofB);
    assertThat(disputes.countOpen(OF_B)).isEqualTo(Map.of(B, 1L));
    assertThat(disputes.countOpen(ALL)).isEqualTo(Map.of(A, 1L, B, 1L));
    assertThat(disputes.find(OF_A, ofB)).isEmpty();
    assertThat(disputes.find(OF_B, ofB).orElseThrow().details().reason()).isEqualTo("canary-b");
  }

  @Test
  void ordersAreThoseOfTheirAccountsHoweverTheyAreAskedFor() {
    long ofA = two.id(A, "order");
    long ofB = two.id(B, "order");
    var orders = new OrderReader(database.jdbi());
    for (OrderFilter filter :
        List.of(
            OrderFilter.ALL,
            new OrderFilter("processed", null, null, null),
            new OrderFilter(null, TwoAccounts.REFERENCE, null, null),
            new OrderFilter(null, null, TwoAccounts.ORDER, null),
            new OrderFilter(null, null, null, PAYMENT))) {
      assertThat(orders.page(OF_A, filter, null, 9)).extracting(Order::id).containsExactly(ofA);
      assertThat(orders.page(OF_B, filter, null, 9)).extracting(Order::id).containsExactly(ofB);
      for (Scope both : List.of(ALL, OF_BOTH)) {
        assertThat(orders.page(both, filter, null, 9))
            .extracting(Order::id)
            .containsExactly(ofB, ofA);
      }
      assertThat(orders.page(OF_NONE, filter, null, 9)).isEmpty();
    }
    assertThat(orders.page(ALL, new OrderFilter(null, null, null, "9"), null, 9)).isEmpty();
    assertThat(orders.find(OF_A, ofB)).isEmpty();
    assertThat(orders.find(OF_B, ofB)).isPresent();
    assertThat(orders.paymentIds(OF_A, ofB)).isEmpty();
    assertThat(orders.paymentIds(OF_B, ofB)).containsExactly(PAYMENT);
    assertThat(orders.ofPayment(OF_A, PAYMENT)).extracting(Order::id).containsExactly(ofA);
    assertThat(orders.ofPayment(ALL, PAYMENT)).hasSize(2);
  }

  @Test
  void ourIdOfAPaymentIsThatOfTheAccountThatNamesIt() {
    var ids = new PaymentIds(database.jdbi());
    var namedByA = new MpPayment(A, PAYMENT);
    var namedByB = new MpPayment(B, PAYMENT);
    List<MpPayment> named = List.of(namedByA, namedByB, namedByA, new MpPayment(A, "9"));

    Map<MpPayment, Long> both =
        Map.of(namedByA, two.id(A, "payment"), namedByB, two.id(B, "payment"));
    assertThat(ids.of(ALL, named)).isEqualTo(both);
    assertThat(ids.of(OF_BOTH, named)).isEqualTo(both);
    assertThat(ids.of(OF_A, named)).isEqualTo(Map.of(namedByA, two.id(A, "payment")));
    assertThat(ids.of(OF_NONE, named)).isEmpty();
    assertThat(ids.of(ALL, List.of())).isEmpty();
  }

  private static List<Long> idsOf(List<Dispute> some) {
    return some.stream().map(Dispute::id).toList();
  }

  @Test
  void aListOfEventsIsThatOfItsAccountsHoweverItIsNarrowed() {
    filters()
        .forEach(
            filter -> {
              List<WebhookEvent> everything = events.page(ALL, filter, null, 100);
              for (Scope scope : List.of(OF_A, OF_B, OF_BOTH, OF_NONE)) {
                List<WebhookEvent> seen =
                    everything.stream().filter(event -> scope.sees(event.accountId())).toList();
                assertThat(events.page(scope, filter, null, 100))
                    .as("%s of %s", filter, scope)
                    .isEqualTo(seen);
                assertThat(operations.count(scope, filter))
                    .as("%s of %s", filter, scope)
                    .isEqualTo(seen.size());
                assertThat(pages(scope, filter)).as("%s of %s", filter, scope).isEqualTo(seen);
              }
              assertThat(operations.count(ALL, filter)).isEqualTo(everything.size());
            });
    assertThat(events.page(ALL, EventFilter.ALL, null, 100)).hasSize(10);
    assertThat(events.page(OF_B, EventFilter.ALL, null, 100))
        .hasSize(5)
        .allMatch(event -> event.accountId() == B);
  }

  private List<WebhookEvent> pages(Scope scope, EventFilter filter) {
    List<WebhookEvent> all = new ArrayList<>();
    Long before = null;
    List<WebhookEvent> page;
    do {
      page = events.page(scope, filter, before, 2);
      all.addAll(page);
      before = page.isEmpty() ? null : page.get(page.size() - 1).id();
    } while (!page.isEmpty());
    return all;
  }

  @Test
  void aGuessedIdOfAnotherAccountIsNone() {
    for (String status : List.of("success", "failed", "quarantined", "pending")) {
      long id = two.id(B, status);
      assertThat(events.find(OF_A, id)).isEmpty();
      assertThat(events.request(OF_A, id)).isEmpty();
      assertThat(events.payload(OF_A, id)).isEmpty();
      assertThat(events.attempts(OF_A, id)).isEmpty();
      for (Scope scope : List.of(OF_B, OF_BOTH, ALL)) {
        assertThat(events.find(scope, id)).isPresent();
        assertThat(events.request(scope, id)).isPresent();
        assertThat(events.payload(scope, id)).isPresent();
        assertThat(events.attempts(scope, id)).hasSize(1);
      }
    }
    assertThat(payments.payment(OF_A, two.id(B, "payment"))).isEmpty();
    assertThat(payments.tags(OF_A, two.id(B, "payment"))).isEmpty();
    assertThat(payments.tags(OF_B, two.id(B, "payment"))).hasSize(2);
    assertThat(payments.checkout(OF_A, two.id(B, "checkout"))).isEmpty();
    assertThat(payments.paymentsOf(OF_A, two.id(B, "checkout"), 9)).isEmpty();
    assertThat(payments.paymentsOf(OF_B, two.id(B, "checkout"), 9)).hasSize(1);
    assertThat(effects.find(OF_A, two.id(B, "effect-failed"))).isEmpty();
    assertThat(effects.find(OF_B, two.id(B, "effect-failed"))).isPresent();
  }

  @Test
  void aKeyThatBothHaveFindsTheAccountsOwn() {
    String key = "mp:payment:138400000001:failed";
    assertThat(events.findByWebhookId(OF_A, key)).get().matches(event -> event.accountId() == A);
    assertThat(events.findByWebhookId(OF_B, key)).get().matches(event -> event.accountId() == B);
    assertThat(events.findByWebhookId(ALL, key)).get().matches(event -> event.accountId() == B);
    assertThat(payments.paymentByMpId(OF_A, PAYMENT).map(Payment::id))
        .hasValue(two.id(A, "payment"));
    assertThat(payments.paymentByMpId(OF_B, PAYMENT).map(Payment::id))
        .hasValue(two.id(B, "payment"));
    assertThat(payments.checkoutByReference(OF_A, "order-1").map(Checkout::id))
        .hasValue(two.id(A, "checkout"));
    assertThat(payments.checkoutByReference(OF_B, "order-1").map(Checkout::id))
        .hasValue(two.id(B, "checkout"));
    assertThat(payments.paymentByMpId(OF_NONE, PAYMENT)).isEmpty();
  }

  @Test
  void paymentsAndCheckoutsAreThoseOfTheAccountHoweverTheyAreFound() {
    for (PaymentFilter filter :
        List.of(
            PaymentFilter.ALL,
            new PaymentFilter("approved", null, null, null, null),
            new PaymentFilter(null, "order-1", null, null, null),
            new PaymentFilter(null, null, PAYMENT, null, null),
            new PaymentFilter(null, null, null, true, null),
            new PaymentFilter(null, null, null, null, true))) {
      List<Payment> all = payments.payments(ALL, filter, null, 100);
      Map<Long, Long> owners = payments.accountsOf(ALL, all.stream().map(Payment::id).toList());
      assertThat(owners.values()).contains(A, B);
      for (Scope scope : List.of(OF_A, OF_B, OF_BOTH, OF_NONE)) {
        assertThat(payments.payments(scope, filter, null, 100))
            .as("%s of %s", filter, scope)
            .isEqualTo(
                all.stream()
                    .filter(payment -> scope.sees(owners.getOrDefault(payment.id(), -1L)))
                    .toList());
      }
    }
    for (String reference : new String[] {null, "order-1"}) {
      assertThat(payments.checkouts(ALL, reference, null, 9)).hasSize(2);
      assertThat(payments.checkouts(OF_A, reference, null, 9))
          .extracting(Checkout::title)
          .containsExactly("canary-a");
      assertThat(payments.checkouts(OF_NONE, reference, null, 9)).isEmpty();
    }
    for (String text : List.of("order-1", TwoAccounts.EMAIL)) {
      assertThat(payments.paymentIdsFor(OF_A, text))
          .containsExactlyInAnyOrder(two.id(A, "payment"), two.id(A, "flagged"));
      assertThat(payments.paymentIdsFor(ALL, text)).hasSize(4);
    }
    Instant now = clock.instant();
    assertThat(payments.paymentIdsChanged(OF_A, now, now.plusSeconds(1)))
        .containsExactlyInAnyOrder(two.id(A, "payment"), two.id(A, "flagged"));
    assertThat(payments.countMisfits(OF_A)).isEqualTo(1);
    assertThat(payments.countMisfits(ALL)).isEqualTo(2);
    assertThat(payments.misfitsByAccount(ALL)).isEqualTo(Map.of(A, 1L, B, 1L));
    assertThat(payments.checkoutsOf(OF_A, List.of(two.id(A, "payment"), two.id(B, "payment"))))
        .isEqualTo(Map.of(two.id(A, "payment"), two.id(A, "checkout")));
    assertThat(payments.accountsOf(OF_A, List.of(two.id(A, "payment"), two.id(B, "payment"))))
        .isEqualTo(Map.of(two.id(A, "payment"), A));
    assertThat(payments.accountsOfCheckouts(ALL, List.of(two.id(B, "checkout"))))
        .isEqualTo(Map.of(two.id(B, "checkout"), B));
    assertThat(payments.withFailedTags(OF_A, List.of(PAYMENT))).containsExactly(PAYMENT);
    assertThat(payments.withoutOpenTags(OF_B, List.of(PAYMENT, "138400000002")))
        .containsOnlyKeys("138400000002");
  }

  @Test
  void effectsAreThoseOfTheAccountHoweverTheyAreFound() {
    for (EffectFilter filter :
        List.of(
            EffectFilter.ALL,
            EffectFilter.ALL.withKind(EffectKind.TAG),
            EffectFilter.ALL.withKind(EffectKind.FIND_CONTACT),
            EffectFilter.ALL.withState(EffectState.FAILED),
            EffectFilter.ALL.withState(EffectState.DONE).withKind(EffectKind.TAG),
            EffectFilter.ALL.wantedBy(
                Set.of(
                    Subject.checkout(two.id(A, "checkout")),
                    Subject.checkout(two.id(B, "checkout")))))) {
      List<Long> all = ids(ALL, filter);
      for (Scope scope : List.of(OF_A, OF_B, OF_BOTH, OF_NONE)) {
        List<Long> seen =
            effects.page(ALL, filter, null, 100).stream()
                .filter(one -> scope.sees(one.effect().accountId()))
                .map(one -> one.effect().id())
                .toList();
        assertThat(ids(scope, filter)).as("%s of %s", filter, scope).isEqualTo(seen);
        assertThat(effects.count(scope, filter)).isEqualTo(seen.size());
        assertThat(effects.countWanted(scope, filter)).isEqualTo(seen.size());
        assertThat(effects.lastId(scope, filter)).isEqualTo(seen.isEmpty() ? 0 : seen.get(0));
        assertThat(effects.ids(scope, filter, 0, Long.MAX_VALUE, 100))
            .containsExactlyInAnyOrderElementsOf(seen);
      }
      assertThat(effects.count(ALL, filter)).isEqualTo(all.size());
    }
    assertThat(ids(ALL, EffectFilter.ALL)).hasSize(4);
    var subjects =
        Set.of(Subject.checkout(two.id(A, "checkout")), Subject.checkout(two.id(B, "checkout")));
    assertThat(effects.statesBySubject(OF_A, subjects))
        .containsOnlyKeys(Subject.checkout(two.id(A, "checkout")));
    assertThat(effects.statesBySubject(ALL, subjects)).hasSize(2);
    assertThat(effects.states(OF_A, List.of(two.id(A, "effect-done"), two.id(B, "effect-done"))))
        .containsOnlyKeys(two.id(A, "effect-done"));
    assertThat(effects.countByStateUpTo(OF_A, 9)).containsEntry(EffectState.FAILED, 1L);
    assertThat(effects.countByStateUpTo(ALL, 9)).containsEntry(EffectState.FAILED, 2L);
  }

  private List<Long> ids(Scope scope, EffectFilter filter) {
    return effects.page(scope, filter, null, 100).stream().map(one -> one.effect().id()).toList();
  }

  @Test
  void countsAndTimesAreThoseOfTheAccount() {
    for (EventStatus status : EventStatus.KNOWN) {
      long one = status == EventStatus.PROCESSING ? 0 : 1;
      for (Scope scope : List.of(OF_A, OF_B)) {
        assertThat(events.countByStatus(scope)).containsEntry(status, one);
        assertThat(events.countByStatusUpTo(scope, 10).all(status)).isEqualTo(one);
        assertThat(events.backlog(scope).events().all(status)).isEqualTo(one);
      }
      assertThat(events.countByStatus(ALL)).containsEntry(status, 2 * one);
      assertThat(events.countByStatusUpTo(ALL, 10).all(status)).isEqualTo(2 * one);
      assertThat(events.countByStatus(OF_NONE)).containsEntry(status, 0L);
    }
    assertThat(events.countPending(OF_A)).isEqualTo(1);
    assertThat(events.countDue(OF_A)).isEqualTo(1);
    assertThat(events.countDue(ALL)).isEqualTo(2);
    assertThat(events.backlog(OF_A).oldestDue()).containsOnlyKeys(Lane.mercadoPago(A));
    assertThat(events.oldestDue(OF_B)).containsOnlyKeys(Lane.mercadoPago(B));
    assertThat(events.backlog(ALL).oldestDue()).hasSize(2);
    assertThat(events.countByAccount(Set.of(A, B), EventStatus.FAILED, 9))
        .isEqualTo(Map.of(A, 1L, B, 1L));
    assertThat(events.deliveries().latest(OF_A)).hasSize(4);
    assertThat(events.deliveries().latest(ALL)).hasSize(8);
    assertThat(events.deliveries().last(OF_A, List.of("payment"))).containsOnlyKeys("payment");
    assertThat(events.deliveries().last(OF_NONE, List.of("payment"))).isEmpty();
    Instant from = clock.instant().minusSeconds(60);
    assertThat(events.arrivals(OF_A, from, Duration.ofHours(1))).hasSize(5);
    assertThat(events.arrivals(OF_A, from, Duration.ofHours(1)))
        .allMatch(arrivals -> arrivals.count() == 1);
    assertThat(events.openResources(OF_NONE, "mp", "payment", List.of(PAYMENT))).isEmpty();
    assertThat(events.openResources(OF_A, "mp", "payment", List.of(PAYMENT)))
        .containsExactly(PAYMENT);
    assertThat(events.firstWays(OF_A, List.of(two.id(A, "payment"))))
        .isEqualTo(Map.of("webhook", 1L));
    assertThat(events.firstWays(OF_A, List.of(two.id(B, "payment"))))
        .isEqualTo(Map.of("unknown", 1L));
  }

  @Test
  void whatHappensToAnotherAccountChangesNoVersion() {
    String before = events.version(OF_A);
    var ana = new AuditTrail.Reader(OF_A, "ana-of-a");
    String audited = audit.version(ana);

    operations.retry(OF_B, two.id(B, "failed"), new OperatorRequest("ben", "retry", null));
    assertThat(events.version(OF_A)).isEqualTo(before);
    assertThat(audit.version(ana)).isEqualTo(audited);
    assertThat(events.version(OF_B)).isNotEqualTo(before);

    clock.advance(Duration.ofSeconds(1));
    operations.retry(OF_A, two.id(A, "failed"), ANA);
    assertThat(events.version(OF_A)).isNotEqualTo(before);
    assertThat(audit.version(ana)).isNotEqualTo(audited);
  }

  @Test
  void noDeedOfOneAccountTouchesTheOther() {
    List<String> before = TwoAccounts.rowsOfB(database.jdbi());

    for (String status : List.of("failed", "pending", "success", "quarantined")) {
      long id = two.id(B, status);
      assertThat(operations.retry(OF_A, id, ANA))
          .isEqualTo(new EventOperations.Change(false, null));
      assertThat(operations.ignore(OF_A, id, ANA).event()).isNull();
      assertThat(operations.release(OF_A, id, Events.pending("x"), ANA).event()).isNull();
    }
    List<Long> guessed = List.of(two.id(A, "failed"), two.id(B, "failed"), two.id(B, "success"));
    assertThat(operations.statusesOf(OF_A, guessed)).isEqualTo(Map.of(EventStatus.FAILED, 1L));
    assertThat(operations.planRetry(OF_A, guessed, ANA).run()).isEqualTo(1);
    for (EventStatus status : EventStatus.FINISHED) {
      EventFilter filter = EventFilter.ALL.withStatus(status);
      operations.planRetry(OF_A, filter, ANA, "all").run();
    }
    var due = new DueSignal();
    var work =
        new Effects(
            new Outbox(clock, AttemptsAllowed.always(4), new SyncFailure(() -> {}), due),
            clock,
            CrmLanes.at(null));
    var desk = new EffectOperations(database.jdbi(), clock, work, TwoAccounts.known());
    assertThat(desk.retry(OF_A, two.id(B, "effect-failed"), ANA).result())
        .isEqualTo(EffectOperations.Result.UNKNOWN);
    assertThat(
            desk.planRetry(OF_A, EffectFilter.ALL.withState(EffectState.FAILED), "effects", ANA)
                .run())
        .isEqualTo(1);

    assertThat(TwoAccounts.rowsOfB(database.jdbi())).isEqualTo(before);
    assertThat(audit.page(new AuditTrail.Reader(OF_A, "ben"), null, 100))
        .hasSizeGreaterThan(3)
        .allMatch(action -> action.accountId() == A);
  }

  @Test
  void theAuditShowsWhatConcernsTheAccountAndTheReadersOwnDeeds() {
    var ben = new AuditTrail.Reader(OF_B, "ben");
    long ofAll = audit.begin(new OperatorRequest("ben", "retry-many", null), "all", 2);
    long ofAnother = audit.begin(new OperatorRequest("ana", "retry-many", null), "all", 2);

    assertThat(audit.page(ben, null, 9))
        .extracting(action -> action.id())
        .containsExactly(ofAll, two.id(B, "action"));
    assertThat(audit.find(ben, ofAll)).isPresent();
    assertThat(audit.find(ben, ofAnother)).isEmpty();
    assertThat(audit.find(ben, two.id(A, "action"))).isEmpty();
    assertThat(audit.page(null, 9)).hasSize(4);
  }
}
