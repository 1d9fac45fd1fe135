package dev.acuse;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.account.HeldSecret;
import dev.acuse.database.MonotonicClock;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispatch.Handlers;
import dev.acuse.dispatch.Lanes;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectSteps;
import dev.acuse.effect.Effects;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.gohighlevel.AccountCrms;
import dev.acuse.gohighlevel.FindContactHandler;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.gohighlevel.GoHighLevelCrm;
import dev.acuse.gohighlevel.TagHandler;
import dev.acuse.inbox.DeliveryReader;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Outbox;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.handler.AccountRefreshes;
import dev.acuse.mercadopago.handler.AlsoNamed;
import dev.acuse.mercadopago.handler.DisputeHandler;
import dev.acuse.mercadopago.handler.DisputedPayments;
import dev.acuse.mercadopago.handler.FraudAlertHandler;
import dev.acuse.mercadopago.handler.MerchantOrderHandler;
import dev.acuse.mercadopago.handler.OrderHandler;
import dev.acuse.mercadopago.handler.PaymentHandler;
import dev.acuse.mercadopago.handler.UnhandledTopics;
import dev.acuse.mercadopago.notification.NotificationBody;
import dev.acuse.mercadopago.reconciliation.DetailBackfill;
import dev.acuse.mercadopago.reconciliation.DisputeLooks;
import dev.acuse.mercadopago.reconciliation.FindingLooks;
import dev.acuse.mercadopago.reconciliation.LookUps;
import dev.acuse.mercadopago.reconciliation.OnlineOrderComparison;
import dev.acuse.mercadopago.reconciliation.OrderComparison;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore;
import dev.acuse.mercadopago.reconciliation.WindowComparison;
import dev.acuse.order.OrderReader;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.AccountRules;
import dev.acuse.payment.PaymentConfiguration;
import dev.acuse.payment.PaymentDetailsStore;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentRules;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.StoredPayers;
import dev.acuse.payment.TagRules;
import dev.acuse.remote.Guard;
import dev.acuse.remote.Rate;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.text.Secret;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to process an event, by the service or by a command: the stores, the two systems
 * that are called, and the runner of attempts.
 *
 * @param accounts as they are at any time
 * @param accountLanes in which lane each account's effects are carried out
 * @param known the same, as the readers need them
 * @param outbox adds events in the transactions of others
 * @param effects what payments want of other systems
 * @param mercadoPago asks MercadoPago for each account
 * @param goHighLevel asks GoHighLevel for each account
 * @param lanes what stands behind the lanes, as the dispatcher sees it
 * @param instances how many instances share the rates
 * @param handled MercadoPago's topics that have a handler, in lower case
 * @param clock the database's time
 * @param owner names this process in leases and attempts: readable, and like no other's
 */
record Processing(
    Accounts accounts,
    AccountLanes accountLanes,
    KnownAccounts known,
    EventStore events,
    EventReader eventReader,
    Outbox outbox,
    PaymentStore payments,
    PaymentReader paymentReader,
    Effects effects,
    AccountClients<MercadoPagoClient> mercadoPago,
    AccountClients<GoHighLevelClient> goHighLevel,
    Lanes lanes,
    InstanceCount instances,
    AttemptRunner runner,
    Set<String> handled,
    Clock clock,
    String owner) {

  /** Puts the parts together; starts none. */
  static Processing of(
      AcuseConfiguration config, Environment environment, Database database, Accounts accounts) {
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
    var accountLanes = new AccountLanes(accounts, outbox);
    var effects = new Effects(outbox, clock, accountLanes);
    EventStore events = stored.followedBy(new EffectSteps(effects));
    var known = new SeenAccounts(accounts);
    var paymentReader = new PaymentReader(database.jdbi(), known);
    var payments =
        new PaymentStore(database.jdbi(), clock, rules(config.payment(), accounts), effects);
    var instances = new InstanceCount();
    RemoteSystem mercadoPago =
        system(MercadoPagoClient.NAME, config.dispatch(), code -> Rate.UNLIMITED);
    RemoteSystem goHighLevel =
        system(
            GoHighLevelCrm.NAME, config.dispatch(), code -> config.goHighLevel().rate(instances));
    accountLanes.holdIn(mercadoPago, goHighLevel);
    var clients =
        new AccountClients<>(
            accounts,
            mercadoPago,
            new OfMercadoPago(
                config.mercadoPago().buildClient(environment, clock), config.mercadoPago()));
    var crms =
        new AccountClients<>(
            accounts,
            goHighLevel,
            new OfGoHighLevel(config.goHighLevel().buildClient(environment, clock)));
    var lanes = new Lanes(List.of(mercadoPago, goHighLevel), effectKinds());
    AccountCrms accountCrms = id -> new GoHighLevelCrm(crms.of(id));
    var current = new CurrentEffects(database.jdbi());
    var refreshes =
        new AccountRefreshes(
            clients::of,
            payments,
            new DisputedPayments(new DisputeStore(database.jdbi(), clock)),
            new OrderStore(database.jdbi(), clock),
            accounts,
            events::sellerOf,
            events::append);
    var policy =
        new RetryPolicy(
            config.dispatch().retryDelays(), config.dispatch().outagePatience(), new Random());
    var eventReader = new EventReader(database.jdbi(), clock, known);
    var byType =
        new Handlers(
            List.of(
                new PaymentHandler(refreshes),
                new MerchantOrderHandler(refreshes),
                DisputeHandler.ofChargebacks(
                    refreshes, (account, id) -> namedPayment(eventReader, account, id)),
                DisputeHandler.ofClaims(
                    refreshes, (account, id) -> namedPayment(eventReader, account, id)),
                new FraudAlertHandler(refreshes),
                new OrderHandler(
                    refreshes,
                    new OrderStore(database.jdbi(), clock),
                    (account, id) -> paymentHints(eventReader, account, id)),
                new TagHandler(accountCrms, current),
                new FindContactHandler(
                    accountCrms, new StoredPayers(paymentReader, payments), current)),
            new UnhandledTopics());
    var alsoNamed =
        new AlsoNamed(byType::handle, (account, id) -> eventReader.request(Scope.of(account), id));
    var runner =
        new AttemptRunner(
            events,
            byType.behind(alsoNamed),
            lanes,
            event -> policy,
            clock,
            environment.metrics(),
            accountLanes::catchUp,
            id -> nameOf(accounts, id));
    return new Processing(
        accounts,
        accountLanes,
        known,
        events,
        eventReader,
        outbox,
        payments,
        paymentReader,
        effects,
        clients,
        crms,
        lanes,
        instances,
        runner,
        byType.typesOf(Topic.SOURCE),
        clock,
        ownerName());
  }

  /** Which payment the stored body of an account's event names beside what it is about. */
  static @Nullable String namedPayment(EventReader events, long accountId, long eventId) {
    return events
        .payload(Scope.of(accountId), eventId)
        .map(body -> NotificationBody.of(body).paymentId())
        .orElse(null);
  }

  /** Which payments the stored body of an account's event names. */
  static List<String> paymentHints(EventReader events, long accountId, long eventId) {
    return events
        .payload(Scope.of(accountId), eventId)
        .map(body -> NotificationBody.of(body).paymentReferences())
        .orElse(List.of());
  }

  /** Asks MercadoPago for an account, through its breakers and in its lane. */
  MercadoPagoClients clients() {
    return mercadoPago::of;
  }

  /**
   * By what each account's payments are judged: the fixed tags, where it has a CRM to wear them.
   */
  static AccountRules rules(PaymentConfiguration config, Accounts accounts) {
    TagRules tags = config.tagRules();
    var none = new TagRules(Map.of());
    return accountId -> {
      Optional<Account> account = accounts.current().byId(accountId);
      // main's tags wait for a token that is yet to be set.
      boolean wearsTags =
          accountId == Place.MAIN_ACCOUNT
              || account.map(Account::crmToken).filter(HeldSecret::isSet).isPresent();
      return new PaymentRules(
          wearsTags ? tags : none,
          account.map(Account::sellerId).orElse(null),
          config.findContactByEmail());
    };
  }

  /** Makes MercadoPago's clients. */
  record OfMercadoPago(MercadoPagoClient any, MercadoPagoConfiguration config)
      implements AccountClients.Maker<MercadoPagoClient> {
    /** The address of main stays as it is configured, because its preferences name it already. */
    @Override
    public AccountClients.Parts parts(Account account) {
      return new AccountClients.Parts(
          Lane.mercadoPago(account.id()),
          account.accessToken().value(),
          account.id() == Place.MAIN_ACCOUNT
              ? config.notificationUrl()
              : config.notificationUrl(account.name()));
    }

    @Override
    public MercadoPagoClient client(Secret token, @Nullable String address) {
      return any.as(token, address);
    }

    @Override
    public MercadoPagoClient through(MercadoPagoClient client, Guard guard) {
      return client.through(guard);
    }
  }

  /** Makes GoHighLevel's clients. */
  record OfGoHighLevel(GoHighLevelClient any) implements AccountClients.Maker<GoHighLevelClient> {
    @Override
    public AccountClients.Parts parts(Account account) {
      return new AccountClients.Parts(
          Lane.crm(account.id(), account.locationId()),
          account.crmToken().value(),
          account.locationId());
    }

    @Override
    public GoHighLevelClient client(Secret token, @Nullable String address) {
      return any.as(token, address);
    }

    @Override
    public GoHighLevelClient through(GoHighLevelClient client, Guard guard) {
      return client.through(guard);
    }
  }

  /** Compares this inbox with MercadoPago; not started. */
  Reconciler reconciler(AcuseConfiguration config, Accounts accounts, Database database) {
    LookUps lookUps = lookUps();
    var store = new ReconciliationStore(database.jdbi(), clock);
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
        config.reconciliation(),
        clock,
        owner);
  }

  /** Fills in what payments of a version before lack; not started. */
  DetailBackfill detailBackfill(Accounts accounts, Database database) {
    return new DetailBackfill(
        database.jdbi(),
        new PaymentDetailsStore(database.jdbi()),
        clients(),
        accounts,
        clock,
        owner);
  }

  /** Has MercadoPago's resources looked up, by way of events. */
  LookUps lookUps() {
    return new LookUps(events, clock);
  }

  private static String nameOf(Accounts accounts, long id) {
    return accounts.current().byId(id).map(Account::name).orElseGet(() -> String.valueOf(id));
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
