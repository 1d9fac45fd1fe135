package dev.acuse.mercadopago.reconciliation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.account.Accounts;
import dev.acuse.audit.AuditTrail;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.inbox.DeliveryReader;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.QuarantineReview;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.notification.QuarantineHealer;
import dev.acuse.order.OrderReader;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.CheckoutJournal;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.Checkouts;
import dev.acuse.payment.PaymentDetailsStore;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentRules;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.TagRules;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.Engine;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import dev.acuse.text.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Reconciliation on a real database against a sandbox, each with a clock that a test moves. */
public final class ReconcilerFixture implements AutoCloseable {
  /** Who is paid at the sandbox. */
  static final long COLLECTOR = 448_800_001;

  public final ManualClock clock = ManualClock.create();
  public final ManualClock remoteClock = ManualClock.create();
  public final TestDatabase database;
  public final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(remoteClock));
  public final EventStore events;
  public final EventReader eventReader;
  public final PaymentStore payments;
  public final PaymentReader paymentReader;
  public final ReconciliationStore store;
  public final ReconciliationReader reader;
  public final ReconciliationConfiguration config = fast();
  public final SettableAccounts accounts = new SettableAccounts();
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final MercadoPagoClient client;
  private final Map<Long, MercadoPagoClient> ofAccounts = new ConcurrentHashMap<>();
  private long nextId = 138_400_000_000L;

  public ReconcilerFixture(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.events = new EventStore(database.jdbi(), clock, 4);
    this.eventReader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    this.paymentReader = new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE);
    this.reader = new ReconciliationReader(database.jdbi());
    this.payments =
        new PaymentStore(
            database.jdbi(),
            clock,
            new PaymentRules(
                new TagRules(Map.of("approved", List.of("pago_confirmado"))), null, false),
            TestEffects.of(clock));
    this.store = new ReconciliationStore(database.jdbi(), clock);
    this.client = client(sandbox);
  }

  private MercadoPagoClient client(Sandbox of) {
    var configuration =
        new MercadoPagoConfiguration(
            of.mercadoPagoUrl().toString(),
            Secret.of(of.options().credentials().accessToken()),
            null,
            null,
            null,
            null,
            null,
            null);
    return new MercadoPagoClient(http.client(), configuration, configuration.credentials(), clock);
  }

  /** Has an account ask another sandbox than the others do, or by way of a guard. */
  void ask(long accountId, Sandbox its, Guard guard) {
    ofAccounts.put(accountId, client(its).through(guard));
  }

  /** The client of an account, whose calls no breaker holds back unless it is the default one. */
  MercadoPagoClients clients() {
    MercadoPagoClient guarded = guarded();
    return id -> ofAccounts.getOrDefault(id, guarded);
  }

  /** Hardly anybody waits in a test. */
  private static ReconciliationConfiguration fast() {
    try {
      return new ObjectMapper()
          .readValue("{\"searchesPerSecond\": 1000}", ReconciliationConfiguration.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An instance that compares main, with a breaker of its own. */
  public AccountReconciler reconciler(String owner) {
    return reconciler(owner, () -> {});
  }

  /**
   * An instance that compares main and is disturbed.
   *
   * @param onStored runs when its look-ups are stored, and its progress is not yet
   */
  public AccountReconciler reconciler(String owner, Runnable onStored) {
    return instance(owner, onStored).of(Place.MAIN_ACCOUNT);
  }

  /** An instance that compares another account. */
  AccountReconciler reconciler(String owner, long accountId) {
    return instance(owner, () -> {}).of(accountId);
  }

  /** An instance, not started. */
  Reconciler instance(String owner, Runnable onStored) {
    var its = new EventStore(database.jdbi(), clock, 4);
    its.due()
        .tell(
            new DueSignal.Listener() {
              @Override
              public void onStored(Set<Lane> lanes) {
                onStored.run();
              }

              @Override
              public void wake() {}
            });
    var lookUps = new LookUps(its, clock);
    return new Reconciler(
        store,
        clients(),
        accounts,
        new WindowComparison(eventReader, paymentReader, lookUps),
        new OrderComparison(eventReader, paymentReader, lookUps),
        new DisputeLooks(
                new DisputeStore(database.jdbi(), clock),
                new DisputeReader(database.jdbi()),
                paymentReader,
                lookUps)
            .and(new FindingLooks(store, eventReader, lookUps, clock)),
        new OnlineOrderComparison(
            eventReader,
            new DeliveryReader(database.jdbi()),
            new OrderReader(database.jdbi()),
            new OrderStore(database.jdbi(), clock),
            lookUps),
        config,
        clock,
        owner);
  }

  public MercadoPagoClient guarded() {
    return client.through(
        new RemoteSystem(
                MercadoPagoClient.NAME,
                new DispatchConfiguration().breakerFailures(),
                new DispatchConfiguration().probeEvery(),
                clock)
            .lane(Lane.MAIN.code()));
  }

  DetailBackfill backfill(String owner, PaymentDetailsStore details) {
    return new DetailBackfill(database.jdbi(), details, clients(), accounts, clock, owner);
  }

  Completeness completeness() {
    return new Completeness(eventReader, paymentReader, clients(), accounts);
  }

  public QuarantineHealer healer() {
    return healer(account -> guarded(), IntakeAccounts.alone(List.of()));
  }

  /** One that asks for several accounts. */
  public QuarantineHealer healer(MercadoPagoClients clients, Accounts accounts) {
    return new QuarantineHealer(
        new QuarantineReview(database.jdbi(), clock, events.due()),
        clients,
        accounts,
        config.quarantineLookupsPerMinute());
  }

  public AccountReconciler reconciler() {
    return reconciler("one");
  }

  /** The newest run. */
  public ReconciliationRun run() {
    return reader.page(Scope.everything(), null, 1).get(0);
  }

  /** A payment at MercadoPago that changed at this instant, and of which nobody is told. */
  public String pay(Instant changed) {
    return pay(changed, Map.of());
  }

  public String pay(Instant changed, Map<String, Object> metadata) {
    long id = ++nextId;
    put(id, PaymentOutcome.APPROVED, changed, metadata);
    return String.valueOf(id);
  }

  public void pay(int number, Instant first, Duration apart) {
    for (int i = 0; i < number; i++) {
      pay(first.plus(apart.multipliedBy(i)));
    }
  }

  /** Has the search answer nonsense, or fail, wherever a payment is in the page. */
  void show(String id, SearchFlaw flaw) {
    sandbox
        .mercadoPago()
        .showInSearch(
            payment -> {
              if (!String.valueOf(payment.id()).equals(id)) {
                return payment;
              }
              Instant changed = payment.state().lastUpdated();
              return switch (flaw) {
                case DISORDER -> at(payment, changed.plus(Duration.ofHours(1)));
                case OTHER_WINDOW -> at(payment, changed.minus(Duration.ofDays(30)));
                case FAILURE -> throw new IllegalStateException("a search that fails");
              };
            });
  }

  private static SandboxPayment at(SandboxPayment payment, Instant changed) {
    return SandboxPayment.of(
            payment.id(), BigDecimal.TEN, COLLECTOR, PaymentOutcome.APPROVED, changed)
        .with(payment.terms());
  }

  /** Has the search show a payment's date without its milliseconds. */
  void showWithoutMillis(String id) {
    sandbox
        .mercadoPago()
        .showInSearch(
            payment ->
                String.valueOf(payment.id()).equals(id)
                    ? at(payment, payment.state().lastUpdated().truncatedTo(ChronoUnit.SECONDS))
                    : payment);
  }

  public void change(String id, PaymentOutcome outcome, Instant changed) {
    put(Long.parseLong(id), outcome, changed, Map.of());
  }

  private void put(long id, PaymentOutcome outcome, Instant changed, Map<String, Object> metadata) {
    SandboxPayment payment =
        SandboxPayment.of(id, BigDecimal.TEN, COLLECTOR, outcome, changed)
            .with(new SandboxPayment.Terms(BigDecimal.TEN, "ARS", null, null, COLLECTOR, metadata));
    sandbox.mercadoPago().put(payment);
  }

  /** A checkout with a preference at MercadoPago; returns its reference. */
  public String checkout(String reference) {
    try {
      new Checkouts(
              payments,
              paymentReader,
              account -> client,
              (account, id, why) -> {},
              new AuditTrail(database.jdbi(), clock),
              CheckoutJournal.NONE)
          .register(
              Place.MAIN_ACCOUNT,
              new CheckoutRequest(reference, "contact1", BigDecimal.TEN, "ARS", "Course", null));
      return reference;
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A payment in the merchant order of a checkout that names neither of them itself. */
  public String payInOrder(String reference, Instant changed) {
    SandboxPayment paid = sandbox.mercadoPago().pay(reference, PaymentOutcome.APPROVED).payment();
    sandbox
        .mercadoPago()
        .put(
            new SandboxPayment(
                paid.id(),
                paid.orderId(),
                new SandboxPayment.Terms(BigDecimal.TEN, "ARS", null, null, COLLECTOR, Map.of()),
                SandboxPayment.of(
                        paid.id(), BigDecimal.TEN, COLLECTOR, PaymentOutcome.APPROVED, changed)
                    .state()));
    return String.valueOf(paid.id());
  }

  /** A payment of a part of a checkout, as with one of two cards. */
  public String payPart(String reference, String amount, Instant changed) {
    SandboxPayment paid =
        sandbox
            .mercadoPago()
            .pay(reference, PaymentOutcome.APPROVED, new BigDecimal(amount))
            .payment();
    SandboxPayment.State state =
        SandboxPayment.of(paid.id(), BigDecimal.TEN, COLLECTOR, PaymentOutcome.APPROVED, changed)
            .state();
    sandbox.mercadoPago().put(paid.with(state));
    return String.valueOf(paid.id());
  }

  /** The merchant order of a payment. */
  public String orderOf(String mpPaymentId) {
    return String.valueOf(
        sandbox.mercadoPago().payment(Long.parseLong(mpPaymentId)).orElseThrow().orderId());
  }

  /** Has what MercadoPago says of a payment applied here, as a handler does. */
  public long apply(String id) {
    try {
      return payments
          .apply(1, client.payment(id).snapshot(), payments.look(false), null)
          .payment()
          .id();
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    sandbox.close();
    database.close();
  }
}
