package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.support.Engine;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaymentStoreConcurrencyTest {
  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
  }

  @BeforeEach
  void clear() {
    fixture.clear();
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @RepeatedTest(3)
  void twentyFirstLookUpsOfOnePaymentMakeOneRow() throws Exception {
    fixture.checkout("a1");

    List<Applied> all =
        PaymentFixture.together(
            Collections.nCopies(20, () -> fixture.apply(payment("7").reference("a1"))));

    assertThat(all).filteredOn(Applied::changed).hasSize(1);
    assertThat(all).filteredOn(Applied::linked).hasSize(1);
    assertThat(all).extracting(Applied::payment).containsOnly(fixture.payment("7"));
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @RepeatedTest(3)
  void twentyFirstLookUpsOfAnUnlinkedPaymentMakeOneRow() throws Exception {
    List<Applied> all =
        PaymentFixture.together(
            Collections.nCopies(20, () -> fixture.apply(payment("7").contact("c1"))));

    assertThat(all).filteredOn(Applied::changed).hasSize(1);
    assertThat(fixture.reader().payments(Scope.everything(), PaymentFilter.ALL, null, 9))
        .hasSize(1);
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @RepeatedTest(10)
  void ofTwoApprovedAtOnceExactlyOneIsFlagged() throws Exception {
    Checkout checkout = fixture.checkout("a1");

    PaymentFixture.together(
        List.of(
            () -> fixture.apply(payment("1").reference("a1")),
            () -> fixture.apply(payment("2").reference("a1"))));

    assertThat(List.of(fixture.payment("1"), fixture.payment("2")))
        .filteredOn(payment -> "second_approved".equals(payment.flag()))
        .hasSize(1);
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
  }

  @RepeatedTest(10)
  void aPaymentAndItsCheckoutAtOnceAlwaysFindEachOther() throws Exception {
    var inbox = new ConcurrentLinkedQueue<String>();
    var checkouts =
        new Checkouts(
            fixture.store(),
            fixture.reader(),
            account -> request -> new Preferences.Preference("pref", "https://mp.test/pref"),
            (account, id, why) -> inbox.add(id),
            fixture.audit(),
            CheckoutJournal.NONE);

    PaymentFixture.<Object>together(
        List.of(
            () -> fixture.apply(payment("7").reference("a1")),
            () -> checkouts.register(Place.MAIN_ACCOUNT, PaymentFixture.request("a1"))));

    boolean linked = fixture.payment("7").checkoutId() != null;
    assertThat(linked || !inbox.isEmpty()).isTrue();
  }

  @Test
  void aCheckoutRegisteredWhileItsPaymentIsAppliedIsFoundAllTheSame() throws Exception {
    fixture.apply(payment("7").status("pending"));

    Applied applied =
        applyWhileLocked(payment("7").reference("a1").at(1), holder -> fixture.checkout("a1"));

    assertThat(applied.changed()).isTrue();
    assertThat(applied.linked()).isTrue();
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void aPaymentLinkedWhileItIsAppliedIsJudgedAgainstItsCheckout() throws Exception {
    Checkout checkout = fixture.checkout("a1");
    fixture.apply(payment("7").status("pending").contact("c1"));

    Applied applied =
        applyWhileLocked(
            payment("7").contact("c1").amount("2000").at(1),
            holder -> holder.execute("UPDATE payments SET checkout_id = ?", checkout.id()));

    assertThat(applied.payment().checkoutId()).isEqualTo(checkout.id());
    assertThat(applied.payment().flag()).isEqualTo("amount_mismatch");
    assertThat(fixture.tags("7")).isEmpty();
  }

  /** Applies a snapshot that finds the row locked, by a transaction that does something else. */
  private Applied applyWhileLocked(Snapshots snapshot, Consumer<Handle> meanwhile)
      throws Exception {
    var thread = Executors.newSingleThreadExecutor();
    try {
      Future<Applied> applied =
          fixture
              .jdbi()
              .inTransaction(
                  holder -> {
                    holder.execute("UPDATE payments SET updated_at = updated_at");
                    Future<Applied> waiting = thread.submit(() -> fixture.apply(snapshot));
                    await().until(fixture::isAnyoneWaiting);
                    meanwhile.accept(holder);
                    return waiting;
                  });
      return applied.get();
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void manyPaymentsOfManyCheckoutsDoNotWaitInACircle() throws Exception {
    for (int i = 0; i < 4; i++) {
      fixture.checkout("a" + i);
    }

    PaymentFixture.together(
        IntStream.range(0, 8)
            .<Callable<Integer>>mapToObj(
                thread ->
                    () -> {
                      for (int i = 0; i < 26; i++) { // each payment ends approved
                        int id = (thread * 7 + i) % 8;
                        String status = i % 2 == 0 ? "rejected" : "approved";
                        fixture.apply(
                            payment("" + id).reference("a" + id % 4).status(status).at(i));
                      }
                      return thread;
                    })
            .toList());

    for (int i = 0; i < 4; i++) {
      assertThat(
              fixture
                  .reader()
                  .payments(
                      Scope.everything(),
                      new PaymentFilter(null, "a" + i, null, true, null),
                      null,
                      9)
                  .stream()
                  .filter(payment -> payment.status().equals("approved"))
                  .filter(payment -> payment.flag() == null))
          .hasSize(1);
    }
  }
}
