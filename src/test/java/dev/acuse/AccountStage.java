package dev.acuse;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.Account;
import dev.acuse.account.AccountField;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.Accounts;
import dev.acuse.account.Application;
import dev.acuse.account.HeldSecret;
import dev.acuse.audit.AuditTrail;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.dispatch.AttemptRunner;
import dev.acuse.dispatch.BatchRunner;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.dispatch.Dispatcher;
import dev.acuse.dispatch.Handlers;
import dev.acuse.dispatch.Lanes;
import dev.acuse.dispatch.RetryPolicy;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.effect.CurrentEffects;
import dev.acuse.effect.EffectSteps;
import dev.acuse.effect.Effects;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.SignatureState;
import dev.acuse.gohighlevel.AccountCrms;
import dev.acuse.gohighlevel.FindContactHandler;
import dev.acuse.gohighlevel.GoHighLevelClient;
import dev.acuse.gohighlevel.GoHighLevelConfiguration;
import dev.acuse.gohighlevel.GoHighLevelCrm;
import dev.acuse.gohighlevel.TagHandler;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Outbox;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.handler.AccountRefreshes;
import dev.acuse.mercadopago.handler.DisputeHandler;
import dev.acuse.mercadopago.handler.DisputedPayments;
import dev.acuse.mercadopago.handler.FraudAlertHandler;
import dev.acuse.mercadopago.handler.MerchantOrderHandler;
import dev.acuse.mercadopago.handler.OrderHandler;
import dev.acuse.mercadopago.handler.PaymentHandler;
import dev.acuse.mercadopago.handler.UnhandledTopics;
import dev.acuse.mercadopago.reconciliation.LookUps;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.CheckoutJournal;
import dev.acuse.payment.Checkouts;
import dev.acuse.payment.PaymentConfiguration;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.StoredPayers;
import dev.acuse.remote.Guard;
import dev.acuse.remote.Rate;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several accounts on a real database, with the parts that work their events off. */
final class AccountStage implements AutoCloseable {
  static final String NOTIFICATIONS = "https://acuse.test/webhooks/mp";
  private static final int MAX_ATTEMPTS = 4;

  final ManualClock clock = ManualClock.create();
  final LiveAccounts accounts = new LiveAccounts();
  final TestDatabase database;
  final EventStore events;
  final EventReader reader;
  final Outbox outbox;
  final AccountLanes accountLanes;
  final Effects effects;
  final PaymentStore payments;
  final RemoteSystem mercadoPago;
  final RemoteSystem goHighLevel;
  final AccountClients<MercadoPagoClient> clients;
  final AccountClients<GoHighLevelClient> crms;
  final Checkouts checkouts;
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final DispatchConfiguration config = new DispatchConfiguration();
  private final Lanes lanes;
  private final AttemptRunner runner;
  private final BatchRunner batch;

  /** Accounts that a test changes. */
  static final class LiveAccounts implements Accounts {
    private final List<Consumer<AccountSet>> followers = new ArrayList<>();
    boolean isKnown = true;
    private volatile AccountSet now = set(0, List.of(account(1, null)));

    @Override
    public AccountSet current() {
      return now;
    }

    @Override
    public boolean isKnown() {
      return isKnown;
    }

    @Override
    public Reading fresh() {
      return new Reading(now, true);
    }

    @Override
    public void follow(Consumer<AccountSet> follower) {
      followers.add(follower);
      follower.accept(now);
    }

    /** These and no others. */
    void are(Account... all) {
      List<Account> sorted = new ArrayList<>(List.of(all));
      sorted.sort(Comparator.comparing(Account::id));
      now = set(now.version() + 1, sorted);
      followers.forEach(follower -> follower.accept(now));
    }

    /** Changes one. */
    void change(Account changed) {
      List<Account> all = new ArrayList<>(now.all());
      all.replaceAll(one -> one.id() == changed.id() ? changed : one);
      are(all.toArray(Account[]::new));
    }

    Account get(long id) {
      return now.byId(id).orElseThrow();
    }
  }

  private static AccountSet set(long version, List<Account> all) {
    return new AccountSet(
        version,
        all,
        List.of(
            new Application(
                Application.MAIN,
                new UUID(0, 1),
                Account.MAIN_NAME,
                null,
                HeldSecret.NONE,
                List.of(),
                false)));
  }

  /**
   * An account with the seller {@code <id>00}, the token {@code mp-<id>}, and, if it has a
   * location, the token {@code crm-<id>} of it.
   */
  static Account account(long id, @Nullable String location) {
    return new Account(
        id,
        new UUID(1, id),
        id == 1 ? Account.MAIN_NAME : "account-" + id,
        "",
        AccountState.ACTIVE,
        Application.MAIN,
        id + "00",
        null,
        secret("mp-" + id),
        HeldSecret.NONE,
        null,
        location == null ? HeldSecret.NONE : secret("crm-" + id),
        location,
        Set.of());
  }

  private static HeldSecret secret(String text) {
    return HeldSecret.ofEnvironment(Secret.of(text));
  }

  static Account with(Account one, AccountState state, String token, @Nullable String location) {
    return new Account(
        one.id(),
        one.uuid(),
        one.name(),
        one.displayName(),
        state,
        one.applicationId(),
        one.sellerId(),
        one.site(),
        secret(token),
        one.refreshToken(),
        one.tokenExpiresAt(),
        one.crmToken(),
        location,
        one.ruled());
  }

  static Account withState(Account one, AccountState state) {
    return with(one, state, one.accessToken().value().reveal(), one.locationId());
  }

  static Account withToken(Account one, String token) {
    return with(one, one.state(), token, one.locationId());
  }

  static Account withLocation(Account one, @Nullable String location) {
    return with(one, one.state(), one.accessToken().value().reveal(), location);
  }

  static Account withSeller(Account one, @Nullable String seller, Set<AccountField> ruled) {
    return new Account(
        one.id(),
        one.uuid(),
        one.name(),
        one.displayName(),
        one.state(),
        one.applicationId(),
        seller,
        one.site(),
        one.accessToken(),
        one.refreshToken(),
        one.tokenExpiresAt(),
        one.crmToken(),
        one.locationId(),
        ruled);
  }

  AccountStage(Engine engine, String mercadoPagoUrl, String goHighLevelUrl) {
    this(engine, mercadoPagoUrl, goHighLevelUrl, null);
  }

  /**
   * @param callsPer10Seconds of one location of GoHighLevel; null for no limit
   */
  AccountStage(
      Engine engine,
      String mercadoPagoUrl,
      String goHighLevelUrl,
      @Nullable Integer callsPer10Seconds) {
    database = TestDatabase.open(engine);
    var stored = new EventStore(database.jdbi(), clock, MAX_ATTEMPTS);
    outbox =
        new Outbox(
            clock, AttemptsAllowed.always(MAX_ATTEMPTS), new SyncFailure(() -> {}), stored.due());
    accountLanes = new AccountLanes(accounts, outbox);
    effects = new Effects(outbox, clock, accountLanes);
    events = stored.followedBy(new EffectSteps(effects));
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    payments =
        new PaymentStore(
            database.jdbi(),
            clock,
            Processing.rules(new PaymentConfiguration(), accounts),
            effects);
    var mercadoPagoConfig =
        new MercadoPagoConfiguration(
            mercadoPagoUrl, null, null, null, null, null, NOTIFICATIONS, null);
    var crmConfig =
        new GoHighLevelConfiguration(goHighLevelUrl, null, null, null, callsPer10Seconds, null);
    mercadoPago = system(MercadoPagoClient.NAME, null);
    goHighLevel = system(GoHighLevelCrm.NAME, callsPer10Seconds == null ? null : crmConfig);
    accountLanes.holdIn(mercadoPago, goHighLevel);
    clients =
        new AccountClients<>(
            accounts,
            mercadoPago,
            new Processing.OfMercadoPago(
                new MercadoPagoClient(
                    http.client(), mercadoPagoConfig, mercadoPagoConfig.credentials(), clock),
                mercadoPagoConfig));
    crms =
        new AccountClients<>(
            accounts,
            goHighLevel,
            new Processing.OfGoHighLevel(
                new GoHighLevelClient(http.client(), crmConfig, clock, Guard.NONE)));
    checkouts =
        new Checkouts(
            payments,
            new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE),
            clients::unguarded,
            new LookUps(events, clock),
            new AuditTrail(database.jdbi(), clock),
            CheckoutJournal.NONE);
    lanes = new Lanes(List.of(mercadoPago, goHighLevel), Claims.KINDS);
    runner = runner();
    batch = new BatchRunner(events, runner, lanes, config, "batch");
  }

  private RemoteSystem system(String name, @Nullable GoHighLevelConfiguration limited) {
    return new RemoteSystem(
        name,
        config.breakerFailures(),
        config.probeEvery(),
        clock,
        code -> limited == null ? Rate.UNLIMITED : limited.rate(() -> 1));
  }

  private AttemptRunner runner() {
    var refreshes =
        new AccountRefreshes(
            clients::of,
            payments,
            new DisputedPayments(new DisputeStore(database.jdbi(), clock)),
            new OrderStore(database.jdbi(), clock),
            accounts,
            events::sellerOf,
            events::append);
    var current = new CurrentEffects(database.jdbi());
    AccountCrms accountCrms = id -> new GoHighLevelCrm(crms.of(id));
    return new AttemptRunner(
        events,
        new Handlers(
            List.of(
                new PaymentHandler(refreshes),
                new MerchantOrderHandler(refreshes),
                DisputeHandler.ofChargebacks(
                    refreshes, (id, event) -> Processing.namedPayment(reader, id, event)),
                DisputeHandler.ofClaims(
                    refreshes, (id, event) -> Processing.namedPayment(reader, id, event)),
                new FraudAlertHandler(refreshes),
                new OrderHandler(
                    refreshes,
                    new OrderStore(database.jdbi(), clock),
                    (account, id) -> Processing.paymentHints(reader, account, id)),
                new TagHandler(accountCrms, current),
                new FindContactHandler(
                    accountCrms,
                    new StoredPayers(
                        new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE), payments),
                    current)),
            new UnhandledTopics()),
        lanes,
        event -> new RetryPolicy(List.of(Duration.ofMinutes(1)), Duration.ofDays(3), new Random(1)),
        clock,
        new MetricRegistry());
  }

  /** A dispatcher that is not started. */
  Dispatcher dispatcher() {
    var dispatcher =
        new Dispatcher(events, runner, lanes, config, "dispatcher", new MetricRegistry());
    dispatcher.keepIn(accountLanes);
    return dispatcher;
  }

  /** Works off what is due now, and what becomes due by that. */
  void work() {
    batch.runDue(1_000);
  }

  /** Stores a verified webhook about a payment, that names no seller. */
  void webhook(long accountId, String mpPaymentId) {
    event(accountId, Topic.PAYMENT.code(), mpPaymentId, SignatureState.VERIFIED);
  }

  void event(long accountId, String topic, String resourceId, SignatureState signature) {
    events.append(
        new NewEvent(
            "mp:" + topic + ":" + resourceId,
            Topic.SOURCE,
            topic,
            null,
            resourceId,
            EventStatus.PENDING,
            null,
            signature,
            EventOrigin.WEBHOOK,
            new byte[0],
            null,
            Map.of(),
            new Place(accountId, Lane.mercadoPago(accountId), null)));
  }

  /**
   * Changes an account as its store does: first what is stored, with what follows, then the set.
   */
  void change(Account after) {
    Account before = accounts.get(after.id());
    database.jdbi().useTransaction(handle -> accountLanes.changed(handle, before, after));
    accounts.change(after);
  }

  /** Each event of a payment as {@code account:status:last error's kind or -}. */
  List<String> eventsOf(String resourceId) {
    return strings(
        """
        SELECT CONCAT(account_id, ':', status, ':', COALESCE(last_error_kind, '-'))
        FROM webhook_events WHERE resource_id = '%s' AND origin <> 'effect' ORDER BY id
        """
            .formatted(resourceId));
  }

  /** Why the latest attempts ended so, of events that work no effect off. */
  List<String> reasons() {
    return strings(
        """
        SELECT COALESCE(a.reason, '-') FROM webhook_attempts a
        JOIN webhook_events e ON e.id = a.event_id
        WHERE e.origin <> 'effect' ORDER BY a.id
        """);
  }

  List<String> strings(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  void execute(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  @Override
  public void close() {
    batch.close();
    http.close();
    database.close();
  }
}
