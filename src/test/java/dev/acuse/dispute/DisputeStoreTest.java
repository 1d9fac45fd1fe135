package dev.acuse.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How disputes follow from their cases and their payments, on both engines. */
@ParameterizedClass
@EnumSource
class DisputeStoreTest {
  private static final long MAIN = 1;
  private static final Scope ALL = Scope.everything();
  private static final String CASE = "217000060000000001";
  private static final String PAYMENT = "138400000001";
  private static final String OTHER = "138400000002";

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final DisputeStore store;
  private final DisputeReader reader;

  DisputeStoreTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.store = new DisputeStore(database.jdbi(), clock);
    this.reader = new DisputeReader(database.jdbi());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private CaseDetails details(Instant updatedAt, @Nullable Instant deadline) {
    return new CaseDetails(
        "in_review",
        null,
        null,
        "fraud",
        new BigDecimal("1500.0000"),
        "ARS",
        deadline,
        "pending",
        "eligible",
        null,
        updatedAt,
        updatedAt);
  }

  private static PaymentSeen seen(String id, String status, @Nullable String detail) {
    return new PaymentSeen(id, status, detail, new BigDecimal("700.0000"), "ARS");
  }

  private CaseFacts read(PaymentSeen... payments) {
    return CaseFacts.read(
        DisputeKind.CHARGEBACK,
        CASE,
        details(clock.instant(), clock.instant().plus(Duration.ofDays(7))),
        null,
        List.of(payments));
  }

  private Dispute only() {
    return all().get(0);
  }

  private List<Dispute> all() {
    List<Dispute> all = reader.page(ALL, DisputeFilter.ALL, null, 10);
    assertThat(all).isNotEmpty();
    return all;
  }

  @Test
  void aCaseIsOneRowHoweverOftenItIsLookedAt() {
    store.apply(MAIN, read(seen(PAYMENT, "charged_back", "in_process")));
    clock.advance(Duration.ofMinutes(5));
    Dispute again = store.apply(MAIN, read(PaymentSeen.named(PAYMENT), PaymentSeen.named(OTHER)));

    assertThat(only()).isEqualTo(again);
    assertThat(again.mpId()).isEqualTo(CASE);
    assertThat(again.state()).isEqualTo(DisputeState.OPEN);
    assertThat(again.details().amount()).isEqualByComparingTo("1500");
    assertThat(again.details().coverage()).isEqualTo("eligible");
    assertThat(again.mpPaymentIds()).containsExactly(PAYMENT, OTHER);
    assertThat(again.nextLookAt()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    assertThat(again.createdAt()).isEqualTo(clock.instant().minus(Duration.ofMinutes(5)));
    assertThat(database.count("disputes")).isEqualTo(1);
  }

  @Test
  void anOlderAnswerChangesNoWords() {
    Instant deadline = clock.instant().plus(Duration.ofDays(3));
    Instant now = clock.instant();
    List<PaymentSeen> payments = List.of(PaymentSeen.named(PAYMENT));
    store.apply(
        MAIN,
        CaseFacts.read(
            DisputeKind.CHARGEBACK, CASE, details(now, deadline), DisputeState.WON, payments));
    store.apply(
        MAIN,
        CaseFacts.read(
            DisputeKind.CHARGEBACK, CASE, details(now.minusSeconds(60), null), null, payments));

    assertThat(only().state()).isEqualTo(DisputeState.WON);
    assertThat(only().details().deadline()).isEqualTo(deadline);
  }

  @Test
  void paymentsTellHowAChargebackEndsWhereTheCaseDoesNot() {
    store.apply(MAIN, read(PaymentSeen.named(PAYMENT)));
    store.follow(MAIN, seen(PAYMENT, "approved", "accredited"));
    assertThat(only().state()).as("the case comes before its payment").isEqualTo(DisputeState.OPEN);
    store.follow(MAIN, seen(PAYMENT, "charged_back", "in_process"));
    assertThat(only().state()).isEqualTo(DisputeState.OPEN);

    store.follow(MAIN, seen(PAYMENT, "charged_back", "settled"));

    assertThat(only().state()).isEqualTo(DisputeState.LOST);
    assertThat(only().closedAt()).isEqualTo(clock.instant());
    assertThat(only().nextLookAt()).isNull();
    store.follow(MAIN, seen(PAYMENT, "charged_back", "reimbursed"));
    assertThat(only().state()).isEqualTo(DisputeState.WON);
    store.follow(MAIN, seen(PAYMENT, "approved", "accredited"));
    assertThat(only().state()).as("it stays won").isEqualTo(DisputeState.WON);
  }

  @Test
  void ofSeveralPaymentsTheLastOneEndsIt() {
    store.apply(
        MAIN,
        read(
            seen(PAYMENT, "charged_back", "in_process"),
            seen(OTHER, "charged_back", "reimbursed")));
    assertThat(only().state()).isEqualTo(DisputeState.OPEN);

    store.follow(MAIN, seen(PAYMENT, "charged_back", "reimbursed"));

    assertThat(only().state()).isEqualTo(DisputeState.WON);
  }

  @Test
  void aClaimClosesWhenItsPaymentLeavesMediationOrItsCaseSaysSo() {
    CaseDetails opened =
        new CaseDetails(
            "opened",
            "claim",
            "mediations",
            "PNR1",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    for (String id : List.of("1", "2")) {
      store.apply(
          MAIN,
          CaseFacts.read(
              DisputeKind.CLAIM,
              id,
              opened,
              DisputeState.OPEN,
              List.of(seen(id + "0", "in_mediation", null))));
    }
    store.follow(MAIN, seen("10", "approved", "accredited"));
    store.apply(
        MAIN, CaseFacts.read(DisputeKind.CLAIM, "2", opened, DisputeState.CLOSED, List.of()));

    assertThat(all()).extracting(Dispute::state).containsOnly(DisputeState.CLOSED);
    assertThat(all()).extracting(dispute -> dispute.details().amount()).doesNotContainNull();
  }

  @Test
  void aPaymentWithoutACaseHasARowThatALaterCaseTakesOver() {
    PaymentSeen payment = seen(PAYMENT, "charged_back", "in_process");
    assertThat(store.follow(MAIN, payment)).isTrue();
    store.sought(MAIN, PAYMENT, CaseProblem.NOT_FOUND);
    Dispute alone = only();
    assertThat(alone.lacksCase()).isTrue();
    assertThat(alone.state()).isEqualTo(DisputeState.OPEN);
    assertThat(alone.problem()).isEqualTo(CaseProblem.NOT_FOUND);
    assertThat(alone.details().amount()).isEqualByComparingTo("700");
    assertThat(store.follow(MAIN, payment)).as("sought just now").isFalse();
    clock.advance(DisputeStore.SEEK_AGAIN);
    assertThat(store.follow(MAIN, payment)).isTrue();

    store.apply(MAIN, read(payment));

    assertThat(only().id()).as("the same row: it is told of once").isEqualTo(alone.id());
    assertThat(only().mpId()).isEqualTo(CASE);
    assertThat(only().problem()).isNull();
    assertThat(only().createdAt()).isEqualTo(alone.createdAt());
    assertThat(store.follow(MAIN, payment)).as("its case is known").isFalse();
    assertThat(database.count("disputes")).isEqualTo(1);
  }

  @Test
  void aPaymentInMediationHasNoCaseToBeSought() {
    assertThat(store.follow(MAIN, seen(PAYMENT, "in_mediation", null))).isFalse();
    assertThat(only().kind()).isEqualTo(DisputeKind.CLAIM);
    store.follow(MAIN, seen(PAYMENT, "charged_back", "in_process"));
    assertThat(all()).extracting(Dispute::kind).contains(DisputeKind.CHARGEBACK);
    assertThat(all())
        .filteredOn(dispute -> dispute.kind() == DisputeKind.CLAIM)
        .extracting(Dispute::state)
        .containsExactly(DisputeState.CLOSED);
  }

  @Test
  void whatCannotBeReadIsLookedAtEachTimeLessSoonAndGivenUpInTheEnd() {
    Instant begin = clock.instant();
    store.apply(
        MAIN,
        CaseFacts.unread(
            DisputeKind.CLAIM, "7", CaseProblem.FORBIDDEN, List.of(PaymentSeen.named(PAYMENT))));
    assertThat(only().state()).isEqualTo(DisputeState.UNKNOWN);
    assertThat(only().nextLookAt()).isEqualTo(begin.plus(Duration.ofHours(1)));
    int looks = 0;
    Instant last = begin;
    while (only().nextLookAt() != null) {
      Instant due = Objects.requireNonNull(only().nextLookAt());
      assertThat(Duration.between(last, due)).isLessThanOrEqualTo(Duration.ofDays(7));
      last = due;
      clock.set(due);
      for (DisputeStore.Due one : store.due(MAIN, 10)) {
        looks++;
        store.askedFor(MAIN, one);
        store.apply(
            MAIN, CaseFacts.unread(DisputeKind.CLAIM, "7", CaseProblem.FORBIDDEN, List.of()));
      }
    }

    assertThat(looks).isBetween(30, 40);
    assertThat(Duration.between(begin, clock.instant())).isGreaterThan(Duration.ofDays(179));
    assertThat(only().closedAt()).isEqualTo(clock.instant());
    assertThat(only().state()).isEqualTo(DisputeState.UNKNOWN);
    assertThat(only().problem()).isEqualTo(CaseProblem.FORBIDDEN);
    assertThat(store.due(MAIN, 10)).isEmpty();
    store.follow(MAIN, seen(PAYMENT, "approved", "accredited"));
    assertThat(only().closedAt()).as("it stays given up").isNotNull();
  }

  @Test
  void aLookThatIsDueIsAskedForOnceAndNoneIsEndless() {
    store.apply(MAIN, read(seen(PAYMENT, "charged_back", "in_process")));
    assertThat(store.due(MAIN, 10)).isEmpty();
    clock.advance(Duration.ofDays(1));
    List<DisputeStore.Due> due = store.due(MAIN, 10);
    assertThat(due).hasSize(1);
    assertThat(due.get(0).mpId()).isEqualTo(CASE);
    assertThat(due.get(0).mpPaymentIds()).containsExactly(PAYMENT);

    store.askedFor(MAIN, due.get(0));
    store.askedFor(MAIN, due.get(0));

    assertThat(store.due(MAIN, 10)).isEmpty();
    assertThat(only().nextLookAt()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    clock.advance(Duration.ofDays(400));
    assertThat(store.due(MAIN, 10)).isEmpty();
    assertThat(only().nextLookAt()).isNull();
  }

  @Test
  void aFraudAlertIsOpenUntilItsPaymentIsGivenBackOrForFourteenDays() {
    for (String id : List.of(PAYMENT, OTHER)) {
      store.apply(MAIN, CaseFacts.fraudAlert(seen(id, "approved", "accredited"), null));
    }
    assertThat(all()).extracting(Dispute::state).containsOnly(DisputeState.OPEN);
    store.follow(MAIN, seen(PAYMENT, "refunded", "refunded"));
    clock.advance(Duration.ofDays(1));
    assertThat(store.due(MAIN, 10))
        .extracting(DisputeStore.Due::mpPaymentIds)
        .containsExactly(List.of(OTHER));
    clock.advance(Duration.ofDays(13));

    assertThat(store.due(MAIN, 10)).isEmpty();
    assertThat(all()).extracting(Dispute::state).containsOnly(DisputeState.CLOSED);
    store.follow(MAIN, seen(OTHER, "approved", "accredited"));
    assertThat(all()).extracting(Dispute::closedAt).doesNotContainNull();
  }

  @Test
  void aRowThatIsAnothersIsForgotten() {
    store.apply(MAIN, CaseFacts.fraudAlert(PaymentSeen.named(PAYMENT), null));
    store.forget(MAIN, DisputeKind.FRAUD_ALERT, PAYMENT);
    store.forget(MAIN, DisputeKind.FRAUD_ALERT, PAYMENT);

    assertThat(database.count("disputes")).isZero();
    assertThat(database.count("dispute_payments")).isZero();
  }

  @Test
  void theSameCaseAndPaymentAtTheSameTimeAreOneRow() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      PaymentSeen payment = seen(PAYMENT, "charged_back", "in_process");
      List<Callable<Object>> calls =
          IntStream.range(0, 16)
              .mapToObj(
                  number ->
                      (Callable<Object>)
                          () ->
                              number % 2 == 0
                                  ? store.apply(MAIN, read(payment))
                                  : store.follow(MAIN, payment))
              .toList();
      for (var end : threads.invokeAll(calls)) {
        assertThat(end.get()).isNotNull();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(database.count("disputes")).isEqualTo(1);
    assertThat(only().mpId()).isEqualTo(CASE);
  }
}
