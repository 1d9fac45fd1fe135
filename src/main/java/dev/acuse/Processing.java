package dev.acuse;

import dev.acuse.account.Accounts;
import dev.acuse.database.MonotonicClock;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispatch.Lanes;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectSteps;
import dev.acuse.effect.Effects;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.gohighlevel.FindContactHandler;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.gohighlevel.GoHighLevelCrm;
import dev.acuse.gohighlevel.TagHandler;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Outbox;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.handler.MerchantOrderHandler;
import dev.acuse.mercadopago.handler.PaymentHandler;
import dev.acuse.mercadopago.handler.PaymentRefresh;
import dev.acuse.mercadopago.handler.SimulationHandler;
import dev.acuse.mercadopago.reconciliation.DetailBackfill;
import dev.acuse.mercadopago.reconciliation.LookUps;
import dev.acuse.mercadopago.reconciliation.OrderComparison;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore;
import dev.acuse.mercadopago.reconciliation.WindowComparison;
import dev.acuse.payment.PaymentDetailsStore;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.StoredPayers;
import dev.acuse.remote.PacedRate;
import dev.acuse.remote.Rate;
import dev.acuse.remote.RemoteLane;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What it takes to process an event, by the service or by a command: the stores, the two systems
 * that are called, and the runner of attempts.
 *
 * @param outbox adds events in the transactions of others
 * @param effects what payments want of other systems
 * @param client asks MercadoPago through its breakers, as the lane of the account {@code main}
 * @param unguarded the same past that breaker: it creates checkouts' preferences, because a
 *     merchant's request must not be refused because look-ups fail, and its own failure must not
 *     hold events back; a doctor asks by it, too
 * @param unguardedCrm asks GoHighLevel past its breakers, within its rate: where that has no room
 *     it waits
 * @param lanes what stands behind the lanes, as the dispatcher sees it
 * @param instances how many instances share the rates
 * @param clock the database's time
 * @param owner names this process in leases and attempts: readable, and like no other's
 */
record Processing(
    EventStore events,
    EventReader eventReader,
    Outbox outbox,
    PaymentStore payments,
    PaymentReader paymentReader,
    Effects effects,
    MercadoPagoClient client,
    MercadoPagoClient unguarded,
    GoHighLevelClient unguardedCrm,
    Lanes lanes,
    InstanceCount instances,
    AttemptRunner runner,
    Clock clock,
    String owner) {

  /** Puts the parts together; starts none. */
  static Processing of(AcuseConfiguration config, Environment environment, Database database) {
    Clock clock = database.clock();
    var stored =
        new EventStore(
            database.jdbi(),
            clock,
            config.dispatch().allowed(),
            database.syncFailure(),
            database.calls(),
            database.arrivals());
    var outbox =
        new Outbox(clock, config.dispatch().allowed(), database.syncFailure(), stored.due());
    var effects = new Effects(outbox, clock, config.goHighLevel().locationId());
    EventStore events = stored.followedBy(new EffectSteps(effects));
    var paymentReader = new PaymentReader(database.jdbi());
    var payments =
        new PaymentStore(
            database.jdbi(),
            clock,
            config.payment().rules(config.mercadoPago().collectorId()),
            effects);
    var instances = new InstanceCount();
    PacedRate crmRate = config.goHighLevel().rate(instances);
    RemoteSystem mercadoPago =
        system(MercadoPagoClient.NAME, config.dispatch(), code -> Rate.UNLIMITED);
    RemoteLane mercadoPagoLane = mercadoPago.lane(Lane.MAIN.code());
    if (!config.mercadoPago().accessToken().isSet()) {
      mercadoPagoLane.lacksToken();
    }
    Lane location = Lane.crm(Place.MAIN_ACCOUNT, config.goHighLevel().locationId());
    RemoteSystem goHighLevel =
        system(
            GoHighLevelCrm.NAME,
            config.dispatch(),
            code -> code.equals(location.code()) ? crmRate : config.goHighLevel().rate(instances));
    RemoteLane crmLane = goHighLevel.lane(location.code());
    if (!config.goHighLevel().token().isSet()) {
      crmLane.lacksToken();
    }
    MercadoPagoClient unguarded = config.mercadoPago().buildClient(environment, clock);
    MercadoPagoClient client = unguarded.through(mercadoPagoLane);
    GoHighLevelClient crm = config.goHighLevel().buildClient(environment, clock);
    var lanes = new Lanes(List.of(mercadoPago, goHighLevel), effectKinds());
    var goHighLevelCrm = new GoHighLevelCrm(crm.through(crmLane));
    var current = new CurrentEffects(database.jdbi());
    var refresh = new PaymentRefresh(client, payments);
    var policy =
        new RetryPolicy(
            config.dispatch().retryDelays(), config.dispatch().outagePatience(), new Random());
    var runner =
        new AttemptRunner(
            events,
            List.of(
                new PaymentHandler(refresh),
                new MerchantOrderHandler(client, refresh),
                new SimulationHandler(),
                new TagHandler(goHighLevelCrm, current, Place.MAIN_ACCOUNT),
                new FindContactHandler(
                    goHighLevelCrm,
                    new StoredPayers(paymentReader, payments),
                    current,
                    Place.MAIN_ACCOUNT)),
            lanes,
            event -> policy,
            clock,
            environment.metrics());
    return new Processing(
        events,
        new EventReader(database.jdbi(), clock),
        outbox,
        payments,
        paymentReader,
        effects,
        client,
        unguarded,
        crm.through(crmRate.patient()),
        lanes,
        instances,
        runner,
        clock,
        ownerName());
  }

  /** Compares this inbox with MercadoPago; not started. */
  Reconciler reconciler(AcuseConfiguration config, Accounts accounts, Database database) {
    LookUps lookUps = lookUps();
    return new Reconciler(
        new ReconciliationStore(database.jdbi(), clock),
        id -> client,
        accounts,
        new WindowComparison(eventReader, paymentReader, lookUps),
        new OrderComparison(eventReader, paymentReader, lookUps),
        config.reconciliation(),
        clock,
        owner);
  }

  /** Fills in what payments of a version before lack; not started. */
  DetailBackfill detailBackfill(Accounts accounts, Database database) {
    return new DetailBackfill(
        database.jdbi(), new PaymentDetailsStore(database.jdbi()), id -> client, accounts, clock, owner);
  }

  /** Has MercadoPago's resources looked up, by way of events. */
  LookUps lookUps() {
    return new LookUps(events, clock);
  }

  /** Each location has a lane, and all lanes a client of one connection pool. */
  private static RemoteSystem system(
      String name, DispatchConfiguration config, Function<String, Rate> rates) {
    // Its waits are this process's own: a clock that is set must not make them an hour longer.
    return new RemoteSystem(
        name,
        config.breakerFailures(),
        config.probeEvery(),
        MonotonicClock.from(Clock.systemUTC()),
        rates);
  }

  private static Set<String> effectKinds() {
    return EffectKind.KNOWN.stream().map(EffectKind::code).collect(Collectors.toSet());
  }

  /** Both systems, as this instance knows them. */
  List<RemoteSystem> downstreams() {
    return lanes.systems();
  }

  private static String ownerName() {
    return "acuse-"
        + ProcessHandle.current().pid()
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }
}
