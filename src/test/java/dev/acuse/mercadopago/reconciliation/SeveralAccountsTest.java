package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.account.AccountState;
import dev.acuse.event.EventFilter;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Tally;
import dev.acuse.payment.PaymentDetailsStore;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteException;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Accounts are compared apart, side by side, and none at the cost of another. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class SeveralAccountsTest {
  private static final long A = Place.MAIN_ACCOUNT;
  private static final long B = 2;
  private static final String SELLER_B = "448800002";

  private final ReconcilerFixture fixture;
  private final Instant now;

  SeveralAccountsTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.now = fixture.clock.instant();
    fixture.accounts.set(B, AccountState.ACTIVE, null);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatIsRightInOneAccountIsMissingInAnotherOfTheSameIds() {
    String id = fixture.pay(now.minusSeconds(50));
    fixture.apply(id);

    assertThat(compare(B)).isEqualTo(new Tally(1, 0, 1, 0, 0, 1));
    assertThat(compare(A)).isEqualTo(new Tally(1, 1, 0, 0, 0, 0));

    assertThat(queued()).containsExactly("2 mp:2 " + id);
    assertThat(fixture.reader.unhealed(Scope.of(A))).isZero();
    assertThat(fixture.reader.unhealed(Scope.of(B))).isEqualTo(1);
    assertThat(fixture.reader.unhealed(Scope.everything())).isEqualTo(1);
    assertThat(fixture.reader.foundSince(Scope.of(A), Instant.EPOCH)).isZero();
    assertThat(fixture.reader.foundSince(Scope.of(B), Instant.EPOCH)).isEqualTo(1);
    assertThat(fixture.store.markHealed(fixture.paymentReader)).as("A's payment").isZero();
    copyPayments();
    assertThat(fixture.store.markHealed(fixture.paymentReader)).isEqualTo(1);
    assertThat(fixture.reader.unhealed(Scope.of(B))).isZero();
  }

  @Test
  void theSamePaymentMissingInTwoAccountsIsAnEventAndAFindingInEach() {
    String id = fixture.pay(now.minusSeconds(50));

    compare(A);
    compare(B);

    assertThat(queued()).containsExactlyInAnyOrder("1 mp:1 " + id, "2 mp:2 " + id);
    assertThat(fixture.reader.unhealed(Scope.everything())).isEqualTo(2);
    fixture.apply(id);
    assertThat(fixture.store.markHealed(fixture.paymentReader)).isEqualTo(1);
    assertThat(fixture.reader.unhealed(Scope.of(A))).isZero();
    assertThat(fixture.reader.unhealed(Scope.of(B))).isEqualTo(1);
  }

  /** B has the payment, and not the checkout that its order leads to. */
  @Test
  void anOrderIsHeldAgainstTheCheckoutsOfItsAccount() {
    fixture.checkout("order-1");
    String unlinked = fixture.payInOrder("order-1", now.minusSeconds(50));
    fixture.apply(unlinked);
    copyPayments();

    compare(A);
    compare(B);

    assertThat(run(A).orders().behind()).isEqualTo(1);
    assertThat(run(B).orders().behind()).isZero();
    assertThat(run(B).orders().remote()).isEqualTo(1);
  }

  @Test
  void readersShowWhatIsInTheirScopeAlone() {
    compare(B);
    fixture.clock.advance(Duration.ofMinutes(1));
    String before = fixture.reader.version(Scope.of(B));
    compare(A);

    assertThat(fixture.reader.page(Scope.of(A), null, 9))
        .extracting(ReconciliationRun::accountId)
        .containsExactly(A);
    assertThat(fixture.reader.page(Scope.of(B), null, 9))
        .extracting(ReconciliationRun::accountId)
        .containsExactly(B);
    assertThat(fixture.reader.page(Scope.everything(), null, 9)).hasSize(2);
    assertThat(fixture.reader.find(Scope.of(B), run(A).id())).isEmpty();
    assertThat(fixture.reader.find(Scope.of(A), run(A).id())).isPresent();
    assertThat(fixture.reader.latest(Scope.of(B)).orElseThrow().run().accountId()).isEqualTo(B);
    assertThat(fixture.reader.latest(Scope.of(3))).isEmpty();
    assertThat(fixture.reader.version(Scope.of(B))).as("A's run is no news").isEqualTo(before);
    assertThat(fixture.reader.state(Scope.of(3))).isEmpty();
    assertThat(fixture.reader.state(Scope.everything()))
        .as("that of the account which lags behind")
        .isEqualTo(fixture.reader.state(Scope.of(B)));
  }

  @Test
  void aGapIsClosedByItsOwnAccountAlone() {
    fixture.show(fixture.pay(now.minus(Duration.ofMinutes(30))), SearchFlaw.DISORDER);
    fixture.pay(now.minus(Duration.ofMinutes(20)));
    for (int i = 0; i < AccountReconciler.MOST_FAILURES; i++) {
      fixture.reconciler("one", B).cycle(true);
    }
    fixture.sandbox.mercadoPago().showInSearch(payment -> payment);
    ReconciliationRun gap = fixture.reader.gaps(Scope.of(B)).get(0);
    assertThat(fixture.reader.gaps(Scope.of(A))).isEmpty();

    for (long id : new long[] {A, B}) {
      assertThat(fixture.reader.gaps(Scope.everything())).hasSize(1);
      AccountReconciler reconciler = fixture.reconciler("one", id);
      reconciler.request(gap.from(), gap.gapTo(), false, "ana");
      reconciler.cycle(false);
    }

    assertThat(fixture.reader.gaps(Scope.everything())).isEmpty();
  }

  @Test
  void anInstanceComparesAnAccountWhileAnotherComparesAnother() {
    fixture.pay(now.minusSeconds(50));
    var others = new ArrayList<Boolean>();
    AccountReconciler one =
        fixture.reconciler(
            "one",
            () -> {
              others.add(fixture.reconciler("two", A).cycle(true));
              others.add(fixture.reconciler("two", B).cycle(true));
            });

    assertThat(one.cycle(true)).isTrue();

    assertThat(others).as("A's lease is held, B's is not").containsExactly(false, true);
    assertThat(run(A).worker()).isEqualTo("one");
    assertThat(run(B).worker()).isEqualTo("two");
  }

  @Test
  void whatASellerOnlyPaidIsNeitherMissingNorQueued() {
    fixture.accounts.set(A, AccountState.ACTIVE, String.valueOf(ReconcilerFixture.COLLECTOR));
    fixture.accounts.set(B, AccountState.ACTIVE, SELLER_B);
    String soldByA = fixture.pay(now.minusSeconds(50));
    String soldByB = "7";
    sold(Long.parseLong(soldByB), Long.parseLong(SELLER_B), now.minusSeconds(40));
    fixture.checkout("order-1");
    String inOrderOfA = fixture.payInOrder("order-1", now.minusSeconds(30));
    copyPayments();

    assertThat(compare(A)).isEqualTo(new Tally(2, 0, 2, 0, 0, 2));
    assertThat(compare(B)).isEqualTo(new Tally(1, 0, 1, 0, 0, 1));

    assertThat(queued())
        .containsExactlyInAnyOrder(
            "1 mp:1 " + soldByA, "1 mp:1 " + inOrderOfA, "2 mp:2 " + soldByB);
    assertThat(run(B).orders().remote()).isZero();
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    assertThat(fixture.completeness().of(Scope.of(A), day).remote()).isEqualTo(2);
    assertThat(fixture.completeness().of(Scope.of(B), day).remote()).isEqualTo(1);
    assertThat(fixture.completeness().of(Scope.everything(), day).remote())
        .as("of several at once none is asked about")
        .isNull();
  }

  @Test
  void theDaysOfAnAccountCountItsPaymentsAlone() {
    fixture.apply(fixture.pay(now));
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);

    assertThat(fixture.completeness().of(Scope.of(A), day).ours()).isEqualTo(1);
    assertThat(fixture.completeness().of(Scope.of(B), day).ours()).isZero();
    copyPayments();
    assertThat(fixture.completeness().of(Scope.of(B), day).ours()).isEqualTo(1);
    assertThat(fixture.completeness().of(Scope.everything(), day).ours()).isEqualTo(2);
  }

  @Test
  void aRunThatWasAskedForIsOfItsAccount() {
    Reconciler instance = fixture.instance("one", () -> {});

    ReconciliationRun run = instance.request(B, now.minusSeconds(60), now, true, "ana").run();
    turns(instance, System.nanoTime());

    assertThat(run.accountId()).isEqualTo(B);
    assertThat(fixture.reader.find(Scope.of(B), run.id()).orElseThrow().status())
        .isEqualTo(Status.DONE);
    assertThat(fixture.reader.page(Scope.of(A), null, 9))
        .as("its own, on schedule")
        .extracting(ReconciliationRun::requestedBy)
        .containsExactly((String) null);
  }

  @Test
  void aPausedAccountIsNotComparedAndGoesOnWhereItWas() {
    Reconciler instance = fixture.instance("one", () -> {});
    Instant newest = now.minus(Duration.ofHours(5));
    fixture.pay(newest);
    turns(instance, 0);
    fixture.accounts.set(B, AccountState.PAUSED, null);
    fixture.clock.advance(Duration.ofDays(4));
    fixture.pay(now.plus(Duration.ofDays(1)));

    turns(instance, TimeUnit.DAYS.toNanos(4));

    assertThat(instance.accounts()).isEqualTo(1);
    assertThat(fixture.reader.page(Scope.of(B), null, 9)).hasSize(1);
    assertThat(fixture.reader.state(Scope.of(B)).orElseThrow().watermark()).isEqualTo(newest);
    assertThatThrownBy(() -> instance.request(B, null, null, false, "ana"))
        .isInstanceOf(Reconciler.NotActiveException.class)
        .hasMessageContaining("not active");
    assertThat(fixture.reader.page(Scope.of(B), null, 9)).as("nothing was asked for").hasSize(1);

    fixture.accounts.set(B, AccountState.ACTIVE, null);
    turns(instance, TimeUnit.DAYS.toNanos(4));

    assertThat(run(B).from()).isEqualTo(newest.minus(Duration.ofHours(2)));
    assertThat(run(B).tally().missing()).isEqualTo(2);
  }

  @Test
  void anAccountThatIsPausedMeanwhileEndsAfterItsPage() {
    fixture.pay(350, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    fixture.accounts.set(A, AccountState.PAUSED, null);
    Reconciler instance =
        fixture.instance("one", () -> fixture.accounts.set(B, AccountState.PAUSED, null));

    turns(instance, 0);

    assertThat(run(B).status()).isEqualTo(Status.WAITING);
    assertThat(run(B).tally().remote()).isEqualTo(97);
    assertThat(instance.accounts()).isZero();
    fixture.accounts.set(B, AccountState.ACTIVE, null);
    turns(fixture.instance("two", () -> {}), 0);
    assertThat(fixture.reader.page(Scope.of(B), null, 9))
        .extracting(run -> run.tally().remote())
        .as("the same run to its end, and the next")
        .contains(350L);
  }

  @Test
  void aNewAccountBeginsAsTheFirstDidAndOneThatIsRemovedIsForgotten() {
    Reconciler instance = fixture.instance("one", () -> {});
    turns(instance, 0);
    fixture.clock.advance(Duration.ofDays(30));
    fixture.accounts.set(3, AccountState.ACTIVE, null);

    turns(instance, 1);

    assertThat(run(3).from()).isEqualTo(fixture.clock.instant().minus(Duration.ofDays(3)));
    assertThat(instance.accounts()).isEqualTo(3);
    fixture.accounts.set(3, AccountState.DISCONNECTED, null);
    turns(instance, 2);
    assertThat(instance.accounts()).isEqualTo(2);
    assertThat(fixture.reader.page(Scope.of(3), null, 9)).as("its runs stay").hasSize(1);
  }

  @Test
  void aLongWindowGivesWayAndIsNoResumption() {
    fixture.pay(1_500, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    Reconciler instance = fixture.instance("one", () -> {});
    var nanos = new AtomicLong();

    assertThat(instance.turn(nanos::incrementAndGet)).isTrue();
    assertThat(run(A).status()).as("B is due").isEqualTo(Status.WAITING);
    assertThat(run(A).worker()).isNull();
    long first = run(A).tally().remote();
    assertThat(first).isBetween(900L, 1_000L);
    assertThat(instance.turn(nanos::incrementAndGet)).isTrue();
    assertThat(run(B).tally().remote()).as("B's turn").isEqualTo(first);
    while (instance.turn(nanos::incrementAndGet)) {
      assertThat(nanos.get()).isLessThan(1_000);
    }

    for (long id : new long[] {A, B}) {
      assertThat(fixture.reader.page(Scope.of(id), null, 9)).hasSize(1);
      assertThat(run(id).status()).isEqualTo(Status.DONE);
      assertThat(run(id).tally()).isEqualTo(new Tally(1_500, 0, 1_500, 0, 0, 1_500));
      assertThat(run(id).resumed()).isZero();
    }
  }

  @Test
  void aLongWindowGoesOnWhereNoOtherWaits() {
    fixture.pay(1_500, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    fixture.accounts.set(B, AccountState.PAUSED, null);

    assertThat(fixture.instance("one", () -> {}).turn(() -> 0)).isTrue();

    assertThat(run(A).status()).isEqualTo(Status.DONE);
  }

  /** With answers so slow that each turn is over at once. */
  @Test
  void aWindowOfSlowPagesComesToItsEndThoughItGivesWayEachTime() {
    fixture.pay(350, now.minus(Duration.ofHours(1)), Duration.ofSeconds(1));
    fixture.checkout("order-1");
    fixture.payInOrder("order-1", now.minusSeconds(30));
    var nanos = new AtomicLong();
    Guard slow = new TimedGuard(() -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(20)));
    fixture.ask(A, fixture.sandbox, slow);
    fixture.ask(B, fixture.sandbox, slow);
    Reconciler instance = fixture.instance("one", () -> {});

    int taken = 0;
    while (instance.turn(nanos::get) && taken < 100) {
      taken++;
    }

    assertThat(taken).isBetween(4, 99);
    assertThat(run(A).status()).isEqualTo(Status.DONE);
    assertThat(run(B).status()).isEqualTo(Status.DONE);
    assertThat(run(A).orders().remote()).isEqualTo(1);
  }

  @Test
  void aFewAccountsAreComparedAtATime() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var open = new CountDownLatch(1);
    var guard =
        new TimedGuard(
            () -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              try {
                assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              } finally {
                inside.decrementAndGet();
              }
            });
    for (long id = 1; id <= 30; id++) {
      fixture.accounts.set(id, AccountState.ACTIVE, null);
      fixture.ask(id, fixture.sandbox, guard);
    }
    Reconciler instance = fixture.instance("one", () -> {});
    instance.start();
    try {
      Awaitility.await().until(() -> inside.get() == Reconciler.PLACES);
      open.countDown();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> done(fixture.reader.page(Scope.everything(), null, 100)) == 30);
    } finally {
      open.countDown();
      instance.stop();
    }

    assertThat(most.get()).isEqualTo(Reconciler.PLACES);
  }

  private static long done(List<ReconciliationRun> runs) {
    return runs.stream().filter(run -> run.status() == Status.DONE).count();
  }

  @Test
  void theLastRunOfEachAccountIsKept() {
    compare(A);
    compare(B);
    compare(B);

    fixture.clock.advance(Duration.ofDays(9));
    fixture.store.purge(Duration.ofDays(1));

    assertThat(fixture.reader.page(Scope.everything(), null, 9))
        .extracting(ReconciliationRun::accountId)
        .containsExactly(B, A);
  }

  @Test
  void detailsAreFilledInForEachAccountByItsOwnClient() throws Exception {
    String id = fixture.pay(now.minus(Duration.ofHours(3)));
    fixture.apply(id);
    copyPayments();
    forgetDetails();
    var refused = new AtomicBoolean(true);
    fixture.ask(
        A,
        fixture.sandbox,
        new TimedGuard(() -> {}) {
          @Override
          public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
            if (refused.get()) {
              throw new RemoteException.Unauthorized("the token was revoked", 401);
            }
            return super.call(exchange);
          }
        });
    DetailBackfill backfill =
        fixture.backfill("one", new PaymentDetailsStore(fixture.database.jdbi()));

    assertThatThrownBy(backfill::turn).isInstanceOf(RemoteException.Unauthorized.class);
    assertThat(backfill.turn()).as("B's page; A lacks its own still").isFalse();

    assertThat(methods()).containsExactly("1 null", "2 visa");
    refused.set(false);
    assertThat(backfill.turn()).isTrue();
    assertThat(methods()).containsExactly("1 visa", "2 visa");
    fixture.accounts.set(3, AccountState.ACTIVE, null);
    assertThat(backfill.turn()).as("the new account has nothing that lacks any").isTrue();
  }

  /** Takes every turn that is due at a time. */
  private static void turns(Reconciler instance, long nanos) {
    int taken = 0;
    while (instance.turn(() -> nanos)) {
      assertThat(++taken).isLessThan(100);
    }
  }

  private Tally compare(long accountId) {
    assertThat(fixture.reconciler("one", accountId).cycle(true)).isTrue();
    return run(accountId).tally();
  }

  private ReconciliationRun run(long accountId) {
    return fixture.reader.page(Scope.of(accountId), null, 1).get(0);
  }

  private void sold(long id, long collector, Instant changed) {
    fixture
        .sandbox
        .mercadoPago()
        .put(
            SandboxPayment.of(id, BigDecimal.TEN, collector, PaymentOutcome.APPROVED, changed)
                .with(
                    new SandboxPayment.Terms(
                        BigDecimal.TEN, "ARS", null, null, collector, Map.of())));
  }

  /** Gives B each payment that A has, under the same id. */
  private void copyPayments() {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO payments (account_id, mp_payment_id, status, mp_updated_at,
                      search_text, created_at, updated_at)
                    SELECT 2, mp_payment_id, status, mp_updated_at, search_text, created_at,
                      updated_at
                    FROM payments WHERE account_id = 1
                    """));
  }

  private void forgetDetails() {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle -> handle.execute("UPDATE payments SET method = NULL, search_text = NULL"));
  }

  private List<String> methods() {
    return fixture
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT account_id, method FROM payments ORDER BY account_id")
                    .map((row, context) -> row.getLong(1) + " " + row.getString(2))
                    .list());
  }

  /** Account, lane and payment of each event that was queued. */
  private List<String> queued() {
    List<WebhookEvent> all =
        fixture.eventReader.page(Scope.everything(), EventFilter.ALL, null, 500);
    assertThat(all).allSatisfy(event -> assertThat(event.webhookId()).startsWith("acuse:"));
    return fixture
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT account_id, lane, resource_id FROM webhook_events
                        WHERE origin = 'reconciliation' AND event_type = 'payment' ORDER BY id
                        """)
                    .map(
                        (row, context) ->
                            row.getLong(1)
                                + " "
                                + new Lane(row.getString(2)).code()
                                + " "
                                + row.getString(3))
                    .list());
  }
}
