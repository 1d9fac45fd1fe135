package dev.acuse.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.acuse.event.Scope;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of an order, whatever is said of it and in whatever turn. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class OrderStoreTest {
  private static final String ID = "ORD01K0000000000000000000001";
  private static final Scope A = Scope.of(1);
  private static final Scope B = Scope.of(2);
  private static final Set<String> PAYMENT = Set.of("115000000001");

  private final ManualClock clock = ManualClock.create();
  private final Instant start = clock.instant();
  private final TestDatabase database;
  private final OrderStore store;
  private final OrderReader reader;

  OrderStoreTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.store = new OrderStore(database.jdbi(), clock);
    this.reader = new OrderReader(database.jdbi());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private OrderSnapshot said(String status, @Nullable String detail, @Nullable Instant updated) {
    return said(ID, status, detail, updated);
  }

  private OrderSnapshot said(
      String id, String status, @Nullable String detail, @Nullable Instant updated) {
    boolean isPaid = status.equals("processed");
    return new OrderSnapshot(
        id,
        "online",
        "co_7f3a",
        status,
        detail,
        new BigDecimal("1500.005"),
        isPaid ? new BigDecimal("1500.005") : BigDecimal.ZERO,
        "ARS",
        start,
        updated);
  }

  private Order only() {
    List<Order> all = reader.page(Scope.everything(), OrderFilter.ALL, null, 10);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void anOrderIsKeptWithAllThatIsSaidOfIt() {
    Instant updated = Instant.parse("2026-03-02T14:05:08.123456789Z");

    Order applied = store.apply(1, said("processed", "accredited", updated), PAYMENT, true);

    assertThat(only()).isEqualTo(applied);
    assertThat(applied)
        .isEqualTo(
            new Order(
                applied.id(),
                1,
                ID,
                "online",
                "co_7f3a",
                "processed",
                "accredited",
                OrderPaymentStatus.APPROVED,
                new BigDecimal("1500.0050"),
                new BigDecimal("1500.0050"),
                "ARS",
                start,
                Instant.parse("2026-03-02T14:05:08.123456Z"),
                null,
                start,
                start));
    assertThat(reader.paymentIds(A, applied.id())).containsExactlyElementsOf(PAYMENT);
    assertThat(reader.ofPayment(A, "115000000001")).containsExactly(applied);
    assertThat(reader.find(A, applied.id())).contains(applied);
  }

  @Test
  void anOrderIsNeverPaidByItsWordAlone() {
    store.apply(1, said("processed", "accredited", start), Set.of(), false);

    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.PENDING);
    assertThat(only().nextLookAt()).as("it is looked at again").isNotNull();

    store.apply(1, said("processed", "accredited", start), PAYMENT, true);

    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.APPROVED);
    assertThat(only().nextLookAt()).isNull();

    store.apply(1, said("processed", "accredited", start), Set.of(), false);

    assertThat(only().paymentStatus())
        .as("a look-up that was under way undoes nothing")
        .isEqualTo(OrderPaymentStatus.APPROVED);
  }

  @Test
  void anOrderOfWhichTooLittleWasPaidIsNotPaid() {
    var part =
        new OrderSnapshot(
            ID,
            null,
            null,
            "processed",
            "accredited",
            BigDecimal.TEN,
            new BigDecimal("9.999"),
            null,
            null,
            null);

    assertThat(store.apply(1, part, PAYMENT, true).paymentStatus())
        .isEqualTo(OrderPaymentStatus.PENDING);
  }

  @Test
  void whatIsOlderNeverReplacesWhatIsNewer() {
    store.apply(1, said("processed", "refunded", start.plusSeconds(9)), PAYMENT, true);

    Order kept = store.apply(1, said("processed", "accredited", start), Set.of("116"), true);

    assertThat(kept).isEqualTo(only());
    assertThat(kept.statusDetail()).isEqualTo("refunded");
    assertThat(reader.paymentIds(A, kept.id()))
        .as("whose payments they are does not age")
        .containsExactly("115000000001", "116");
  }

  @ParameterizedTest
  @CsvSource({
    "action_required, waiting_payment, processed, accredited",
    "processed, accredited, charged_back, in_process",
    "created, created, canceled, expired"
  })
  void ofOneMomentTheLaterStageStays(
      String earlier, String earlierDetail, String later, String laterDetail) {
    store.apply(1, said(earlier, earlierDetail, start), Set.of(), false);
    store.apply(1, said(later, laterDetail, start), Set.of(), false);
    store.apply(1, said(earlier, earlierDetail, start), Set.of(), false);

    assertThat(only().status()).isEqualTo(later);
  }

  @Test
  void whatIsSaidWithoutADateDoesNotReplaceWhatHasOne() {
    store.apply(1, said("created", "created", null), Set.of(), false);
    store.apply(1, said("failed", "high_risk", start), Set.of(), false);
    store.apply(1, said("created", "created", null), Set.of(), false);

    assertThat(only().status()).isEqualTo("failed");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.REJECTED);
  }

  @Test
  void whatIsLeftOutStays() {
    store.apply(1, said("created", "created", start), Set.of(), false);
    store.apply(
        1,
        new OrderSnapshot(
            ID, null, null, "expired", null, null, null, null, null, start.plusSeconds(5)),
        Set.of(),
        false);

    Order kept = only();
    assertThat(kept.status()).isEqualTo("expired");
    assertThat(kept.statusDetail()).isNull();
    assertThat(kept.externalReference()).isEqualTo("co_7f3a");
    assertThat(kept.amount()).isEqualByComparingTo("1500.005");
    assertThat(kept.mpCreatedAt()).isEqualTo(start);
  }

  @Test
  void anUnknownStatusIsKeptAsItIs() {
    store.apply(1, said("waiting_for_godot", "act_two", start), Set.of(), false);

    assertThat(only().status()).isEqualTo("waiting_for_godot");
    assertThat(only().statusDetail()).isEqualTo("act_two");
    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.UNKNOWN);
    assertThat(only().nextLookAt()).isNotNull();
  }

  @Test
  void whatNoColumnTakesIsLeftOutAndTheRestIsKept() {
    var said =
        new OrderSnapshot(
            ID,
            "x".repeat(100),
            "r".repeat(300),
            "s\u0000" + "s".repeat(100),
            "d".repeat(300),
            new BigDecimal("1.00005"),
            new BigDecimal("1E+300"),
            "dollars and cents",
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.MAX);

    Order kept = store.apply(1, said, Set.of(), false);

    assertThat(only()).isEqualTo(kept);
    assertThat(kept.type()).hasSize(32);
    assertThat(kept.externalReference()).isNull();
    assertThat(kept.status()).isEqualTo("s".repeat(64));
    assertThat(kept.statusDetail()).hasSize(128);
    assertThat(kept.amount()).isNull();
    assertThat(kept.paidAmount()).isNull();
    assertThat(kept.currency()).isNull();
    assertThat(kept.mpCreatedAt()).isNull();
    assertThat(kept.mpUpdatedAt()).isNull();
    assertThatIllegalArgumentException().isThrownBy(() -> said(" ", "created", null, null));
  }

  @Test
  void twoAccountsHaveAnOrderOfOneIdEachForItself() {
    Order ofA = store.apply(1, said("created", "created", start), Set.of("7"), false);
    Order ofB = store.apply(2, said("canceled", "canceled", start), Set.of("7"), false);

    assertThat(reader.page(A, OrderFilter.ALL, null, 9)).containsExactly(ofA);
    assertThat(reader.page(B, OrderFilter.ALL, null, 9)).containsExactly(ofB);
    assertThat(reader.page(Scope.of(Set.of()), OrderFilter.ALL, null, 9)).isEmpty();
    assertThat(reader.find(A, ofB.id())).isEmpty();
    assertThat(reader.paymentIds(A, ofB.id())).isEmpty();
    assertThat(reader.ofPayment(A, "7")).containsExactly(ofA);
    assertThat(reader.ofPayment(Scope.everything(), "7")).containsExactly(ofB, ofA);
    assertThat(reader.isAny(A)).isTrue();
    assertThat(reader.isAny(Scope.of(3))).isFalse();
    assertThat(reader.behind(A, List.of(said("canceled", "canceled", start)))).containsExactly(ID);
    assertThat(reader.behind(B, List.of(said("canceled", "canceled", start)))).isEmpty();
  }

  @Test
  void ordersAreListedNewestFirstByWhatIsAskedFor() {
    List<Order> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String status = i % 2 == 0 ? "created" : "expired";
      all.add(0, store.apply(1, said("ORD" + i, status, null, start), Set.of(), false));
    }

    assertThat(reader.page(A, OrderFilter.ALL, null, 3)).isEqualTo(all.subList(0, 3));
    assertThat(reader.page(A, OrderFilter.ALL, all.get(2).id(), 3)).isEqualTo(all.subList(3, 5));
    assertThat(reader.page(A, new OrderFilter("expired", null, null, null), null, 9))
        .containsExactly(all.get(1), all.get(3));
    assertThat(reader.page(A, new OrderFilter(null, "co_7f3a", null, null), null, 9))
        .isEqualTo(all);
    assertThat(reader.page(A, new OrderFilter("created", "co_7f3a", "ORD2", null), null, 9))
        .containsExactly(all.get(2));
    assertThat(reader.page(A, new OrderFilter(null, "co", null, null), null, 9)).isEmpty();
    assertThat(reader.page(A, new OrderFilter("a\u0000", null, null, null), null, 9)).isEmpty();
  }

  @Test
  void anOpenOrderIsLookedAtEverMoreSeldomAndAtLastNoMore() {
    store.apply(1, said("action_required", "waiting_payment", start), Set.of(), false);
    store.apply(2, said("action_required", "waiting_payment", start), Set.of(), false);
    List<Duration> waits = new ArrayList<>();
    Instant last = start;
    while (only(1).nextLookAt() != null) {
      clock.set(only(1).nextLookAt());
      assertThat(lookAgain(1, 5)).containsExactly(ID);
      assertThat(lookAgain(1, 5)).as("it is put off").isEmpty();
      waits.add(Duration.between(last, clock.instant()));
      last = clock.instant();
    }

    assertThat(waits).isSorted().hasSizeBetween(20, 60);
    assertThat(waits.get(0)).isEqualTo(Duration.ofHours(1));
    assertThat(Duration.between(start, last)).isBetween(Duration.ofDays(60), Duration.ofDays(68));
    assertThat(lookAgain(2, 5)).as("another account's is its own matter").containsExactly(ID);
  }

  @Test
  void dueOrdersAreTakenInBitesAndOnceMoreIfTheLookIsLost() {
    for (int i = 0; i < 5; i++) {
      store.apply(1, said("ORD" + i, "created", null, start), Set.of(), false);
      clock.advance(Duration.ofSeconds(1));
    }
    clock.advance(Duration.ofHours(2));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                store.lookAgain(
                    1,
                    2,
                    due -> {
                      throw new IllegalArgumentException("it ends here");
                    }));
    assertThat(lookAgain(1, 2)).containsExactly("ORD0", "ORD1");
    assertThat(lookAgain(1, 2)).containsExactly("ORD2", "ORD3");
    assertThat(lookAgain(1, 2)).containsExactly("ORD4");
    assertThat(lookAgain(1, 2)).isEmpty();
  }

  @Test
  void whatASearchShowsIsHeldAgainstWhatIsKept() {
    store.apply(1, said("processed", "accredited", start), PAYMENT, true);
    String other = "ORD2";

    assertThat(
            reader.behind(
                A,
                List.of(
                    said("processed", "accredited", start.plusMillis(900)),
                    said(other, "created", null, start))))
        .containsExactly(other);
    assertThat(reader.behind(A, List.of(said("processed", "accredited", start.plusSeconds(9)))))
        .containsExactly(ID);
    assertThat(reader.behind(A, List.of(said("processed", "refunded", start)))).containsExactly(ID);
    assertThat(reader.behind(A, List.of(said("created", "created", start.minusSeconds(9)))))
        .isEmpty();
    assertThat(reader.behind(A, List.of(said("created", "created", null)))).isEmpty();
  }

  @Test
  void statesThatComeAtOnceLeaveTheNewest() throws Exception {
    List<Callable<Order>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      String status = i == 7 ? "charged_back" : "processed";
      calls.add(
          () ->
              store.apply(
                  1,
                  said(status, "accredited", start.plusSeconds(number)),
                  Set.of(String.valueOf(number)),
                  true));
    }

    together(calls);

    assertThat(only().paymentStatus()).isEqualTo(OrderPaymentStatus.CHARGED_BACK);
    assertThat(only().mpUpdatedAt()).isEqualTo(start.plusSeconds(7));
    assertThat(reader.paymentIds(A, only().id())).hasSize(8);
  }

  private Order only(long accountId) {
    return reader.page(Scope.of(accountId), OrderFilter.ALL, null, 1).get(0);
  }

  private List<String> lookAgain(long accountId, int limit) {
    List<String> due = new ArrayList<>();
    int number =
        store.lookAgain(
            accountId, limit, orders -> orders.forEach(order -> due.add(order.mpOrderId())));
    assertThat(number).isEqualTo(due.size());
    return due;
  }

  private static void together(List<Callable<Order>> calls) throws Exception {
    var barrier = new CyclicBarrier(calls.size());
    var threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<Future<Order>> ends = new ArrayList<>();
      for (Callable<Order> call : calls) {
        ends.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return call.call();
                }));
      }
      for (Future<Order> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
