package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.Scope;
import dev.acuse.payment.PaymentDetailsStore;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentDetails;
import dev.acuse.remote.RemoteException;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class DetailBackfillTest {
  private final ReconcilerFixture fixture;
  private final Instant now;

  DetailBackfillTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.now = fixture.clock.instant();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void paymentsOfAVersionBeforeGetTheirDetails() throws Exception {
    List<String> ids = pay(250);
    DetailBackfill backfill = backfill("one");

    int turns = 0;
    while (!backfill.turn()) {
      turns++;
    }

    assertThat(turns).as("pages of a hundred").isBetween(2, 4);
    for (String id : ids) {
      Payment payment = payment(id);
      PaymentDetails details = payment.details();
      assertThat(details.method()).isEqualTo("visa");
      assertThat(details.methodType()).isEqualTo("credit_card");
      assertThat(details.lastFour()).isEqualTo(id.substring(id.length() - 4));
      assertThat(details.instalments()).isEqualTo(1);
      assertThat(details.fee()).isEqualByComparingTo(new BigDecimal("0.65"));
      assertThat(details.net()).isEqualByComparingTo(new BigDecimal("9.35"));
      assertThat(payment.searchText()).contains(id);
    }
    assertThat(backfill.turn()).as("done for good").isTrue();
  }

  @Test
  void whatNoSearchShowsIsFoundByWhatIsHere() throws Exception {
    String old = fixture.pay(now.minus(Duration.ofDays(500)));
    String young = fixture.pay(now.minus(Duration.ofDays(10)));
    fixture.apply(old);
    fixture.apply(young);
    forgetDetails();
    pay(120);
    DetailBackfill backfill = backfill("one");

    int turns = 0;
    while (!backfill.turn()) {
      turns++;
      assertThat(payment(old).searchText()).as("before the walk is through").isNull();
    }

    assertThat(turns).isPositive();
    assertThat(payment(old).details()).isEqualTo(PaymentDetails.NONE);
    assertThat(payment(old).searchText()).isEqualTo(old);
    assertThat(payment(young).details().method()).isEqualTo("visa");
  }

  @Test
  void aTurnGivesUpSoManyAndTheNextGoesOnBehindThem() throws Exception {
    insertOld(10_400);
    DetailBackfill backfill = backfill("one");

    assertThat(backfill.turn()).isFalse();
    assertThat(without()).as("twenty pages of five hundred are given up").isEqualTo(400);
    // What lies behind the turn's end is not read again.
    forgetFirst();

    assertThat(backfill.turn()).isTrue();
    assertThat(without()).isEqualTo(1);
  }

  @Test
  void anotherInstanceGoesOnWhereADeathCutOff() throws Exception {
    pay(250);
    assertThat(backfill("one").turn()).isFalse();
    long left = without();
    assertThat(left).isLessThan(250).isPositive();

    DetailBackfill two = backfill("two");
    fixture.sandbox.mercadoPago().faults().always(Fault.status(500));
    assertThatThrownBy(two::turn).isInstanceOf(RemoteException.class);
    assertThat(without()).isEqualTo(left);
    fixture.sandbox.mercadoPago().faults().none();
    while (!two.turn()) {
      assertThat(without()).isLessThan(left);
    }

    assertThat(without()).isZero();
  }

  @Test
  void whereNothingIsLackingItIsDoneAtOnce() throws Exception {
    fixture.apply(fixture.pay(now.minusSeconds(50)));

    assertThat(backfill("one").turn()).isTrue();
    assertThat(fixture.sandbox.mercadoPago().requestCount("/v1/payments/search")).isZero();
  }

  private Payment payment(String id) {
    return fixture.paymentReader.paymentByMpId(Scope.everything(), id).orElseThrow();
  }

  private void forgetDetails() {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE payments SET method = NULL, method_type = NULL, last_four = NULL,"
                        + " instalments = NULL, fee = NULL, net = NULL, release_at = NULL,"
                        + " search_text = NULL"));
  }

  /** Payments of an hour each, which are here as a version before details has stored them. */
  private List<String> pay(int number) {
    Map<String, Instant> changes = new LinkedHashMap<>();
    for (int i = 0; i < number; i++) {
      Instant changed = now.minus(Duration.ofHours(number - i));
      changes.put(fixture.pay(changed), changed);
    }
    insert(changes);
    return List.copyOf(changes.keySet());
  }

  private void insertOld(int number) {
    Map<String, Instant> changes = new LinkedHashMap<>();
    for (int i = 0; i < number; i++) {
      changes.put("old" + i, now.minus(Duration.ofDays(500)));
    }
    insert(changes);
  }

  private void insert(Map<String, Instant> changes) {
    fixture
        .database
        .jdbi()
        .useTransaction(
            handle -> {
              var batch =
                  handle.prepareBatch(
                      """
                      INSERT INTO payments (mp_payment_id, status, mp_updated_at, created_at,
                        updated_at)
                      VALUES (?, 'approved', ?, ?, ?)
                      """);
              changes.forEach((id, changed) -> batch.add(id, changed, changed, changed));
              batch.execute();
            });
  }

  private void forgetFirst() {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE payments SET search_text = NULL"
                        + " WHERE id = (SELECT MIN(id) FROM payments)"));
  }

  private long without() {
    return fixture
        .database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT COUNT(*) FROM payments WHERE search_text IS NULL")
                    .mapTo(Long.class)
                    .one());
  }

  private DetailBackfill backfill(String owner) {
    return fixture.backfill(owner, new PaymentDetailsStore(fixture.database.jdbi()));
  }
}
