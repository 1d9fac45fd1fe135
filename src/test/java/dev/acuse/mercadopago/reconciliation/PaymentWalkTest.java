package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.PaymentPage;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a search that behaves as MercadoPago's does, and changes between two pages. */
@Timeout(30)
class PaymentWalkTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant END = Instant.parse("2026-03-04T10:00:00Z");

  /** The dates of payments, by id. */
  private final Map<String, Instant> payments = new LinkedHashMap<>();

  private List<String> beforeLastPage = List.of();
  private final List<PaymentSearch> asked = new ArrayList<>();
  private Consumer<Integer> afterPage = page -> {};

  private PaymentPage search(PaymentSearch search) {
    beforeLastPage = keys();
    List<MercadoPagoPayment> all =
        payments.entrySet().stream()
            .filter(
                p -> !p.getValue().isBefore(search.begin()) && !p.getValue().isAfter(search.end()))
            .sorted(Map.Entry.comparingByValue(Comparator.<Instant>naturalOrder()))
            .map(p -> payment(p.getKey(), p.getValue()))
            .toList();
    asked.add(search);
    assertThat(search.offset() + search.limit()).isLessThanOrEqualTo(10_000);
    List<MercadoPagoPayment> page =
        all.stream().skip(search.offset()).limit(search.limit()).toList();
    afterPage.accept(asked.size());
    return new PaymentPage(page, page.size(), all.size());
  }

  /** How a date is shown that the search sorts and selects by. */
  private Map<String, Instant> shown = Map.of();

  /** The same with dates shown otherwise than they are. */
  private PaymentPage showing(PaymentSearch search) {
    PaymentPage page = search(search);
    List<MercadoPagoPayment> all =
        page.payments().stream()
            .map(payment -> payment.snapshot().mpPaymentId())
            .map(id -> payment(id, shown.getOrDefault(id, payments.get(id))))
            .toList();
    return new PaymentPage(all, page.entries(), page.total());
  }

  private static List<String> ids(List<String> met) {
    return met.stream().map(key -> key.substring(0, key.indexOf('@'))).toList();
  }

  @Test
  void datesOfOneSecondAreInAnyOrder() throws Exception {
    payments.put("with", BEGIN.plusMillis(481));
    payments.put("without", BEGIN.plusMillis(700));
    payments.put("later", BEGIN.plus(Duration.ofMinutes(5)));
    shown = Map.of("without", BEGIN);

    assertThat(ids(walk(new PaymentWalk(this::showing, BEGIN, END))))
        .containsExactlyInAnyOrder("with", "without", "later");
  }

  /** Cut, rounded and exact dates mixed, at every density from one in an hour to many a second. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 25, 40, 90, 333, 2_000, 60_000})
  void nothingIsSkippedOrMetTwiceHoweverMillisecondsAreShown(int millisApart) throws Exception {
    var random = new Random(millisApart);
    Map<String, Instant> odd = new LinkedHashMap<>();
    for (int i = 0; i < 700; i++) {
      Instant date = BEGIN.plusMillis(500 + (long) i * millisApart);
      payments.put("p" + i, date);
      Instant cut = date.truncatedTo(ChronoUnit.SECONDS);
      switch (random.nextInt(3)) {
        case 0 -> odd.put("p" + i, cut);
        case 1 -> odd.put("p" + i, date.plusMillis(500).truncatedTo(ChronoUnit.SECONDS));
        default -> {}
      }
    }
    shown = odd;

    assertThat(ids(walk(new PaymentWalk(this::showing, BEGIN, END))))
        .containsExactlyInAnyOrderElementsOf(payments.keySet());
  }

  @Tag("slow")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  @Test
  void momentOfMorePaymentsThanCanBePagedIsAskedForInHalves() throws Exception {
    for (int i = 0; i < 24_000; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(5).plusMillis(i % 800));
    }

    assertThat(walk(new PaymentWalk(this::search, BEGIN, END)))
        .containsExactlyInAnyOrderElementsOf(keys());
  }

  private static MercadoPagoPayment payment(String id, @Nullable Instant date) {
    var snapshot =
        new PaymentSnapshot(
            id, "approved", null, null, null, null, null, null, null, null, null, null, date, null);
    return new MercadoPagoPayment(snapshot, "regular_payment", null, null);
  }

  /** Every state that was met, as {@code id@date}. */
  private static List<String> walk(PaymentWalk walk) throws RemoteException {
    List<String> met = new ArrayList<>();
    while (!walk.isDone()) {
      walk.next().payments().forEach(payment -> met.add(key(payment)));
    }
    return met;
  }

  private static String key(MercadoPagoPayment payment) {
    return payment.snapshot().mpPaymentId() + "@" + payment.snapshot().mpUpdatedAt();
  }

  private List<String> keys() {
    return payments.entrySet().stream().map(p -> p.getKey() + "@" + p.getValue()).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100, 101, 250, 12_345})
  void everyPaymentOfAWindowIsMetOnceHoweverManyThereAre(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(i / 3));
    }

    assertThat(walk(new PaymentWalk(this::search, BEGIN, END)))
        .containsExactlyInAnyOrderElementsOf(keys());
  }

  @Test
  void paymentsOfOneMomentAreMetThoughTheyFillManyPages() throws Exception {
    for (int i = 0; i < 700; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(i < 150 ? 1 : i < 550 ? 2 : 3));
    }

    assertThat(walk(new PaymentWalk(this::search, BEGIN, END)))
        .containsExactlyInAnyOrderElementsOf(keys());
  }

  @Test
  void paymentThatLeavesAMomentWhileItIsPagedShiftsNoOtherOut() throws Exception {
    for (int i = 0; i < 350; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(1));
    }
    // the pages of the moment: one that has been paged moves on, and all behind it move up
    afterPage =
        page -> {
          if (page == 2 || page == 3) {
            payments.put("p" + page, BEGIN.plusSeconds(60 + page));
          }
        };

    assertThat(walk(new PaymentWalk(this::search, BEGIN, END))).containsAll(beforeLastPage);
  }

  @RepeatedTest(20)
  void nothingIsSkippedWhilePaymentsChangeAndNewOnesArrive(RepetitionInfo repetition)
      throws Exception {
    var random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 900; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(random.nextInt(40)));
    }
    afterPage =
        page -> {
          Instant now = BEGIN.plusSeconds(1000 + page);
          for (int i = 0; i < random.nextInt(4) && page < 60; i++) {
            payments.put("p" + random.nextInt(900), now);
            payments.put("new-" + page + "-" + i, now);
          }
        };

    List<String> met = walk(new PaymentWalk(this::search, BEGIN, END));

    assertThat(met).as("seed %s", repetition.getCurrentRepetition()).containsAll(beforeLastPage);
  }

  @Test
  void walkThatWasCutOffGoesOnWhereItWas() throws Exception {
    for (int i = 0; i < 500; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(i / 7));
    }
    List<String> met = new ArrayList<>();
    var walk = new PaymentWalk(this::search, BEGIN, END);
    while (!walk.isDone()) {
      PaymentWalk.Slice slice = walk.next();
      slice.payments().forEach(payment -> met.add(key(payment)));
      if (!walk.isDone()) {
        walk = new PaymentWalk(this::search, slice.reached(), END);
      }
    }

    assertThat(met).containsExactlyInAnyOrderElementsOf(keys());
  }

  @Test
  void searchThatCannotBeTrustedFailsInsteadOfSkipping() {
    for (int i = 0; i < 300; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(i < 150 ? 1 : i));
    }
    assertUseless("order", search -> reversed(search(search)));
    assertUseless(
        "another window",
        search ->
            search(
                new PaymentSearch(
                    search.begin().minus(Duration.ofHours(5)),
                    search.end(),
                    search.limit(),
                    search.offset())));
    assertUseless(
        "changes while it is paged",
        search -> search(new PaymentSearch(search.begin(), search.end(), search.limit(), 0)));
    assertUseless(
        "none of which has a date",
        search -> {
          PaymentPage page = search(search);
          return new PaymentPage(List.of(), page.entries(), page.total());
        });
  }

  private void assertUseless(String why, PaymentWalk.Search search) {
    payments.put("early", BEGIN.minus(Duration.ofHours(4)));
    assertThatThrownBy(() -> walk(new PaymentWalk(search, BEGIN, END)))
        .isInstanceOf(RemoteException.BadResponse.class)
        .hasMessageContaining(why);
  }

  private static PaymentPage reversed(PaymentPage page) {
    var payments = new ArrayList<>(page.payments());
    Collections.reverse(payments);
    return new PaymentPage(payments, page.entries(), page.total());
  }

  @Test
  void paymentWithoutADateIsMetAllTheSame() throws Exception {
    for (int i = 0; i < 150; i++) {
      payments.put("p" + i, BEGIN.plusSeconds(i));
    }
    PaymentWalk.Search search =
        asked -> {
          PaymentPage page = search(asked);
          var all = new ArrayList<>(page.payments());
          all.add(0, payment("undated", null));
          return new PaymentPage(all, all.size(), page.total() + 1);
        };

    assertThat(walk(new PaymentWalk(search, BEGIN, END)))
        .contains("undated@null")
        .containsAll(keys());
  }
}
