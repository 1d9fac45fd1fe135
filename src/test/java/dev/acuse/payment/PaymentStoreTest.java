package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.acuse.effect.EffectCounts;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
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
class PaymentStoreTest {
  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @SuppressWarnings("NullAway.Init")
  private PaymentStore store;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
    store = fixture.store();
  }

  @BeforeEach
  void clear() {
    fixture.clear();
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @Test
  void everythingThatMercadoPagoSaysComesBack() {
    Checkout checkout = fixture.checkout("a1");

    Applied applied =
        fixture.apply(payment("7").detail("accredited").reference("a1").email("b@example.test"));

    assertThat(applied.changed()).isTrue();
    assertThat(applied.linked()).isTrue();
    assertThat(fixture.reader().payment(Scope.everything(), applied.payment().id()))
        .contains(applied.payment());
    assertThat(fixture.reader().paymentByMpId(Scope.everything(), "7")).contains(applied.payment());
    Payment stored = applied.payment();
    assertThat(stored.checkoutId()).isEqualTo(checkout.id());
    assertThat(stored.status()).isEqualTo("approved");
    assertThat(stored.statusDetail()).isEqualTo("accredited");
    assertThat(stored.amount()).isEqualByComparingTo("1500.50");
    assertThat(stored.currency()).isEqualTo("ARS");
    assertThat(stored.collectorId()).isEqualTo(PaymentFixture.COLLECTOR);
    assertThat(stored.payerEmail()).isEqualTo("b@example.test");
    assertThat(stored.mpUpdatedAt()).isEqualTo(Snapshots.NOON);
    assertThat(stored.flag()).isNull();
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void theSameSnapshotAgainChangesNothing() {
    fixture.checkout("a1");
    Payment first = fixture.apply(payment("7").reference("a1")).payment();
    fixture.clock().advance(Duration.ofMinutes(1));

    Applied again = fixture.apply(payment("7").reference("a1"));

    assertThat(again)
        .isEqualTo(
            new Applied(first, false, false, "pref-a1", new EffectCounts(1, 1), false, List.of()));
    assertThat(fixture.reader().tags(Scope.everything(), first.id())).hasSize(1);
  }

  @Test
  void anOlderSnapshotIsNotAppliedButTheTagsStayDue() {
    fixture.checkout("a1");
    fixture.apply(payment("7").reference("a1").at(10));

    Applied late = fixture.apply(payment("7").status("pending").reference("a1").at(5));

    assertThat(late.changed()).isFalse();
    assertThat(late.payment().status()).isEqualTo("approved");
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void whoPaidIsKeptWhenMercadoPagoLeavesItOut() {
    fixture.apply(payment("7").reference("r").contact("c1").email("b@example.test").at(0));

    Payment later = fixture.apply(payment("7").status("in_mediation").at(1)).payment();

    assertThat(later.payerEmail()).isEqualTo("b@example.test");
    assertThat(later.contactId()).isEqualTo("c1");
    assertThat(later.externalReference()).isEqualTo("r");
  }

  @Test
  void everyOrderOfAHistoryEndsTheSame() {
    Checkout checkout = fixture.checkout("a1");
    var history =
        new ArrayList<>(
            List.of(
                payment("7").status("pending").at(0),
                payment("7").status("in_process").detail("pending_review_manual").at(0),
                payment("7").status("approved").detail("accredited").at(5).email("b@x.test"),
                payment("7").status("approved").detail("partially_refunded").at(9),
                payment("7").status("refunded").detail("refunded").at(9).reference("a1")));
    var random = new Random(20260302);
    for (int round = 0; round < 30; round++) {
      deletePayments();
      Collections.shuffle(history, random);

      history.forEach(fixture::apply);

      Payment end = fixture.payment("7");
      assertThat(end.status()).isEqualTo("refunded");
      assertThat(end.checkoutId()).isEqualTo(checkout.id());
      assertThat(end.payerEmail()).isEqualTo("b@x.test");
      assertThat(fixture.tags("7")).containsExactly("pago_reembolsado", "revisar");
      assertThat(fixture.checkoutStatus(checkout)).isEqualTo("refunded");
    }
  }

  @Test
  void aPaymentIsLinkedByReferenceThenMetadataThenPreference() {
    Checkout first = fixture.checkout("a1");
    Checkout second = fixture.checkout("a2");
    Checkout third = fixture.checkout("a3");

    assertThat(linkOf(payment("1").reference("a1").metadataReference("a2").preference("pref-a3")))
        .isEqualTo(first.id());
    assertThat(linkOf(payment("2").reference("?").metadataReference("a2").preference("pref-a3")))
        .isEqualTo(second.id());
    assertThat(linkOf(payment("3").reference("?").metadataReference("?").preference("pref-a3")))
        .isEqualTo(third.id());
    assertThat(linkOf(payment("4").reference("?").preference("?"))).isNull();
  }

  @Test
  void anOldSnapshotStillLinks() {
    fixture.apply(payment("7").at(10));
    Checkout checkout = fixture.checkout("a1");

    Applied late = fixture.apply(payment("7").status("pending").preference("pref-a1").at(5));

    assertThat(late.changed()).isFalse();
    assertThat(late.linked()).isTrue();
    assertThat(late.payment().checkoutId()).isEqualTo(checkout.id());
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void aLinkIsForEver() {
    Checkout first = fixture.checkout("a1");
    fixture.checkout("a2");
    fixture.apply(payment("7").preference("pref-a1"));

    assertThat(fixture.apply(payment("7").reference("a2").at(1)).payment().checkoutId())
        .isEqualTo(first.id());
  }

  @Test
  void aPaymentIsLinkableOnlyByWhatItSaysItself() {
    fixture.checkout("a1");
    PaymentSnapshot silent = payment("7").build();

    assertThat(store.applyIfLinkable(Place.MAIN_ACCOUNT, silent, store.look(false), null))
        .isEmpty();
    assertThat(fixture.reader().paymentByMpId(Scope.everything(), "7")).isEmpty();
    assertThat(
            store.applyIfLinkable(
                Place.MAIN_ACCOUNT,
                payment("8").metadataReference("a1").build(),
                store.look(false),
                null))
        .isPresent();
    fixture.apply(payment("7").preference("pref-a1"));
    assertThat(store.applyIfLinkable(Place.MAIN_ACCOUNT, silent, store.look(false), null))
        .isPresent();
  }

  @Test
  void applyingTellsWhatIsWantedAndWhatOfItWaits() {
    fixture.checkout("a1");

    assertThat(fixture.apply(payment("7").status("pending").reference("a1")).effects())
        .isEqualTo(EffectCounts.NONE);
    assertThat(fixture.apply(payment("7").reference("a1").at(1)).effects())
        .isEqualTo(new EffectCounts(1, 1));
    assertThat(fixture.apply(payment("7").reference("a1").at(1)).effects())
        .as("still to be put on")
        .isEqualTo(new EffectCounts(1, 1));
    Applied unknown = fixture.apply(payment("8").contact(null));
    assertThat(unknown.effects()).isEqualTo(EffectCounts.NONE);
    assertThat(unknown.lacksContact()).isTrue();
    assertThat(fixture.apply(payment("9").amount("1").contact("c9").collector("9")).effects())
        .as("flagged")
        .isEqualTo(EffectCounts.NONE);
  }

  @Test
  void whatDoesNotFitIsFlaggedAndTagsNobody() {
    Checkout checkout = fixture.checkout("a1");

    fixture.apply(payment("1").reference("a1").amount("1500.51"));
    fixture.apply(payment("2").reference("a1").currency("BRL"));
    fixture.apply(payment("3").reference("a1").collector("999"));
    fixture.apply(payment("4").reference("a1").amount(null));
    fixture.apply(payment("5").contact("c1").collector(null));

    assertThat(flagOf("1")).isEqualTo("amount_mismatch");
    assertThat(fixture.payment("1").flagDetail()).isEqualTo("1500.51 instead of 1500.5");
    assertThat(flagOf("2")).isEqualTo("currency_mismatch");
    assertThat(flagOf("3")).isEqualTo("collector_mismatch");
    assertThat(flagOf("4")).isEqualTo("amount_mismatch");
    assertThat(flagOf("5")).isEqualTo("collector_mismatch");
    for (String id : List.of("1", "2", "3", "4", "5")) {
      assertThat(fixture.tags(id)).isEmpty();
    }
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("open");
  }

  @Test
  void anyCollectorFitsWhereNoneIsConfigured() {
    Payment paid =
        fixture
            .storeOfAnyCollector()
            .apply(
                Place.MAIN_ACCOUNT, payment("7").collector("999").build(), store.look(false), null)
            .payment();

    assertThat(paid.flag()).isNull();
  }

  @Test
  void aFlagGoesWhenItsReasonDoes() {
    fixture.checkout("a1");
    fixture.apply(payment("7").reference("a1").amount("2000"));

    Payment mended = fixture.apply(payment("7").reference("a1").at(1)).payment();

    assertThat(mended.flag()).isNull();
    assertThat(mended.flagDetail()).isNull();
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void aTagThatIsOutstandingGoesWhenThePaymentIsFlagged() {
    fixture.checkout("a1");
    fixture.apply(payment("7").reference("a1"));

    fixture.apply(payment("7").reference("a1").amount("2000").at(1));

    assertThat(fixture.tags("7")).isEmpty();
  }

  @Test
  void aSecondApprovedPaymentOfOneCheckoutIsFlagged() {
    Checkout checkout = fixture.checkout("a1");
    fixture.apply(payment("1").reference("a1"));
    fixture.apply(payment("2").reference("a1"));

    assertThat(flagOf("1")).isNull();
    assertThat(flagOf("2")).isEqualTo("second_approved");
    assertThat(fixture.tags("2")).isEmpty();
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
  }

  @Test
  void theRefundOfASecondPaymentIsNotTheCustomersTag() {
    Checkout checkout = fixture.checkout("a1");
    fixture.apply(payment("1").reference("a1"));
    fixture.apply(payment("2").reference("a1"));

    fixture.apply(payment("2").reference("a1").status("refunded").at(1));

    assertThat(flagOf("2")).isEqualTo("second_approved");
    assertThat(fixture.tags("2")).isEmpty();
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
  }

  @Test
  void aSecondPaymentCountsOnceTheFirstIsRefunded() {
    Checkout checkout = fixture.checkout("a1");
    fixture.apply(payment("1").reference("a1"));
    fixture.apply(payment("2").reference("a1"));

    Applied back = fixture.apply(payment("1").reference("a1").status("refunded").at(1));

    assertThat(back.heirs()).containsExactly("2");
    assertThat(flagOf("2")).isNull();
    assertThat(fixture.tags("2")).containsExactly("pago_confirmado");
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
  }

  @Test
  void aLateRejectedNeverUndoesAnApprovedSecond() {
    Checkout checkout = fixture.checkout("a1");
    fixture.apply(payment("2").reference("a1"));

    fixture.apply(payment("1").reference("a1").status("rejected").at(60));

    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(flagOf("1")).isNull();
    assertThat(fixture.tags("1")).isEmpty();
    assertThat(fixture.tags("2")).containsExactly("pago_confirmado");
  }

  @Test
  void aRejectedFirstIsTaggedWhileNothingElseIsApproved() {
    fixture.checkout("a1");
    fixture.apply(payment("1").reference("a1").status("rejected"));
    assertThat(fixture.tags("1")).containsExactly("pago_rechazado");

    fixture.apply(payment("2").reference("a1"));
    fixture.apply(payment("1").reference("a1").status("rejected"));

    assertThat(fixture.tags("1")).isEmpty();
  }

  @Test
  void aRefundBeforeTheTagWasAppliedLeavesOnlyTheRefundsTags() {
    fixture.checkout("a1");
    fixture.apply(payment("7").reference("a1"));

    fixture.apply(payment("7").reference("a1").status("refunded").at(1));

    assertThat(fixture.tags("7")).containsExactly("pago_reembolsado", "revisar");
  }

  @Test
  void anUnlinkedPaymentTagsTheContactOfItsMetadata() {
    Payment paid = fixture.apply(payment("7").contact("c9")).payment();

    assertThat(fixture.reader().tags(Scope.everything(), paid.id()))
        .singleElement()
        .satisfies(tag -> assertThat(tag.contactId()).isEqualTo("c9"));
  }

  @Test
  void theCheckoutsContactGoesBeforeThePaymentsOwn() {
    fixture.apply(payment("7").contact("c9").reference("a1"));
    fixture.checkout("a1");

    Payment linked = fixture.apply(payment("7").contact("c9").reference("a1")).payment();

    assertThat(fixture.reader().tags(Scope.everything(), linked.id()))
        .singleElement()
        .satisfies(tag -> assertThat(tag.contactId()).isEqualTo("contact1"));
  }

  @Test
  void acceptingLetsAFlaggedPaymentCount() {
    Checkout checkout = fixture.checkout("a1");
    Payment flagged = fixture.apply(payment("7").reference("a1").amount("2000")).payment();

    Acceptance acceptance = store.accept(Place.MAIN_ACCOUNT, flagged.id());

    assertThat(acceptance.result()).isEqualTo(Acceptance.Result.ACCEPTED);
    assertThat(acceptance.payment()).isEqualTo(fixture.payment("7"));
    assertThat(fixture.payment("7").acceptedAt()).isEqualTo(fixture.clock().instant());
    assertThat(fixture.payment("7").flag()).isEqualTo("amount_mismatch");
    assertThat(fixture.checkoutStatus(checkout)).isEqualTo("paid");
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
    assertThat(store.accept(Place.MAIN_ACCOUNT, flagged.id()).result())
        .isEqualTo(Acceptance.Result.ALREADY_ACCEPTED);
  }

  @Test
  void acceptanceOutlivesALaterLookUp() {
    fixture.checkout("a1");
    Payment flagged = fixture.apply(payment("7").reference("a1").amount("2000")).payment();
    store.accept(Place.MAIN_ACCOUNT, flagged.id());

    Payment later = fixture.apply(payment("7").reference("a1").amount("2000").at(1)).payment();

    assertThat(later.acceptedAt()).isNotNull();
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
  }

  @Test
  void onlyAFlaggedPaymentCanBeAccepted() {
    Payment fine = fixture.apply(payment("7")).payment();

    assertThat(store.accept(Place.MAIN_ACCOUNT, fine.id()).result())
        .isEqualTo(Acceptance.Result.NOT_FLAGGED);
    assertThat(store.accept(Place.MAIN_ACCOUNT, -1))
        .isEqualTo(new Acceptance(Acceptance.Result.UNKNOWN, null));
  }

  @Test
  void aContactFoundLaterMakesTheTagsDue() {
    Payment unknown = fixture.apply(payment("7").email("b@example.test")).payment();
    assertThat(fixture.tags("7")).isEmpty();

    Payment found = store.setContact(Place.MAIN_ACCOUNT, unknown.id(), "c5");

    assertThat(found.contactId()).isEqualTo("c5");
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado");
    assertThat(store.setContact(Place.MAIN_ACCOUNT, unknown.id(), "c6").contactId())
        .isEqualTo("c5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.setContact(Place.MAIN_ACCOUNT, unknown.id(), "../x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.setContact(Place.MAIN_ACCOUNT, -1, "c5"));
  }

  @Test
  void hostileValuesAreStoredAsFarAsTheyFit() {
    String hostile = "a\u0000\ud800b" + "😀".repeat(300);

    Payment stored =
        fixture
            .apply(
                payment("7")
                    .status(hostile)
                    .detail(hostile)
                    .currency(hostile)
                    .collector(hostile)
                    .reference(hostile)
                    .metadataReference(hostile)
                    .preference(hostile)
                    .contact(hostile)
                    .email(hostile)
                    .amount("1e400000")
                    .at(Instant.MAX))
            .payment();

    assertThat(stored).isEqualTo(fixture.payment("7"));
    assertThat(stored.externalReference()).startsWith("ab😀").hasSize(256);
    assertThat(stored.contactId()).isNull();
    assertThat(stored.payerEmail()).isNull();
    assertThat(stored.amount()).isNull();
    assertThat(stored.mpUpdatedAt()).isNull();
    assertThat(fixture.reader().paymentByMpId(Scope.everything(), "7\u0000")).isEmpty();
    assertThat(fixture.reader().checkoutByReference(Scope.everything(), "a\u0000")).isEmpty();
    assertThat(ids(new PaymentFilter("\u0000", null, null, null, null))).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> fixture.apply(payment("8\u0000")));
  }

  @Test
  void aReferenceThatOnlyBeginsLikeACheckoutsIsNotThatCheckouts() {
    String longest = "r".repeat(256);
    store.addCheckout(
        Place.MAIN_ACCOUNT,
        PaymentFixture.request(longest),
        new Preference("pref", "https://mp.test/pref"));

    assertThat(linkOf(payment("7").reference(longest + "x"))).isNull();
    assertThat(linkOf(payment("8").reference("\u0000" + longest))).isNull();
    assertThat(linkOf(payment("9").reference(longest))).isNotNull();
  }

  @Test
  void anAmountIsNeverRoundedIntoFitting() {
    fixture.checkout("a1");

    Payment paid = fixture.apply(payment("7").reference("a1").amount("1500.50004")).payment();

    assertThat(paid.amount()).isNull();
    assertThat(paid.flag()).isEqualTo("amount_mismatch");
  }

  @Test
  void theLargestAmountIsKept() {
    Payment paid = fixture.apply(payment("7").amount("999999999999999.9999")).payment();

    assertThat(fixture.payment("7")).isEqualTo(paid);
    assertThat(paid.amount()).isEqualTo(new BigDecimal("999999999999999.9999"));
  }

  @Test
  void paymentsAreListedNewestFirstByWhatIsAskedFor() {
    fixture.checkout("a1");
    fixture.apply(payment("1").reference("a1"));
    fixture.apply(payment("2").reference("a1"));
    fixture.apply(payment("3").status("pending").reference("other"));

    assertThat(ids(PaymentFilter.ALL)).containsExactly("3", "2", "1");
    assertThat(ids(new PaymentFilter("approved", null, null, null, null)))
        .containsExactly("2", "1");
    assertThat(ids(new PaymentFilter(null, "other", null, null, null))).containsExactly("3");
    assertThat(ids(new PaymentFilter(null, null, "2", null, null))).containsExactly("2");
    assertThat(ids(new PaymentFilter(null, null, null, false, null))).containsExactly("3");
    assertThat(ids(new PaymentFilter(null, null, null, true, false))).containsExactly("1");
    assertThat(ids(new PaymentFilter(null, null, null, null, true))).containsExactly("2");
    store.accept(Place.MAIN_ACCOUNT, fixture.payment("2").id());
    assertThat(ids(new PaymentFilter(null, null, null, null, true))).isEmpty();
  }

  @Test
  void aListGoesOnBelowAnIdWhateverWasStoredSince() {
    Checkout first = fixture.checkout("a1");
    Checkout second = fixture.checkout("a2");
    fixture.apply(payment("1").reference("a1"));
    fixture.apply(payment("2").reference("a1"));

    List<Payment> newest =
        fixture.reader().payments(Scope.everything(), PaymentFilter.ALL, null, 1);
    fixture.apply(payment("3"));

    assertThat(newest).containsExactly(fixture.payment("2"));
    assertThat(
            fixture.reader().payments(Scope.everything(), PaymentFilter.ALL, newest.get(0).id(), 9))
        .containsExactly(fixture.payment("1"));
    assertThat(fixture.reader().checkouts(Scope.everything(), null, second.id(), 9))
        .extracting(Checkout::id)
        .containsExactly(first.id());
    assertThat(fixture.reader().checkouts(Scope.everything(), "a2", second.id(), 9)).isEmpty();
  }

  @Test
  void paymentsAreFoundByTheExactReferenceOrEMail() {
    fixture.apply(payment("1").reference("a_1").email("ana@example.test"));
    fixture.apply(payment("2").reference("ab1").email("bea@example.test"));
    fixture.apply(payment("3").reference("ana@example.test"));

    assertThat(fixture.reader().paymentIdsFor(Scope.everything(), "a_1"))
        .containsExactly(fixture.payment("1").id());
    assertThat(fixture.reader().paymentIdsFor(Scope.everything(), "ana@example.test"))
        .containsExactly(fixture.payment("3").id(), fixture.payment("1").id());
    assertThat(fixture.reader().paymentIdsFor(Scope.everything(), "%")).isEmpty();
    assertThat(fixture.reader().paymentIdsFor(Scope.everything(), "a\u0000")).isEmpty();
  }

  @Test
  void checkoutsAreListedNewestFirst() {
    Checkout first = fixture.checkout("a1");
    Checkout second = fixture.checkout("a2");

    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 500))
        .containsExactly(second, first);
    assertThat(fixture.reader().checkouts(Scope.everything(), null, null, 1))
        .containsExactly(second);
    assertThat(fixture.reader().checkouts(Scope.everything(), "a1", null, 1))
        .containsExactly(first);
    assertThat(fixture.reader().checkout(Scope.everything(), first.id())).contains(first);
    assertThat(fixture.reader().checkout(Scope.everything(), -1)).isEmpty();
  }

  private List<String> ids(PaymentFilter filter) {
    return fixture.reader().payments(Scope.everything(), filter, null, 500).stream()
        .map(Payment::mpPaymentId)
        .toList();
  }

  private @Nullable Long linkOf(Snapshots snapshot) {
    return fixture.apply(snapshot).payment().checkoutId();
  }

  private @Nullable String flagOf(String mpPaymentId) {
    return fixture.payment(mpPaymentId).flag();
  }

  private void deletePayments() {
    fixture.jdbi().useHandle(handle -> handle.execute("DELETE FROM effect_reasons"));
    fixture.jdbi().useHandle(handle -> handle.execute("DELETE FROM effects"));
    fixture.jdbi().useHandle(handle -> handle.execute("DELETE FROM payments"));
  }
}
