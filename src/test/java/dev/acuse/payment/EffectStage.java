package dev.acuse.payment;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.BatchRunner;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispatch.Handlers;
import dev.acuse.dispatch.Lanes;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.effect.CrmLanes;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectOperations;
import dev.acuse.effect.EffectRepair;
import dev.acuse.effect.EffectSteps;
import dev.acuse.effect.Effects;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.gohighlevel.FindContactHandler;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.gohighlevel.GoHighLevelConfiguration;
import dev.acuse.gohighlevel.GoHighLevelCrm;
import dev.acuse.gohighlevel.TagHandler;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Outbox;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.handler.AccountRefreshes;
import dev.acuse.mercadopago.handler.DisputedPayments;
import dev.acuse.mercadopago.handler.PaymentHandler;
import dev.acuse.mercadopago.handler.UnhandledTopics;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.Preferences.Preference;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Snapshots;
import dev.acuse.remote.Guard;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.Claims;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;

/** Effects from the payment to GoHighLevel: a real database, the real handlers, a sandbox. */
final class EffectStage implements AutoCloseable {
  static final int MAX_ATTEMPTS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  final ManualClock clock = ManualClock.create();
  final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(clock));
  final TestDatabase database;
  final EventStore events;
  final EventReader reader;
  final EventOperations operations;
  final Effects effects;
  final EffectSteps steps;
  final EffectOperations desk;
  final EffectRepair repair;
  final PaymentStore store;
  final PaymentReader payments;
  private static final Lanes NO_LIMITS = new Lanes(List.of(), Claims.KINDS);

  private final BoundedClient http = new BoundedClient(TIMEOUT);
  private final BatchRunner batch;

  EffectStage(Engine engine, boolean findsContacts) {
    database = TestDatabase.open(engine);
    Jdbi jdbi = database.jdbi();
    var stored = new EventStore(jdbi, clock, MAX_ATTEMPTS);
    var outbox =
        new Outbox(
            clock, AttemptsAllowed.always(MAX_ATTEMPTS), new SyncFailure(() -> {}), stored.due());
    effects = new Effects(outbox, clock, CrmLanes.at(sandbox.options().credentials().locationId()));
    steps = new EffectSteps(effects);
    events = stored.followedBy(steps);
    reader = new EventReader(jdbi, clock, TestAccounts.MAIN_ALONE);
    operations = Desks.of(jdbi, clock, MAX_ATTEMPTS).followedBy(steps);
    desk = new EffectOperations(jdbi, clock, effects, TestAccounts.MAIN_ALONE);
    repair = new EffectRepair(jdbi, clock, effects);
    payments = new PaymentReader(jdbi, TestAccounts.MAIN_ALONE);
    store =
        new PaymentStore(
            jdbi,
            clock,
            new PaymentRules(
                new TagRules(
                    Map.of(
                        "approved", List.of("pago_confirmado"),
                        "refunded", List.of("pago_reembolsado"))),
                null,
                findsContacts),
            effects);
    batch = new BatchRunner(events, runner(), NO_LIMITS, new DispatchConfiguration(), "batch");
  }

  private AttemptRunner runner() {
    var credentials = sandbox.options().credentials();
    var crm =
        new GoHighLevelCrm(
            new GoHighLevelClient(
                http.client(),
                new GoHighLevelConfiguration(
                    sandbox.goHighLevelUrl().toString(),
                    Secret.of(credentials.goHighLevelToken()),
                    credentials.locationId(),
                    null,
                    null,
                    null),
                clock,
                Guard.NONE));
    var configuration =
        new MercadoPagoConfiguration(
            sandbox.mercadoPagoUrl().toString(),
            Secret.of(credentials.accessToken()),
            null,
            null,
            null,
            null,
            null,
            null);
    var mercadoPago =
        new MercadoPagoClient(http.client(), configuration, configuration.credentials(), clock);
    var current = new CurrentEffects(database.jdbi());
    return new AttemptRunner(
        events,
        new Handlers(
            List.of(
                new PaymentHandler(
                    new AccountRefreshes(
                        id -> mercadoPago,
                        store,
                        new DisputedPayments(new DisputeStore(database.jdbi(), clock)),
                        new OrderStore(database.jdbi(), clock),
                        Accounts.fixed(EnvironmentAccount.NONE.alone()),
                        events::sellerOf,
                        events::append)),
                new TagHandler(id -> crm, current),
                new FindContactHandler(id -> crm, new StoredPayers(payments, store), current)),
            new UnhandledTopics()),
        NO_LIMITS,
        event -> new RetryPolicy(List.of(Duration.ofMinutes(1)), Duration.ofDays(3), new Random(1)),
        clock,
        new MetricRegistry());
  }

  Lane crmLane() {
    return Lane.crm(Place.MAIN_ACCOUNT, sandbox.options().credentials().locationId());
  }

  SandboxGoHighLevel crm() {
    return sandbox.goHighLevel();
  }

  /**
   * Works off what is due now, and what becomes due by that; answers how many attempts that were.
   */
  int work() {
    return batch.runDue(1_000).size();
  }

  /** Works until nothing is left to be tried again. */
  void workToTheEnd() {
    for (int i = 0; i < 2 * MAX_ATTEMPTS; i++) {
      work();
      clock.advance(Duration.ofMinutes(2));
    }
  }

  Applied apply(Snapshots snapshot) {
    return store.apply(Place.MAIN_ACCOUNT, snapshot.build(), store.look(false), null);
  }

  /** A registered checkout of 1500.50 ARS, for a contact that GoHighLevel knows. */
  Checkout checkout(String reference, String contactId) {
    crm().addContact(contactId, null);
    store.addCheckout(
        Place.MAIN_ACCOUNT,
        new CheckoutRequest(
            reference, contactId, new BigDecimal("1500.50"), "ARS", "Consulta", null),
        new Preference("pref-" + reference, "https://mp.test/" + reference));
    return payments.checkoutByReference(Scope.everything(), reference).orElseThrow();
  }

  /** Each effect as {@code name:wanted:generation:state}, in order. */
  List<String> effects() {
    return strings(
        """
        SELECT CONCAT(CASE WHEN kind = 'tag' THEN name ELSE kind END, ':', wanted, ':', generation,
          ':', state)
        FROM effects ORDER BY id
        """);
  }

  /** Each event of an effect as {@code generation:status}, in order. */
  List<String> effectEvents() {
    return strings(
        "SELECT CONCAT(webhook_id, ':', status) FROM webhook_events WHERE effect_id IS NOT NULL"
            + " ORDER BY id");
  }

  List<String> strings(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  long number(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    batch.close();
    http.close();
    sandbox.close();
    database.close();
  }
}
