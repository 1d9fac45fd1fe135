package dev.acuse.payment;

import static dev.acuse.payment.state.Snapshots.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.Scope;
import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.Engine;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
class CustomerTaggerTest {
  private static final Duration CLAIM = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init")
  @Parameter
  Engine engine;

  @SuppressWarnings("NullAway.Init")
  private PaymentFixture fixture;

  @SuppressWarnings("NullAway.Init")
  private RecordingCrm crm;

  @SuppressWarnings("NullAway.Init")
  private CustomerTagger tagger;

  @BeforeParameterizedClassInvocation
  void open() {
    fixture = new PaymentFixture(engine);
  }

  @BeforeEach
  void begin() {
    fixture.clear();
    crm = new RecordingCrm();
    tagger = new CustomerTagger(fixture.store(), crm, CLAIM, false);
  }

  @AfterParameterizedClassInvocation
  void close() {
    fixture.close();
  }

  @Test
  void tagsTheCheckoutsContactOnceHoweverOftenItIsAsked() throws Exception {
    Payment paid = approved();

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.TAGGED);
    assertThat(tagger.tag(paid)).isEqualTo(TagResult.NOTHING_DUE);
    fixture.apply(payment("7").reference("a1"));
    assertThat(tagger.tag(paid)).isEqualTo(TagResult.NOTHING_DUE);

    assertThat(crm.calls()).containsExactly("contact1:[pago_confirmado]");
    assertThat(fixture.reader().tags(Scope.everything(), paid.id()))
        .singleElement()
        .satisfies(
            tag -> {
              assertThat(tag.appliedAt()).isEqualTo(fixture.clock().instant());
              assertThat(tag.claimedUntil()).isNull();
            });
  }

  @Test
  void severalTagsAreOneCall() throws Exception {
    fixture.checkout("a1");
    Payment refunded = fixture.apply(payment("7").reference("a1").status("refunded")).payment();

    assertThat(tagger.tag(refunded)).isEqualTo(TagResult.TAGGED);

    assertThat(crm.calls()).containsExactly("contact1:[pago_reembolsado, revisar]");
  }

  @Test
  void aRefundBeforeTheTagIsCalledForAddsOnlyTheRefundsTags() throws Exception {
    Payment approved = approved();
    fixture.apply(payment("7").reference("a1").status("refunded").at(1));

    assertThat(tagger.tag(approved)).isEqualTo(TagResult.TAGGED);

    assertThat(crm.calls()).containsExactly("contact1:[pago_reembolsado, revisar]");
  }

  @Test
  void aRejectedFirstIsNotTaggedOnceASecondIsApproved() throws Exception {
    fixture.checkout("a1");
    Payment rejected = fixture.apply(payment("1").reference("a1").status("rejected")).payment();
    Payment approved = fixture.apply(payment("2").reference("a1")).payment();

    assertThat(tagger.tag(rejected)).isEqualTo(TagResult.NOTHING_DUE);
    assertThat(tagger.tag(approved)).isEqualTo(TagResult.TAGGED);

    assertThat(crm.calls()).containsExactly("contact1:[pago_confirmado]");
  }

  @Test
  void aFlaggedPaymentTagsNobodyUntilItIsAccepted() throws Exception {
    fixture.checkout("a1");
    Payment flagged = fixture.apply(payment("7").reference("a1").amount("2000")).payment();
    assertThat(tagger.tag(flagged)).isEqualTo(TagResult.FLAGGED);
    assertThat(crm.calls()).isEmpty();

    fixture.store().accept(flagged.id());

    assertThat(tagger.tag(flagged)).isEqualTo(TagResult.TAGGED);
  }

  @Test
  void aStatusWithoutTagsHasNothingDue() throws Exception {
    Payment pending = fixture.apply(payment("7").status("pending").contact("c1")).payment();

    assertThat(tagger.tag(pending)).isEqualTo(TagResult.NOTHING_DUE);
  }

  @Test
  void withoutAContactNobodyIsTaggedNorSearchedFor() throws Exception {
    crm.knows("b@example.test", "c5");
    Payment unknown = fixture.apply(payment("7").email("b@example.test")).payment();

    assertThat(tagger.tag(unknown)).isEqualTo(TagResult.NO_CONTACT);

    assertThat(crm.searches()).isEmpty();
    assertThat(crm.calls()).isEmpty();
  }

  @Test
  void theContactIsFoundByEmailWhereThatIsAllowed() throws Exception {
    crm.knows("b@example.test", "c5");
    var searching = new CustomerTagger(fixture.store(), crm, CLAIM, true);
    Payment unknown = fixture.apply(payment("7").email("b@example.test")).payment();
    Payment stranger = fixture.apply(payment("8").email("x@example.test")).payment();
    Payment silent = fixture.apply(payment("9")).payment();

    assertThat(searching.tag(unknown)).isEqualTo(TagResult.TAGGED);
    assertThat(searching.tag(unknown)).isEqualTo(TagResult.NOTHING_DUE);
    assertThat(searching.tag(stranger)).isEqualTo(TagResult.NO_CONTACT);
    assertThat(searching.tag(silent)).isEqualTo(TagResult.NO_CONTACT);

    assertThat(crm.searches()).containsExactly("b@example.test", "x@example.test");
    assertThat(crm.calls()).containsExactly("c5:[pago_confirmado]");
    assertThat(fixture.payment("7").contactId()).isEqualTo("c5");
  }

  @Test
  void aContactWithoutAUsableIdIsTheCrmsFault() {
    crm.knows("b@example.test", "../c5");
    var searching = new CustomerTagger(fixture.store(), crm, CLAIM, true);
    Payment unknown = fixture.apply(payment("7").email("b@example.test")).payment();

    assertThatThrownBy(() -> searching.tag(unknown))
        .isInstanceOf(RemoteException.BadResponse.class);
    assertThat(crm.calls()).isEmpty();
  }

  @Test
  void afterAFailureTheTagIsOutstandingAndFree() throws Exception {
    Payment paid = approved();
    var failure = new RemoteException.Unavailable("down", 503, null, null);
    crm.during(
        () -> {
          throw failure;
        });
    assertThatThrownBy(() -> tagger.tag(paid)).isSameAs(failure);
    assertThat(fixture.reader().tags(Scope.everything(), paid.id()))
        .singleElement()
        .satisfies(
            tag -> {
              assertThat(tag.appliedAt()).isNull();
              assertThat(tag.claimedUntil()).isNull();
            });

    crm.works();

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.TAGGED);
    assertThat(crm.calls()).hasSize(2);
  }

  @Test
  void anUnforeseenFailureGivesTheClaimBackToo() throws Exception {
    Payment paid = approved();
    crm.during(
        () -> {
          throw new IllegalStateException("a bug");
        });
    assertThatThrownBy(() -> tagger.tag(paid)).hasMessage("a bug");

    crm.works();

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.TAGGED);
  }

  @Test
  void twoAtOnceAreOneCallAndTheOtherIsSentAway() throws Exception {
    Payment paid = approved();
    var calling = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    crm.during(
        () -> {
          calling.countDown();
          awaitUninterrupted(answer);
        });
    var thread = Executors.newSingleThreadExecutor();
    try {
      var first = thread.submit(() -> tagger.tag(paid));
      assertThat(calling.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(tagger.tag(paid)).isEqualTo(TagResult.CLAIMED_ELSEWHERE);
      answer.countDown();

      assertThat(first.get()).isEqualTo(TagResult.TAGGED);
    } finally {
      answer.countDown();
      thread.shutdownNow();
    }
    assertThat(tagger.tag(paid)).isEqualTo(TagResult.NOTHING_DUE);
    assertThat(crm.calls()).hasSize(1);
  }

  @Test
  void twentyAtOnceAreOneCall() throws Exception {
    Payment paid = approved();

    List<TagResult> results =
        PaymentFixture.together(Collections.nCopies(20, () -> tagger.tag(paid)));

    assertThat(results).containsOnlyOnce(TagResult.TAGGED);
    assertThat(results)
        .containsAnyOf(TagResult.CLAIMED_ELSEWHERE, TagResult.NOTHING_DUE)
        .doesNotContain(TagResult.NO_CONTACT, TagResult.FLAGGED);
    assertThat(crm.calls()).hasSize(1);
  }

  @Test
  void noTransactionIsOpenDuringTheCall() throws Exception {
    Payment paid = approved();
    var during = new AtomicReference<Payment>();
    crm.during(
        () -> during.set(fixture.apply(payment("7").reference("a1").detail("x").at(1)).payment()));

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.TAGGED);

    assertThat(during).hasValueMatching(payment -> "x".equals(payment.statusDetail()));
  }

  @Test
  void aClaimLeftByACrashRunsOutAndIsCalledForOnceMore() throws Exception {
    Payment paid = approved();
    fixture.store().claimTags(paid.id(), "a process that died", CLAIM);

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.CLAIMED_ELSEWHERE);
    fixture.clock().advance(CLAIM.plusMillis(1));

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.TAGGED);
    assertThat(tagger.tag(paid)).isEqualTo(TagResult.NOTHING_DUE);
    assertThat(crm.calls()).hasSize(1);
  }

  @Test
  void whoComesBackAfterItsClaimRanOutChangesNothing() throws Exception {
    Payment paid = approved();
    TagClaim late = fixture.store().claimTags(paid.id(), "a slow process", CLAIM);
    fixture.clock().advance(CLAIM.plusMillis(1));
    TagClaim taker = fixture.store().claimTags(paid.id(), "the next", CLAIM);

    assertThat(fixture.store().markApplied(late)).isFalse();
    fixture.store().release(late);

    assertThat(tagger.tag(paid)).isEqualTo(TagResult.CLAIMED_ELSEWHERE);
    assertThat(fixture.store().markApplied(taker)).isTrue();
    assertThat(tagger.tag(paid)).isEqualTo(TagResult.NOTHING_DUE);
  }

  @Test
  void aTagThatIsClaimedIsNotTakenAwayByALaterLookUp() throws Exception {
    Payment paid = approved();
    TagClaim claim = fixture.store().claimTags(paid.id(), "a handler", CLAIM);

    fixture.apply(payment("7").reference("a1").status("refunded").at(1));

    assertThat(fixture.store().markApplied(claim)).isTrue();
    assertThat(fixture.tags("7")).containsExactly("pago_confirmado", "pago_reembolsado", "revisar");
    assertThat(tagger.tag(paid)).isEqualTo(TagResult.TAGGED);
    assertThat(crm.calls()).containsExactly("contact1:[pago_reembolsado, revisar]");
  }

  private Payment approved() {
    fixture.checkout("a1");
    return fixture.apply(payment("7").reference("a1")).payment();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
