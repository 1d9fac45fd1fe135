package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.mercadopago.MerchantOrder;
import dev.acuse.mercadopago.OrderPage;
import dev.acuse.mercadopago.OrderSearch;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a search that keeps no order and changes between two pages. */
@Timeout(30)
class OrderWalkTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant END = Instant.parse("2026-03-04T10:00:00Z");

  /** The dates of orders, by id. */
  private final Map<String, Instant> orders = new LinkedHashMap<>();

  private final Random random = new Random(7);
  private List<String> beforeLastPage = List.of();
  private Consumer<Integer> afterPage = page -> {};
  private int asked;

  private OrderPage search(OrderSearch search) {
    beforeLastPage = keys();
    var all =
        new ArrayList<MerchantOrder>(
            orders.entrySet().stream()
                .filter(
                    o ->
                        !o.getValue().isBefore(search.begin())
                            && !o.getValue().isAfter(search.end()))
                .map(o -> order(o.getKey(), o.getValue()))
                .toList());
    if (search.offset() == 0 && all.size() <= search.limit()) {
      Collections.shuffle(all, random);
    }
    List<MerchantOrder> page = all.stream().skip(search.offset()).limit(search.limit()).toList();
    afterPage.accept(++asked);
    return new OrderPage(page, page.size(), all.size());
  }

  private static MerchantOrder order(String id, @Nullable Instant date) {
    return new MerchantOrder(id, null, null, null, List.of(), null, date);
  }

  private static List<String> walk(OrderWalk walk) throws RemoteException {
    List<String> met = new ArrayList<>();
    while (!walk.isDone()) {
      walk.next().orders().forEach(order -> met.add(order.id() + "@" + order.updatedAt()));
    }
    return met;
  }

  private List<String> keys() {
    return orders.entrySet().stream().map(o -> o.getKey() + "@" + o.getValue()).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 49, 50, 51, 250, 5_000})
  void everyOrderOfAWindowIsMetHoweverManyThereAre(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      orders.put("o" + i, BEGIN.plusSeconds(i * 30L));
    }

    assertThat(walk(new OrderWalk(this::search, BEGIN, END)))
        .contains(keys().toArray(String[]::new))
        .allMatch(keys()::contains);
    assertThat(asked).as("few questions where there is little").isLessThan(20 + number / 8);
  }

  @Test
  void ordersOfOneSecondAreMetThoughTheyFillManyPages() throws Exception {
    for (int i = 0; i < 400; i++) {
      orders.put("o" + i, BEGIN.plusSeconds(i < 50 ? 1 : i < 300 ? 2 : 3));
    }

    assertThat(walk(new OrderWalk(this::search, BEGIN, END))).containsAll(keys());
  }

  @Test
  void orderThatLeavesASecondWhileItIsPagedShiftsNoOtherOut() throws Exception {
    for (int i = 0; i < 200; i++) {
      orders.put("o" + i, BEGIN.plusSeconds(1));
    }
    afterPage =
        page -> {
          if (page > 18 && page < 24) {
            orders.put("o" + page, END.minusSeconds(100 - page));
          }
        };

    assertThat(walk(new OrderWalk(this::search, BEGIN, END))).containsAll(beforeLastPage);
  }

  @RepeatedTest(20)
  void nothingIsSkippedWhileOrdersChangeAndNewOnesArrive(RepetitionInfo repetition)
      throws Exception {
    var changes = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 600; i++) {
      orders.put("o" + i, BEGIN.plusSeconds(changes.nextInt(3_000)));
    }
    afterPage =
        page -> {
          Instant now = END.minusSeconds(100 - page);
          for (int i = 0; i < changes.nextInt(4) && page < 60; i++) {
            orders.put("o" + changes.nextInt(600), now);
            orders.put("new-" + page + "-" + i, now);
          }
        };

    List<String> met = walk(new OrderWalk(this::search, BEGIN, END));

    assertThat(met).as("seed %s", repetition.getCurrentRepetition()).containsAll(beforeLastPage);
  }

  @Test
  void walkThatWasCutOffGoesOnWhereItWas() throws Exception {
    for (int i = 0; i < 300; i++) {
      orders.put("o" + i, BEGIN.plusSeconds(i * 60L));
    }
    List<String> met = new ArrayList<>();
    Instant reached = BEGIN;
    while (reached.isBefore(END)) {
      OrderWalk.Slice slice = new OrderWalk(this::search, reached, END).next();
      slice.orders().forEach(order -> met.add(order.id() + "@" + order.updatedAt()));
      reached = slice.reached();
    }

    assertThat(met).containsAll(keys());
  }

  @Test
  void searchThatCannotBeTrustedFailsInsteadOfSkippingOrGoingOnForEver() {
    for (int i = 0; i < 300; i++) {
      orders.put("o" + i, BEGIN.plusSeconds(i < 150 ? 1 : i));
    }
    assertUseless(
        "another window",
        search -> search(new OrderSearch(BEGIN, END, search.limit(), search.offset())));
    assertUseless(
        "changes while it is paged",
        search -> search(new OrderSearch(search.begin(), search.end(), search.limit(), 0)));
    assertUseless("changes while it is paged", search -> new OrderPage(List.of(), 0, 200));
  }

  private void assertUseless(String why, OrderWalk.Search search) {
    assertThatThrownBy(() -> walk(new OrderWalk(search, BEGIN, END)))
        .isInstanceOf(RemoteException.BadResponse.class)
        .hasMessageContaining(why);
  }

  @Test
  void orderWithoutADateIsMetAllTheSame() throws Exception {
    orders.put("o1", BEGIN.plus(Duration.ofHours(1)));
    OrderWalk.Search search =
        asking -> {
          var all = new ArrayList<>(search(asking).orders());
          all.add(order("undated", null));
          return new OrderPage(all, all.size(), all.size());
        };

    assertThat(walk(new OrderWalk(search, BEGIN, END))).contains("undated@null");
  }
}
