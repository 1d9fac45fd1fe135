package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.Ticket;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wakes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Webhooks of sellers that no account has, on both engines. */
@ParameterizedClass
@EnumSource
class UnknownAccountsTest {
  private static final String RUN = "one";

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private final Wakes wakes = new Wakes();
  private TestDatabase database;
  private EventStore store;
  private Ledger ledger;
  private UnknownAccounts unknown;
  private long tickets;

  UnknownAccountsTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    store.due().tell(wakes);
    ledger = new Ledger(database.jdbi(), clock);
    unknown = new UnknownAccounts(database.jdbi(), clock, store.due());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void isReleasedToTheAccountOfItsSellerAndItsApplication() {
    arrive(unknown("a", 3, "300"), unknown("b", 3, "400"), unknown("c", 2, "300"));
    clock.advance(Duration.ofHours(1));

    assertThat(unknown.lanes()).containsExactly(Lane.application(2), Lane.application(3));
    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 200)).isEqualTo(1);

    Map<String, Object> released = row("a");
    assertThat(released)
        .containsEntry("account_id", 3L)
        .containsEntry("lane", "mp:3")
        .containsEntry("status", "pending")
        .containsEntry("last_error", null)
        .containsEntry("last_error_kind", null);
    assertThat(List.of(row("b"), row("c")))
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("account_id", 0L)
                    .containsEntry("status", "quarantined")
                    .containsEntry("last_error_kind", "unknown_account"));
    assertThat(row("c")).containsEntry("seller_id", "300");
    assertThat(store.pendingLanes().stream().map(PendingLane::lane))
        .containsExactly(Lane.mercadoPago(3));
    assertThat(balance().unaccounted()).isZero();
  }

  @Test
  void whatItsAccountHasAlreadyIsOneEventAndTheBooksBalance() {
    arrive(unknown("a", 3, "300"));
    count(new EventKey(0, "a"), 2);
    arrive(of("a", 3));
    assertThat(balance().rows()).isEqualTo(2);

    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 200)).isEqualTo(1);

    assertThat(row("a")).containsEntry("account_id", 3L).containsEntry("status", "pending");
    assertThat(number(row("a"), "deliveries")).as("3 and 1").isEqualTo(4L);
    assertThat(database.count("webhook_events WHERE account_id = 3 AND status = 'ignored'"))
        .isEqualTo(1);
    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 200)).isZero();
    assertThat(balance().unaccounted()).isZero();

    clock.advance(Duration.ofDays(100));
    Desks.of(database.jdbi(), clock, 4).purge(Duration.ofDays(90), EventStatus.FINISHED);
    assertThat(balance().unaccounted()).as("purged").isZero();
    assertThat(balance().purged()).isEqualTo(1);
  }

  @Test
  void releaseGoesInBatches() {
    for (int i = 0; i < 25; i++) {
      arrive(unknown("e" + i, 3, "300"));
    }

    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(10);
    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(10);
    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(5);
  }

  @Test
  void whatNamesNoSellerIsForTheOnlyAccountOfItsApplication() {
    arrive(unknown("a", 3, null));

    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isZero();
    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), 3L, 10)).isEqualTo(1);
    assertThat(row("a")).containsEntry("account_id", 3L);
  }

  @Test
  void noBudgetTouchesIt() {
    arrive(unknown("a", 3, "300"));
    arrive(quarantined("q1", 1), quarantined("q2", 2), quarantined("q3", 2));
    var nothing = new QuarantineBudget(0, 0, Duration.ZERO);
    clock.advance(Duration.ofDays(365));

    assertThat(store.trimQuarantine(2, nothing)).as("account 2's alone").isEqualTo(2);
    assertThat(rows("q1")).hasSize(1);
    assertThat(store.trimQuarantine(1, nothing)).isEqualTo(1);
    store.trimHints(1, nothing);
    store.trimHints(2, nothing);
    Desks.of(database.jdbi(), clock, 4).purge(Duration.ofDays(1), EventStatus.FINISHED);
    var review = new QuarantineReview(database.jdbi(), clock, store.due());
    assertThat(
            review.waiting(
                List.of(1L, 2L, 3L),
                "mp",
                List.of("payment"),
                Duration.ZERO,
                Duration.ofDays(9_999)))
        .isEmpty();

    assertThat(row("a")).containsEntry("status", "quarantined");
    assertThat(balance().unaccounted()).as("trimmed ones are booked").isZero();
    assertThat(new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE).unknownAccounts())
        .isEqualTo(1);
  }

  @Test
  void operatorReleasesNothingToAnAccountThatItIsNot() {
    arrive(unknown("a", 3, "300"));
    long id = number(row("a"), "id");

    EventOperations.Change change =
        Desks.of(database.jdbi(), clock, 4)
            .release(
                Scope.everything(),
                id,
                of("a", Place.MAIN_ACCOUNT),
                new OperatorRequest("x", "release", null));

    assertThat(change.done()).isFalse();
    assertThat(rows("a")).hasSize(1);
  }

  @Test
  void operatorTakesNothingForGenuineThatIsAlready() {
    arrive(unknown("a", 3, "300"));
    long id = number(row("a"), "id");

    EventOperations.Change change =
        Desks.of(database.jdbi(), clock, 4)
            .release(
                Scope.everything(),
                id,
                unknown("a", 3, "300"),
                new OperatorRequest("x", "release", null));

    assertThat(change.done()).isFalse();
    assertThat(change.event()).isNotNull();
    assertThat(Objects.requireNonNull(change.event()).mayBeReleased()).isFalse();
    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(1);
    assertThat(row("a")).containsEntry("status", "pending");
  }

  @Test
  void whatTwoApplicationsHaveSignedIsTwoEvents() {
    String ofThree = UnknownAccounts.key("a", Lane.application(3));
    arrive(
        unknown(UnknownAccounts.key("a", Lane.application(2)), 2, "300"),
        unknown(ofThree, 3, "300"));
    assertThat(store.appendAll(List.of(arrival(unknown(ofThree, 3, "300")))))
        .as("the same once more")
        .containsExactly(false);

    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(1);

    assertThat(row("a")).containsEntry("account_id", 3L).containsEntry("status", "pending");
    assertThat(store.appendAll(List.of(arrival(of("a", 3)))))
        .as("delivered once more to its account")
        .containsExactly(false);
  }

  @Test
  void whatItsAccountHasAlreadyIsFoundByTheKeyThatItHasThere() {
    arrive(unknown(UnknownAccounts.key("a", Lane.application(3)), 3, "300"), of("a", 3));

    assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(1);

    assertThat(row("a")).containsEntry("account_id", 3L);
    assertThat(number(row("a"), "deliveries")).isEqualTo(2);
    assertThat(balance().unaccounted()).isZero();
  }

  @Test
  void whatItsAccountHasAlreadyCanBeWorkedOffAgain() {
    String key = UnknownAccounts.key("a", Lane.application(3));
    for (int i = 0; i < 2; i++) {
      arrive(unknown(key, 3, "300"));
      store.appendAll(List.of(arrival(of("a", 3))));
      long id = number(row(key), "id");
      assertThat(unknown.release(Lane.application(3), Map.of("300", 3L), null, 10)).isEqualTo(1);

      var operations = Desks.of(database.jdbi(), clock, 4);
      assertThat(operations.retry(id, new OperatorRequest("x", "retry", null)).done()).isTrue();
      var event =
          new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE)
              .find(Scope.of(3), id)
              .orElseThrow();
      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.lane()).as("from which it is claimed").isEqualTo(Lane.mercadoPago(3));
    }
  }

  @Test
  void sameKeyInTwoAccountsIsTwoEventsAlsoInOneGroup() {
    assertThat(
            store.appendAll(List.of(arrival(of("a", 2)), arrival(of("a", 3)), arrival(of("a", 2)))))
        .containsExactly(true, true, false);
    assertThat(store.appendAll(List.of(arrival(of("a", 3)), arrival(of("a", 4)))))
        .containsExactly(false, true);
    count(new EventKey(3, "a"), 5);

    assertThat(rows("a"))
        .extracting(row -> row.get("account_id"), row -> number(row, "deliveries"))
        .containsExactlyInAnyOrder(tuple(2L, 1L), tuple(3L, 6L), tuple(4L, 1L));
  }

  @Test
  void reviewTakesEachAccountsOwn() {
    arrive(quarantined("q1", 1), quarantined("q2", 2), quarantined("q3", 2));
    var review = new QuarantineReview(database.jdbi(), clock, store.due());
    List<String> types = List.of("payment");

    assertThat(
            review.waiting(
                List.of(1L, 2L, 3L), "mp", types, Duration.ofHours(1), Duration.ofDays(4)))
        .containsExactly(1L, 2L);
    var next = review.next(2, "mp", types, Duration.ofHours(1), Duration.ofDays(4)).orElseThrow();
    assertThat(next.accountId()).isEqualTo(2);
    assertThat(review.confirm(next)).isTrue();

    assertThat(row("q1")).as("of another account").containsEntry("status", "quarantined");
    assertThat(row("q2")).containsEntry("status", "pending").containsEntry("lane", "mp:2");
    assertThat(row("q3")).as("names the same").containsEntry("status", "ignored");
  }

  private void count(EventKey key, int more) {
    store.countDeliveries(new TreeMap<>(Map.of(key, more)));
  }

  private void arrive(NewEvent... events) {
    for (NewEvent event : events) {
      assertThat(store.appendAll(List.of(arrival(event)))).containsExactly(true);
    }
    ledger.write(
        RUN, "here", clock.instant(), new IntakeTally(tickets, tickets, 0, 0, 0, 0, Map.of()));
  }

  private Arrival arrival(NewEvent event) {
    tickets++;
    return new Arrival(event, clock.instant(), clock.instant(), new Ticket(RUN, tickets));
  }

  private IntakeBalance balance() {
    return ledger.balances("here", 9, run -> 0, List.of()).get(0);
  }

  private Map<String, Object> row(String key) {
    List<Map<String, Object>> rows = rows(key);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private List<Map<String, Object>> rows(String key) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT id, account_id, lane, status, seller_id, last_error,"
                            + " last_error_kind, deliveries FROM webhook_events"
                            + " WHERE webhook_id = :key ORDER BY id")
                    .bind("key", key)
                    .mapToMap()
                    .list());
  }

  private static long number(Map<String, Object> row, String column) {
    return ((Number) Objects.requireNonNull(row.get(column))).longValue();
  }

  private static NewEvent unknown(String key, long application, @Nullable String seller) {
    return event(
        key,
        EventStatus.QUARANTINED,
        SignatureState.VERIFIED,
        Place.unknownAccount(application),
        seller);
  }

  private static NewEvent quarantined(String key, long account) {
    return event(
        key, EventStatus.QUARANTINED, SignatureState.BAD, Place.mercadoPago(account), null);
  }

  private static NewEvent of(String key, long account) {
    return event(
        key, EventStatus.PENDING, SignatureState.VERIFIED, Place.mercadoPago(account), null);
  }

  private static NewEvent event(
      String key,
      EventStatus status,
      SignatureState signature,
      Place place,
      @Nullable String seller) {
    return new NewEvent(
        key,
        "mp",
        "payment",
        null,
        "1384",
        status,
        status == EventStatus.PENDING ? null : "why",
        signature,
        EventOrigin.WEBHOOK,
        new byte[] {1},
        null,
        Map.of(),
        place,
        seller);
  }
}
