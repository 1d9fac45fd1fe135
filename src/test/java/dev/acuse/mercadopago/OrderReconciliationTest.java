package dev.acuse.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.reconciliation.AccountReconciler;
import dev.acuse.mercadopago.reconciliation.ReconcilerFixture;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Orders;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.support.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the search for payments does not tell, and merchant orders do. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class OrderReconciliationTest {
  private final ReconcilerFixture fixture;
  private final Instant now;

  OrderReconciliationTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.now = fixture.clock.instant();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void paymentThatOnlyItsOrderLinksToItsCheckoutIsLookedUpByItsOrder() {
    fixture.checkout("order-1");
    String unlinked = fixture.payInOrder("order-1", now.minusSeconds(50));
    fixture.apply(unlinked);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().tally().missing()).isZero();
    assertThat(fixture.run().orders()).isEqualTo(orders(1, 1));
    assertThat(lookedUp()).containsExactly("merchant_order " + fixture.orderOf(unlinked));

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(lookedUp()).as("the same again is the same event").hasSize(1);
  }

  @Test
  void paymentThatTheSearchDoesNotShowIsFoundInItsOrder() {
    fixture.checkout("order-1");
    String old = fixture.payInOrder("order-1", now.minus(Duration.ofDays(9)));
    String known = fixture.payInOrder("order-1", now.minusSeconds(50));
    fixture.apply(known);
    link(known);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().tally().remote()).isEqualTo(1);
    assertThat(fixture.run().orders()).isEqualTo(orders(1, 1));
    assertThat(lookedUp()).containsExactly("merchant_order " + fixture.orderOf(old));
  }

  @Test
  void orderWhosePaymentsAreRightOrAboutToBeLookedUpIsNotBehind() {
    fixture.checkout("order-1");
    fixture.checkout("order-2");
    String right = fixture.payInOrder("order-1", now.minusSeconds(50));
    fixture.apply(right);
    link(right);
    String missing = fixture.payInOrder("order-2", now.minusSeconds(40));

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().tally().missing()).isEqualTo(1);
    assertThat(fixture.run().orders()).isEqualTo(orders(2, 0));
    assertThat(lookedUp()).containsExactly("payment " + missing);
  }

  @Test
  void dryRunOnlyCountsOrders() {
    fixture.checkout("order-1");
    fixture.payInOrder("order-1", now.minusSeconds(50));
    AccountReconciler reconciler = fixture.reconciler();

    reconciler.request(null, null, true, "ana");
    reconciler.cycle(false);

    assertThat(fixture.run().orders().behind()).isEqualTo(1);
    assertThat(lookedUp()).isEmpty();
  }

  @Test
  void searchForOrdersThatAnswersNonsenseDoesNotStopTheComparisonOfPayments() {
    fixture.checkout("order-1");
    String missing = fixture.payInOrder("order-1", now.minusSeconds(50));
    // once the payments of the window are compared, nothing but the orders is asked for
    AccountReconciler reconciler =
        fixture.reconciler(
            "one",
            () -> fixture.sandbox.mercadoPago().faults().always(Fault.garbage(GarbageKind.HTML)));

    assertThat(reconciler.cycle(true)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().error()).startsWith("merchant orders were not compared");
    assertThat(lookedUp()).containsExactly("payment " + missing);
    assertThat(fixture.reader.state(Scope.everything()).orElseThrow().watermark())
        .isEqualTo(now.minusSeconds(50));
  }

  @Test
  void outageAmidTheOrdersIsTakenUpThere() {
    fixture.checkout("order-1");
    fixture.payInOrder("order-1", now.minusSeconds(50));
    var down = new AtomicBoolean();
    AccountReconciler reconciler =
        fixture.reconciler(
            "one",
            () -> {
              if (down.compareAndSet(false, true)) {
                fixture.sandbox.mercadoPago().faults().always(503);
              }
            });

    assertThat(reconciler.cycle(true)).isFalse();
    assertThat(fixture.run().status()).isEqualTo(Status.WAITING);
    assertThat(fixture.reader.state(Scope.everything()).orElseThrow().doneAt()).isNull();
    fixture.sandbox.mercadoPago().faults().none();
    assertThat(fixture.reconciler().cycle(false)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().error()).isNull();
    assertThat(fixture.run().tally().remote()).isEqualTo(1);
    assertThat(fixture.run().orders()).isEqualTo(orders(1, 0));
  }

  private Orders orders(long remote, long behind) {
    return new Orders(remote, behind, fixture.run().to());
  }

  /** As the handler of an order does it. */
  private void link(String mpPaymentId) {
    fixture
        .database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE payments SET checkout_id = (SELECT MAX(id) FROM checkouts"
                        + " WHERE external_reference = 'order-1') WHERE mp_payment_id = ?",
                    mpPaymentId));
  }

  /** What reconciliation has asked to be looked up. */
  private List<String> lookedUp() {
    return fixture.eventReader.page(Scope.everything(), EventFilter.ALL, null, 100).stream()
        .filter(event -> event.origin() == EventOrigin.RECONCILIATION)
        .map(OrderReconciliationTest::describe)
        .toList();
  }

  private static String describe(WebhookEvent event) {
    return event.eventType() + " " + event.resourceId();
  }
}
