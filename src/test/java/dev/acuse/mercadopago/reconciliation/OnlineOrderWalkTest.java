package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.acuse.mercadopago.MercadoPagoOrder;
import dev.acuse.mercadopago.MercadoPagoOrderPage;
import dev.acuse.mercadopago.MercadoPagoOrderSearch;
import dev.acuse.order.OrderSnapshot;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against searches that page in each of the ways that documents tell of, and in none. */
@Timeout(30)
class OnlineOrderWalkTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant END = BEGIN.plus(Duration.ofDays(100));

  /** How a search pages. */
  enum Paging {
    NEWEST_FIRST,
    OLDEST_FIRST,
    /** It always shows the first page. */
    NOT_AT_ALL,
    /** Both parameters that are sent count. */
    TWICE_AS_FAR
  }

  private final Map<String, Instant> orders = new LinkedHashMap<>();
  private Paging paging = Paging.NEWEST_FIRST;
  private int asked;

  private MercadoPagoOrderPage search(MercadoPagoOrderSearch search) {
    asked++;
    assertThat(Duration.between(search.begin(), search.end())).isLessThan(Duration.ofDays(30));
    List<MercadoPagoOrder> all =
        new ArrayList<>(
            orders.entrySet().stream()
                .filter(
                    order ->
                        !order.getValue().isBefore(search.begin())
                            && !order.getValue().isAfter(search.end()))
                .map(order -> order(order.getKey(), order.getValue()))
                .toList());
    if (paging == Paging.NEWEST_FIRST) {
      Collections.reverse(all);
    }
    int page =
        switch (paging) {
          case NEWEST_FIRST, OLDEST_FIRST -> search.page();
          case NOT_AT_ALL -> 0;
          case TWICE_AS_FAR -> search.page() * 2;
        };
    List<MercadoPagoOrder> shown =
        all.stream().skip((long) page * search.limit()).limit(search.limit()).toList();
    return new MercadoPagoOrderPage(shown, shown.size(), all.size());
  }

  private static MercadoPagoOrder order(String id, Instant made) {
    return new MercadoPagoOrder(
        new OrderSnapshot(id, null, null, "created", null, null, null, null, made, made),
        null,
        List.of());
  }

  private List<String> walk() throws RemoteException {
    var walk = new OnlineOrderWalk(this::search, BEGIN, END);
    List<String> met = new ArrayList<>();
    Instant reached = BEGIN;
    while (!walk.isDone()) {
      OnlineOrderWalk.Slice slice = walk.next();
      assertThat(slice.reached()).isAfter(reached);
      reached = slice.reached();
      slice.orders().forEach(order -> met.add(order.id()));
    }
    assertThat(reached).isEqualTo(END);
    return met;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 51, 499, 500, 501, 3_000})
  void everyOrderIsMetHoweverManyThereAre(int number) throws Exception {
    fill(number);

    assertThat(walk()).containsAll(orders.keySet());
    assertThat(asked).isLessThan(20 + number / 10);
  }

  @ParameterizedTest
  @EnumSource
  void everyOrderIsMetHoweverTheSearchPages(Paging way) throws Exception {
    fill(700);
    paging = way;

    assertThat(walk()).containsAll(orders.keySet());
  }

  private void fill(int number) {
    var random = new Random(5);
    long span = Duration.between(BEGIN, END).toMillis();
    List<Instant> dates = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      dates.add(BEGIN.plusMillis(random.nextLong(span)));
    }
    Collections.sort(dates);
    dates.forEach(date -> orders.put("ORD" + orders.size(), date));
  }

  @Test
  void ordersOfOneSecondThatPagesDontLeadToAreNoEndlessWalk() {
    for (int i = 0; i < 80; i++) {
      orders.put("ORD" + i, BEGIN.plusSeconds(500));
    }
    paging = Paging.NOT_AT_ALL;

    assertThatExceptionOfType(RemoteException.BadResponse.class).isThrownBy(this::walk);
    assertThat(asked).isLessThan(100);
  }

  @Test
  void aSearchThatDoesNotKeepToItsWindowFails() {
    var walk =
        new OnlineOrderWalk(
            search ->
                new MercadoPagoOrderPage(
                    List.of(order("ORD1", Instant.EPOCH.plus(Duration.ofDays(15_000)))), 1, 1),
            BEGIN,
            END);

    assertThatExceptionOfType(RemoteException.BadResponse.class).isThrownBy(walk::next);
  }

  @Test
  void whatCannotBeReadIsNotMissing() throws Exception {
    var walk =
        new OnlineOrderWalk(
            search -> new MercadoPagoOrderPage(List.of(order("ORD1", search.begin())), 2, 2),
            BEGIN,
            BEGIN.plusSeconds(60));

    assertThat(walk.next().orders()).hasSize(1);
    assertThat(walk.isDone()).isTrue();
  }
}
