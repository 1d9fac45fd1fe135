package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoOrder;
import dev.acuse.mercadopago.MercadoPagoOrders;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.OnlineOrders;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.order.OrderFilter;
import dev.acuse.order.OrderReader;
import dev.acuse.order.OrderStore;
import dev.acuse.remote.RemoteException;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.http.GarbageKind;
import dev.acuse.sandbox.mercadopago.OrderStanding;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxOrders;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders that no webhook told of, or of which the last one was lost. */
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class OnlineOrderReconciliationTest {
  private static final BigDecimal TOTAL = new BigDecimal("1500");

  private final ReconcilerFixture fixture;
  private final SandboxOrders orders;
  private final OrderStore store;
  private final OrderReader reader;
  private final Instant now;

  OnlineOrderReconciliationTest(Engine engine) {
    this.fixture = new ReconcilerFixture(engine);
    this.orders = fixture.sandbox.mercadoPago().seller().onlineOrders();
    this.store = new OrderStore(fixture.database.jdbi(), fixture.clock);
    this.reader = new OrderReader(fixture.database.jdbi());
    this.now = fixture.clock.instant();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Has what MercadoPago says of an order kept here, as its handler does. */
  private void keep(String id) throws RemoteException {
    MercadoPagoOrder order = new MercadoPagoOrders(fixture.guarded()).order(id);
    store.apply(1, order.snapshot(), Set.of(), false);
  }

  private List<String> lookedUp() {
    return fixture.eventReader.page(Scope.everything(), EventFilter.ALL, null, 500).stream()
        .filter(event -> event.origin() == EventOrigin.RECONCILIATION)
        .filter(event -> event.eventType().equals("order"))
        .map(WebhookEvent::resourceId)
        .toList();
  }

  private OnlineOrders found(long remote, long behind) {
    return new OnlineOrders(remote, behind, fixture.run().to());
  }

  @Test
  void anAccountWithoutOrdersIsNotAskedForThem() {
    orders.make("co_1", TOTAL);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().online()).isEqualTo(new OnlineOrders(0, 0, fixture.run().from()));
    assertThat(fixture.sandbox.mercadoPago().requestCount("/v1/orders")).isZero();
  }

  @Test
  void ordersThatAreMissingOrOlderHereAreLookedUpOnceForEachState() throws Exception {
    String known = orders.make("co_1", TOTAL).id();
    keep(known);
    String missing = orders.make("co_2", TOTAL).id();
    String changed = orders.make("co_3", TOTAL).id();
    keep(changed);
    fixture.remoteClock.advance(Duration.ofSeconds(5));
    orders.end(changed, OrderStanding.EXPIRED);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().error()).isNull();
    assertThat(fixture.run().online()).isEqualTo(found(3, 2));
    assertThat(fixture.run().summary()).contains("2 of 3 orders behind").doesNotContain("%");
    assertThat(lookedUp()).containsExactlyInAnyOrder(missing, changed);

    assertThat(fixture.reconciler().cycle(true)).isTrue();
    assertThat(lookedUp()).as("the same again is the same event").hasSize(2);
  }

  @Test
  void anOrderThatALookUpLeftBehindIsLookedUpAgainLessAndLessOften() throws Exception {
    String lagging = orders.make("co_1", TOTAL).id();
    keep(lagging);
    fixture.remoteClock.advance(Duration.ofSeconds(10));
    orders.pay(lagging, PaymentOutcome.APPROVED);
    for (int run = 0; run <= 30; run++) {
      fixture.reconciler().cycle(true);
      // The answer was what is kept already.
      fixture
          .database
          .jdbi()
          .useHandle(handle -> handle.execute("UPDATE webhook_events SET status = 'success'"));
      fixture.clock.advance(Duration.ofMinutes(10));
      fixture.remoteClock.advance(Duration.ofMinutes(10));
    }
    assertThat(lookedUp()).as("in five hours").hasSizeBetween(4, 7).containsOnly(lagging);

    MercadoPagoOrder paid = new MercadoPagoOrders(fixture.guarded()).order(lagging);
    store.apply(1, paid.snapshot(), Set.of(), true);
    int looks = lookedUp().size();
    for (int hour = 0; hour < 5; hour++) {
      fixture.clock.advance(Duration.ofHours(1));
      fixture.remoteClock.advance(Duration.ofHours(1));
      fixture.reconciler().cycle(true);
    }
    assertThat(lookedUp()).as("what is kept is as the search shows it").hasSize(looks);
  }

  @Test
  void anOrderOfLongAgoIsLookedUpWhenItsPaymentIsBehind() throws Exception {
    fixture.remoteClock.advance(Duration.ofDays(-40));
    String old = orders.make("co_1", TOTAL).id();
    orders.pay(old, PaymentOutcome.APPROVED);
    keep(old);
    fixture.remoteClock.advance(Duration.ofDays(40));
    orders.refund(old, null);

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().online()).as("made before the window").isEqualTo(found(0, 0));
    assertThat(lookedUp()).containsExactly(old);
    assertThat(fixture.run().tally().queued()).as("the payment, and its order").isEqualTo(2);
  }

  @Test
  void anAccountOfWhichANotificationCameUsesOrders() {
    String missing = orders.make("co_2", TOTAL).id();
    fixture.events.append(
        new NewEvent(
            "mp:order:x",
            Topic.SOURCE,
            "orders",
            null,
            "ORD01K0",
            EventStatus.PENDING,
            null,
            SignatureState.VERIFIED,
            EventOrigin.WEBHOOK,
            new byte[0],
            null,
            Map.of()));

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(lookedUp()).containsExactly(missing);
  }

  @Test
  void aDryRunOnlyCounts() throws Exception {
    keep(orders.make("co_1", TOTAL).id());
    orders.make("co_2", TOTAL);
    AccountReconciler reconciler = fixture.reconciler();
    fixture.clock.advance(Duration.ofDays(1));

    reconciler.request(now.minusSeconds(60), now.plusSeconds(60), true, "ana");
    reconciler.cycle(false);

    assertThat(fixture.run().online()).isEqualTo(found(2, 1));
    assertThat(lookedUp()).isEmpty();
  }

  @Test
  void aLongWindowIsAskedForInPartsThatMercadoPagoTakes() throws Exception {
    fixture.remoteClock.advance(Duration.ofDays(-200));
    String old = orders.make("co_1", TOTAL).id();
    fixture.remoteClock.advance(Duration.ofDays(100));
    String less = orders.make("co_2", TOTAL).id();
    fixture.remoteClock.advance(Duration.ofDays(100));
    keep(orders.make("co_3", TOTAL).id());
    AccountReconciler reconciler = fixture.reconciler();

    reconciler.request(now.minus(Duration.ofDays(250)), null, false, "ana");
    reconciler.cycle(false);

    assertThat(fixture.run().error()).isNull();
    assertThat(fixture.run().online()).isEqualTo(found(3, 2));
    assertThat(lookedUp()).containsExactlyInAnyOrder(old, less);
  }

  @Test
  void manyOrdersAreAllFound() throws Exception {
    keep(orders.make("co_0", TOTAL).id());
    for (int i = 1; i < 230; i++) {
      fixture.remoteClock.advance(Duration.ofSeconds(20));
      orders.make("co_" + i, TOTAL);
    }

    assertThat(fixture.reconciler().cycle(true)).isTrue();

    assertThat(fixture.run().online()).isEqualTo(found(230, 229));
    assertThat(lookedUp()).hasSize(229);
  }

  @Test
  void aSearchThatIsRefusedDoesNotStopTheComparisonOfPayments() throws Exception {
    keep(orders.make("co_1", TOTAL).id());
    fixture.checkout("order-1");
    String missing = fixture.payInOrder("order-1", now.minusSeconds(50));
    AccountReconciler reconciler =
        fixture.reconciler(
            "one",
            () -> fixture.sandbox.mercadoPago().faults().always(Fault.garbage(GarbageKind.HTML)));

    assertThat(reconciler.cycle(true)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().error())
        .contains("merchant orders were not compared: ")
        .contains("; orders were not compared: ");
    assertThat(fixture.run().tally().missing()).isEqualTo(1);
    assertThat(missing).isNotNull();
  }

  @Test
  void anOutageAmidTheOrdersIsTakenUpThere() throws Exception {
    keep(orders.make("co_1", TOTAL).id());
    for (int i = 1; i < 120; i++) {
      fixture.remoteClock.advance(Duration.ofMinutes(7));
      orders.make("co_" + i, TOTAL);
    }
    var down = new AtomicBoolean();
    AccountReconciler reconciler =
        fixture.reconciler(
            "one",
            () -> {
              if (down.compareAndSet(false, true)) {
                fixture.sandbox.mercadoPago().faults().always(503);
              }
            });
    reconciler.request(now.minusSeconds(60), null, false, "ana");

    reconciler.cycle(false);
    fixture.sandbox.mercadoPago().faults().none();
    assertThat(fixture.reconciler().cycle(false)).isTrue();

    assertThat(fixture.run().status()).isEqualTo(Status.DONE);
    assertThat(fixture.run().error()).isNull();
    assertThat(lookedUp()).hasSize(119).doesNotHaveDuplicates();
  }

  @Test
  void anOpenOrderIsLookedUpAgainWhenItIsDueThoughItIsOfNoWindow() throws Exception {
    SandboxOnlineOrder open = orders.make("co_1", TOTAL);
    keep(open.id());
    SandboxOnlineOrder done = orders.make("co_2", TOTAL);
    orders.end(done.id(), OrderStanding.EXPIRED);
    keep(done.id());

    assertThat(fixture.reconciler().cycle(true)).isTrue();
    assertThat(lookedUp()).as("not yet").isEmpty();

    fixture.clock.advance(Duration.ofDays(20));
    fixture.remoteClock.advance(Duration.ofDays(20));
    assertThat(fixture.reconciler().cycle(true)).isTrue();
    assertThat(lookedUp()).containsExactly(open.id());
    assertThat(reader.page(Scope.of(1), new OrderFilter(null, "co_1", null, null), null, 1))
        .singleElement()
        .satisfies(
            order ->
                assertThat(order.nextLookAt()).isAfter(fixture.clock.instant().plusSeconds(3_600)));

    assertThat(fixture.reconciler().cycle(true)).isTrue();
    assertThat(lookedUp()).as("once for each look").hasSize(1);
  }
}
