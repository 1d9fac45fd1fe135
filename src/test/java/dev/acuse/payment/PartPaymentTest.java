package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EffectChange;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.support.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkout of 1500.50 ARS that is paid by several payments. */
@ParameterizedClass
@EnumSource(Engine.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartPaymentTest {
  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @SuppressWarnings("NullAway.Init")
  private PaymentStore store;

  @SuppressWarnings("NullAway.Init")
  private Checkout checkout;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
    store = fixture.store();
  }

  @BeforeEach
  void register() {
    fixture.clear();
    checkout = fixture.checkout("a1");
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @Test
  void twoPartsPayTogetherAndTagOnce() {
    apply(part("1", "1000.50"));
    assertStanding("partly_paid", Map.of());
    assertThat(fixture.tags("1")).isEmpty();

    apply(part("2", "500"));

    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
    apply(part("1", "1000.50"));
    apply(part("2", "500"));
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void threePartsPayTogetherToTheCent() {
    apply(part("1", "500.17"));
    apply(part("2", "500.17"));
    assertStanding("partly_paid", Map.of());
    apply(part("3", "500.15"));
    assertStanding("partly_paid", Map.of());

    apply(part("4", "0.01"));

    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void everyOrderOfTwoHistoriesEndsTheSame() {
    var history =
        new ArrayList<>(
            List.of(
                part("1", "1000.50").status("pending").at(0),
                part("1", "1000.50").approvedAt(5).at(5),
                part("1", "1000.50").approvedAt(5).refunded("10").at(20),
                part("2", "500").status("in_process").at(0),
                part("2", "500").approvedAt(9).at(9),
                part("2", "500").approvedAt(9).status("refunded").refunded("500").at(30)));
    var random = new Random(20261129);
    for (int round = 0; round < 30; round++) {
      fixture.clear();
      checkout = fixture.checkout("a1");
      Collections.shuffle(history, random);

      history.forEach(this::apply);

      assertStanding("partly_refunded", Map.of());
    }
  }

  @ParameterizedTest
  @CsvSource({"rejected", "cancelled", "pending", "in_process", "unheard_of"})
  void aPartThatCameToNothingIsNoMisfit(String status) {
    apply(part("1", "1000.50"));
    apply(part("2", "500").status(status));

    assertStanding("partly_paid", Map.of());
    assertThat(fixture.tags("1")).isEmpty();

    apply(part("3", "500"));
    assertStanding("paid", Map.of());
    assertThat(fixture.tags("2").contains("pago_confirmado")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "refunded,     partly_refunded",
    "charged_back, disputed",
    "in_mediation, disputed",
    "cancelled,    partly_paid"
  })
  void aPartThatIsTakenBackAfterTheWholeWasPaidShows(String status, String expected) {
    apply(part("1", "1000.50"));
    apply(part("2", "500"));
    tagAll();

    apply(part("2", "500").status(status).at(5));

    assertStanding(expected, Map.of());
    assertThat(approvedTags())
        .as("it stays on the contact, and is not called for")
        .containsExactly("done");
  }

  @Test
  void aPartThatIsGivenBackBeforeTheRestCameNeverPaid() {
    apply(part("1", "1000.50").approvedAt(0));
    apply(part("1", "1000.50").approvedAt(0).status("refunded").at(10));
    assertStanding("open", Map.of());
    assertThat(fixture.tags("1")).as("nothing is due for a part").isEmpty();

    apply(part("2", "500").approvedAt(60).at(60));

    assertStanding("partly_paid", Map.of());
    assertThat(fixture.tags("2")).isEmpty();
    apply(part("3", "1000.50").approvedAt(90).at(90));
    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void whatWasPaidAndGivenBackBeforeWeLookedWasPaid() {
    apply(part("1", "1000.50").approvedAt(0).status("refunded").at(60));
    apply(part("2", "500").approvedAt(10).status("refunded").at(90));

    assertStanding("refunded", Map.of());
  }

  @Test
  void partialRefundsOfEitherShow() {
    apply(part("1", "1000.50"));
    apply(part("2", "500"));
    tagAll();

    apply(part("1", "1000.50").detail("partially_refunded").refunded("0.01").at(1));
    assertStanding("partly_refunded", Map.of());
    apply(part("2", "500").detail("partially_refunded").refunded("499.99").at(2));
    assertStanding("partly_refunded", Map.of());
    apply(part("1", "1000.50").status("refunded").refunded("1000.50").at(3));
    assertStanding("partly_refunded", Map.of());
    apply(part("2", "500").status("refunded").refunded("500").at(4));
    assertStanding("refunded", Map.of());
    assertThat(approvedTags()).containsExactly("done");
  }

  @Test
  void aPartialRefundOfAWholePaymentShowsAndItsTagStays() {
    apply(payment("1").reference("a1").detail("partially_refunded").refunded("100"));

    assertStanding("partly_refunded", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void moreThanTheAmountIsAMisfitOfThePaymentThatCameLater() {
    apply(part("1", "1000.50"));
    apply(part("2", "500.01"));

    assertStanding("partly_paid", Map.of("2", "amount_mismatch"));
    assertThat(fixture.payment("2").flagDetail())
        .isEqualTo("1500.51 with other payments, instead of 1500.5");

    apply(part("2", "500.01").refunded("0.01").detail("partially_refunded").at(5));
    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void anotherPartOfAPaidCheckoutIsAMisfit() {
    apply(part("1", "1000.50"));
    apply(part("2", "500"));
    tagAll();

    apply(part("3", "500"));
    apply(part("4", "1500.50"));

    assertStanding("paid", Map.of("3", "amount_mismatch", "4", "second_approved"));
    apply(part("3", "500").status("refunded").at(5));
    assertStanding("paid", Map.of("3", "amount_mismatch", "4", "second_approved"));
    assertThat(fixture.tags("3")).as("its refund is not the customer's").isEmpty();
  }

  @Test
  void aMisfitTakesThePlaceOfAPartThatIsGivenBack() {
    apply(part("1", "1000.50"));
    apply(part("2", "500"));
    apply(part("3", "500"));

    Applied back = apply(part("2", "500").status("refunded").at(5));

    assertThat(back.heirs()).contains("3");
    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void aPartAndThenTheWholeIsPaidByTheWhole() {
    apply(part("1", "1000.50"));

    apply(payment("2").reference("a1"));

    assertStanding("paid", Map.of("1", "amount_mismatch"));
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void anotherCurrencyCountsForNothing() {
    apply(part("1", "1000.50"));
    apply(part("2", "500").currency("USD"));
    apply(part("3", "500").collector("999"));
    apply(part("4", null));
    apply(part("5", "0"));

    assertStanding(
        "partly_paid",
        Map.of(
            "2", "currency_mismatch",
            "3", "collector_mismatch",
            "4", "amount_mismatch",
            "5", "amount_mismatch"));
  }

  @Test
  void anAcceptedMisfitPaysAndTags() {
    apply(part("1", "1000.50"));
    apply(part("2", "600"));

    assertThat(store.accept(Place.MAIN_ACCOUNT, fixture.payment("2").id()).result())
        .isEqualTo(Acceptance.Result.ACCEPTED);

    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(fixture.payment("1").flag()).isNull();
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @Test
  void anAcceptedPartPaysTheWhole() {
    apply(part("1", "1000.50"));

    assertThat(store.accept(Place.MAIN_ACCOUNT, fixture.payment("1").id()).result())
        .isEqualTo(Acceptance.Result.ACCEPTED);

    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(fixture.payment("1").flagDetail()).isEqualTo("1000.5 instead of 1500.5");
    assertThat(approvedTags()).containsExactly("waiting");
    apply(part("1", "1000.50").status("refunded").at(5));
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("refunded");
  }

  @Test
  void whatAVersionBeforeFlaggedIsMendedByTheNextLookUpOfEither() {
    flagAsBefore("1", "1000.50");
    flagAsBefore("2", "500");
    assertThat(fixture.reader().misjudged(Scope.everything(), 10))
        .extracting(Payment::mpPaymentId)
        .containsExactlyInAnyOrder("1", "2");

    Applied again = apply(part("1", "1000.50"));

    assertStanding("paid", Map.of());
    assertThat(again.heirs()).contains("2");
    assertThat(approvedTags()).containsExactly("waiting");
    assertThat(fixture.reader().misjudged(Scope.everything(), 10)).isEmpty();
  }

  @Test
  void whatIsTooMuchIsNotMisjudged() {
    apply(part("1", "1000.50"));
    apply(part("2", "600"));
    apply(part("3", "3000"));
    apply(payment("4").reference("a1").collector("999"));

    assertThat(fixture.reader().misjudged(Scope.everything(), 10)).isEmpty();
  }

  @RepeatedTest(10)
  void twoPartsAtOncePayTogetherAndTagOnce() throws Exception {
    PaymentFixture.together(
        List.of(() -> apply(part("1", "1000.50")), () -> apply(part("2", "500"))));

    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  @RepeatedTest(5)
  void tenPartsAtOnceInAnyOrderPayTogether() throws Exception {
    List<Callable<Applied>> parts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String id = String.valueOf(i);
      parts.add(() -> apply(part(id, "150.05")));
      parts.add(() -> apply(part(id, "150.05").status("pending").at(-5)));
    }

    PaymentFixture.together(parts);

    assertStanding("paid", Map.of());
    assertThat(approvedTags()).containsExactly("waiting");
  }

  private Applied apply(Snapshots snapshot) {
    return fixture.apply(snapshot);
  }

  private static Snapshots part(String id, @Nullable String amount) {
    return payment(id).reference("a1").amount(amount);
  }

  /** As a version before left a payment of less than the amount. */
  private void flagAsBefore(String id, String amount) {
    apply(part(id, amount));
    fixture
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("UPDATE payments SET flag = 'amount_mismatch', flag_detail = 'x'");
              handle.execute("UPDATE checkouts SET status = 'open', paid_at = NULL");
              handle.execute("DELETE FROM effect_reasons");
              handle.execute("DELETE FROM effects");
            });
  }

  private void tagAll() {
    fixture.endEffects(EffectChange.Kind.DONE);
  }

  /** How the tags of an approved payment stand: one for the checkout, however many paid it. */
  private List<String> approvedTags() {
    return fixture
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT state FROM effects WHERE name = 'pago_confirmado'")
                    .mapTo(String.class)
                    .list());
  }

  private List<Payment> payments() {
    return fixture.reader().payments(Scope.everything(), PaymentFilter.ALL, null, 100);
  }

  private void assertStanding(String status, Map<String, String> flags) {
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo(status);
    assertThat(payments())
        .allSatisfy(
            one ->
                assertThat(one.flag())
                    .as(one.mpPaymentId())
                    .isEqualTo(flags.get(one.mpPaymentId())));
  }
}
