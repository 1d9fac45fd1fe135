package dev.acuse;

import dev.acuse.database.MonotonicClock;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.gohighlevel.GuardedCrm;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.handler.MerchantOrderHandler;
import dev.acuse.mercadopago.handler.PaymentHandler;
import dev.acuse.mercadopago.handler.PaymentRefresh;
import dev.acuse.mercadopago.reconciliation.OrderComparison;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore;
import dev.acuse.mercadopago.reconciliation.WindowComparison;
import dev.acuse.payment.CustomerTagger;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentStore;
import dev.acuse.remote.Downstream;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What it takes to process an event, by the service or by a command: the stores, the two systems
 * that are called, and the runner of attempts.
 *
 * @param clock the database's time
 * @param owner names this process in leases and attempts: readable, and like no other's
 */
record Processing(
    EventStore events,
    EventReader eventReader,
    PaymentStore payments,
    PaymentReader paymentReader,
    MercadoPagoClient client,
    List<Downstream> downstreams,
    AttemptRunner runner,
    Clock clock,
    String owner) {

  /** Puts the parts together; starts none. */
  static Processing of(AcuseConfiguration config, Environment environment, Database database) {
    Clock clock = database.clock();
    var events =
        new EventStore(
            database.jdbi(),
            clock,
            config.dispatch().maxAttempts(),
            database.syncFailure(),
            database.calls(),
            database.arrivals());
    var payments =
        new PaymentStore(
            database.jdbi(),
            clock,
            config.payment().tagRules(),
            config.mercadoPago().getCollectorId());
    MercadoPagoClient client = config.mercadoPago().buildClient(environment, clock);
    Downstream mercadoPago =
        downstream("mercadopago", Downstream.Scope.EVERY_EVENT, config.dispatch());
    Downstream goHighLevel =
        downstream("gohighlevel", Downstream.Scope.WAITING_EVENTS, config.dispatch());
    var tagger =
        new CustomerTagger(
            payments,
            new GuardedCrm(config.goHighLevel().buildCrm(environment, clock), goHighLevel),
            config.payment().getTagClaim().toJavaDuration(),
            config.payment().isFindContactByEmail());
    var refresh = new PaymentRefresh(client, mercadoPago, goHighLevel, payments, tagger);
    var downstreams = List.of(mercadoPago, goHighLevel);
    var policy =
        new RetryPolicy(
            config.dispatch().retryDelays(), config.dispatch().outagePatience(), new Random());
    var runner =
        new AttemptRunner(
            events,
            List.of(
                new PaymentHandler(refresh),
                new MerchantOrderHandler(client, mercadoPago, refresh)),
            downstreams,
            policy,
            clock,
            environment.metrics());
    return new Processing(
        events,
        new EventReader(database.jdbi(), clock),
        payments,
        new PaymentReader(database.jdbi()),
        client,
        downstreams,
        runner,
        clock,
        ownerName());
  }

  /** Compares this inbox with MercadoPago; not started. */
  Reconciler reconciler(AcuseConfiguration config, Database database, Runnable wake) {
    return new Reconciler(
        new ReconciliationStore(database.jdbi(), clock),
        client,
        downstreams.get(0),
        new WindowComparison(events, eventReader, paymentReader, clock, wake),
        new OrderComparison(events, eventReader, paymentReader, clock, wake),
        config.reconciliation(),
        clock,
        owner);
  }

  private static Downstream downstream(
      String name, Downstream.Scope scope, DispatchConfiguration config) {
    // Its waits are this process's own: nobody who sets a clock may make them an hour longer.
    return new Downstream(
        name,
        scope,
        config.breakerFailures(),
        config.probeEvery(),
        MonotonicClock.from(Clock.systemUTC()),
        RemoteFailures::diagnose);
  }

  private static String ownerName() {
    return "acuse-"
        + ProcessHandle.current().pid()
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }
}
