package dev.acuse;

import dev.acuse.admin.AdminPort;
import dev.acuse.admin.AdminTasks;
import dev.acuse.admin.Retention;
import dev.acuse.alert.AlertBundle;
import dev.acuse.api.AccountNames;
import dev.acuse.api.AccountsResource;
import dev.acuse.api.ApiAuth;
import dev.acuse.api.ApplicationsResource;
import dev.acuse.api.CheckoutsResource;
import dev.acuse.api.EffectRetriesResource;
import dev.acuse.api.EffectsOf;
import dev.acuse.api.EffectsResource;
import dev.acuse.api.EventRetriesResource;
import dev.acuse.api.KeysResource;
import dev.acuse.api.LedgerResource;
import dev.acuse.api.OpenApiResource;
import dev.acuse.api.PaymentsResource;
import dev.acuse.api.PeopleResource;
import dev.acuse.api.ReconciliationResource;
import dev.acuse.api.StatsResource;
import dev.acuse.api.StrictJson;
import dev.acuse.api.WebhookEventsResource;
import dev.acuse.audit.AuditTrail;
import dev.acuse.condition.Conditions;
import dev.acuse.condition.DisputeConditions;
import dev.acuse.condition.Limits;
import dev.acuse.condition.UnhandledConditions;
import dev.acuse.console.Console;
import dev.acuse.desk.CredentialCheck;
import dev.acuse.dispatch.Dispatcher;
import dev.acuse.effect.EffectOperations;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectRepair;
import dev.acuse.effect.EffectSteps;
import dev.acuse.event.Place;
import dev.acuse.http.ApiErrors;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.PurgePace;
import dev.acuse.inbox.QuarantineReview;
import dev.acuse.inbox.UnknownAccounts;
import dev.acuse.intake.BookKeeper;
import dev.acuse.logging.FatalErrorWatch;
import dev.acuse.logging.GuardedLogging;
import dev.acuse.mercadopago.notification.AccountRelease;
import dev.acuse.mercadopago.notification.QuarantineHealer;
import dev.acuse.mercadopago.reconciliation.Completeness;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore;
import dev.acuse.monitoring.AccountMetrics;
import dev.acuse.monitoring.BacklogHealthCheck;
import dev.acuse.monitoring.DispatcherHealthCheck;
import dev.acuse.monitoring.HealthChecks;
import dev.acuse.monitoring.InboxMetrics;
import dev.acuse.monitoring.InboxReader;
import dev.acuse.monitoring.LedgerMonitoring;
import dev.acuse.monitoring.PrometheusServlet;
import dev.acuse.monitoring.SpoolMonitoring;
import dev.acuse.monitoring.TopicMetrics;
import dev.acuse.payment.Checkouts;
import dev.acuse.payment.PaymentReader;
import dev.acuse.process.FileGuard;
import dev.acuse.process.OwnFiles;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.util.Duration;
import io.dropwizard.util.JarLocation;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.server.ServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Acuse: an inbox for payment webhooks that loses none of them. */
public class AcuseApplication extends Application<AcuseConfiguration> {
  private static final Logger LOGGER = LoggerFactory.getLogger(AcuseApplication.class);

  private static final long EXIT_SECONDS = 10;
  private static final long END_SECONDS = 60;

  private final Variables variables;

  /** With the environment of the process. */
  public AcuseApplication() {
    this(System.getenv());
  }

  /**
   * With an environment.
   *
   * @param environment names and values
   */
  AcuseApplication(Map<String, String> environment) {
    this.variables = new Variables(environment);
  }

  /** Runs a command; {@code server config.yml} is the service. */
  public static void main(String[] args) throws Exception {
    new AcuseApplication().run(args);
  }

  @Override
  public void run(String... arguments) {
    if (!run(System.out, System.err, arguments)) {
      System.exit(1);
    }
  }

  /**
   * As Dropwizard's, but the names of commands are taken as they are written.
   *
   * @return whether it went well; if not, {@code err} has been told why
   */
  boolean run(OutputStream out, OutputStream err, String... arguments) {
    var bootstrap = new Bootstrap<>(this);
    var commands = new Commands(this);
    commands.addTo(bootstrap, arguments);
    initialize(bootstrap);
    String fault = CommandLine.fault(commands.names(), arguments);
    if (fault != null) {
      new PrintStream(err, true, StandardCharsets.UTF_8).println(fault);
      return false;
    }
    return new Cli(new JarLocation(getClass()), bootstrap, out, err).run(arguments).isEmpty();
  }

  @Override
  public String getName() {
    return "acuse";
  }

  /** The environment of this process. */
  Variables variables() {
    return variables;
  }

  @Override
  public void initialize(Bootstrap<AcuseConfiguration> bootstrap) {
    var provider =
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(), new YamlEnvironment(variables::get));
    bootstrap.setConfigurationSourceProvider(provider);
    bootstrap.setConfigurationFactoryFactory(
        (type, validator, mapper, prefix) ->
            new ConfigurationReader<>(
                type, validator, mapper, prefix, UsualFile.of(variables::get, provider)));
    bootstrap.addBundle(
        new ConfiguredBundle<>() {
          // Those of the JVM, and what shows them to JMX: no webhook waits for either.
          @Override
          public void run(AcuseConfiguration config, Environment environment) {
            environment
                .lifecycle()
                .addServerLifecycleListener(server -> bootstrap.registerMetrics());
          }
        });
  }

  /** The parts, in the order of the flow; the later ones stop first. */
  @Override
  public void run(AcuseConfiguration config, Environment environment) {
    FatalErrorWatch.install();
    // An H2 file that cannot be opened will not be a moment later either.
    boolean mayWait = !config.isH2() && !config.intake().spool().isOff();
    Database database = Database.open(config, environment, mayWait, AcuseApplication::exit);
    guardFiles(config, environment);
    AccountsSetUp accounts = AccountsSetUp.of(config, environment, database);
    Processing processing = Processing.of(config, environment, database, accounts.live());
    var dispatcher =
        new Dispatcher(
            processing.events(),
            processing.runner(),
            processing.lanes(),
            config.dispatch(),
            processing.owner(),
            environment.metrics());
    dispatcher.keepIn(processing.accountLanes());
    accounts.store().followedBy(processing.accountLanes());
    CarryOver carryOver = CarryOver.of(config, database, processing);
    carryOver.manageIn(environment);
    AfterStart.manage(environment, carryOver, dispatcher);
    database.clock().onStep(step -> dispatcher.onClockStep(Database.CLOCK_CHECK));

    Reconciler reconciler = processing.reconciler(config, accounts.live(), database);
    AfterStart.manage(environment, carryOver, reconciler);
    if (!config.reconciliation().isOnDemandOnly()) {
      AfterStart.manage(
          environment, carryOver, processing.detailBackfill(accounts.live(), database));
    }
    AfterStart.manage(
        environment,
        carryOver,
        new QuarantineHealer(
            new QuarantineReview(database.jdbi(), database.clock(), processing.events().due()),
            processing.clients(),
            accounts.live(),
            config.reconciliation().quarantineLookupsPerMinute()));
    AfterStart.manage(
        environment,
        carryOver,
        new AccountRelease(
            new UnknownAccounts(database.jdbi(), database.clock(), processing.events().due()),
            accounts.live(),
            database.clock()));

    Receiving intake =
        Receiving.install(
            config,
            environment,
            database,
            processing.events(),
            accounts.live(),
            processing.paymentReader(),
            processing.owner(),
            processing.instances()::set,
            AcuseApplication::exit);
    var operations =
        new EventOperations(
                database.jdbi(),
                database.clock(),
                config.dispatch().allowed(),
                processing.events().due(),
                purgePace(environment),
                processing.known())
            .followedBy(new EffectSteps(processing.effects()));
    AfterStart.manage(
        environment,
        new EffectRepairs(
            new EffectRepair(database.jdbi(), database.clock(), processing.effects())));
    var audit = new AuditTrail(database.jdbi(), database.clock());
    var checkouts =
        new Checkouts(
            processing.payments(),
            processing.paymentReader(),
            processing.mercadoPago()::unguarded,
            processing.lookUps(),
            audit,
            database.checkouts());
    var reconciliations = new ReconciliationStore(database.jdbi(), database.clock());
    var comparisons = new ReconciliationReader(database.jdbi());
    var conditions =
        new Conditions(
            new Conditions.Sources(
                processing.eventReader(),
                operations,
                processing.paymentReader(),
                comparisons,
                processing.downstreams(),
                intake.spool(),
                intake.books(),
                database::rebuilt,
                database::restored,
                accounts.live()::keyTrouble),
            limits(config),
            processing.accounts(),
            processing.known(),
            database.clock());
    var effects = new EffectReader(database.jdbi(), processing.known());
    Desk desk = Desk.of(accounts, database, audit);
    CredentialCheck check =
        Desk.check(
            config,
            processing.mercadoPago().unguarded(Place.MAIN_ACCOUNT),
            processing.goHighLevel().unguarded(Place.MAIN_ACCOUNT));
    desk.install(environment, check);
    Access access = Access.install(environment, database, accounts.live(), desk.rotation());
    EffectOperations effectOperations =
        new EffectOperations(
            database.jdbi(), database.clock(), processing.effects(), processing.known());
    var named = OrdersAndDisputes.of(database.jdbi(), processing.paymentReader());
    installApi(
        config,
        environment,
        processing,
        operations,
        intake.books(),
        checkouts,
        effects,
        effectOperations,
        named,
        access);
    environment.jersey().register(new AccountsResource(desk.accounts(), check));
    environment.jersey().register(new ApplicationsResource(desk.accounts()));
    Console.install(
        environment,
        config.console(),
        access.people(),
        new Console.Services(
            processing.accounts(),
            processing.known(),
            database.jdbi(),
            database.clock(),
            processing.eventReader(),
            operations,
            processing.paymentReader(),
            checkouts,
            effects,
            effectOperations,
            named.orders(),
            named.disputes(),
            named.links(),
            audit,
            List.of(intake.source()),
            processing.downstreams(),
            reconciler,
            comparisons,
            conditions,
            processing.handled(),
            intake.spool()));
    environment
        .jersey()
        .register(
            new ReconciliationResource(
                reconciler, comparisons, new AccountNames(processing.accounts())));
    environment
        .jersey()
        .register(
            new LedgerResource(
                intake.books(),
                new Completeness(
                    processing.eventReader(),
                    processing.paymentReader(),
                    processing.clients(),
                    accounts.live()),
                new AccountNames(accounts.live()),
                database::restored,
                database.clock()));
    AdminPort.install(environment, config.adminPort());
    AdminTasks.install(
        environment,
        processing.eventReader(),
        operations,
        audit,
        reconciler,
        accounts.live(),
        intake.writer(),
        intake.spool(),
        database.clock());
    Checkup.install(config, variables, environment, processing, database, conditions);
    Backups.install(config, environment, database, intake, audit);
    MoveSetUp.install(
        environment,
        database,
        processing,
        intake,
        operations.pauses(),
        accounts.store(),
        AcuseApplication::end);
    installHealthAndMetrics(
        environment, processing, conditions, dispatcher, database, carryOver, limits(config));
    LedgerMonitoring.install(environment, intake.books(), conditions);
    SpoolMonitoring.install(environment, intake.spool(), conditions, database.clock());
    AlertBundle.install(
        environment,
        config.alerts(),
        database.jdbi(),
        conditions,
        List.of(
            new DisputeConditions(named.disputes(), processing.accounts(), database.clock()),
            new UnhandledConditions(
                processing.eventReader(), processing.accounts(), processing.handled())),
        processing.accounts(),
        database.clock());
    Retention.install(
        environment,
        config.retention(),
        List.of(
            Retention.Purge.events(operations),
            Retention.Purge.effects(operations, config.retention()),
            new Retention.Purge("comparisons", reconciliations::purge),
            AlertBundle.retention(database.jdbi(), database.clock())));
    WarmUp.install(config, environment, database, processing.events());
    warnOfWhatIsMissing(config);
  }

  /**
   * When a disk has failed to sync, the spool's or that of an H2 file, or H2 has closed its file: a
   * new process finds out what it really holds. In a thread of its own, for the exit waits for
   * those that serve.
   */
  static void exit() {
    new Thread(() -> System.exit(1), "exit").start();
    // What uses a broken file may hang, and must not keep the process from ending: whatever was
    // acknowledged is on a disk.
    CompletableFuture.delayedExecutor(EXIT_SECONDS, TimeUnit.SECONDS)
        .execute(() -> Runtime.getRuntime().halt(1));
  }

  /** In order and with success: there is nothing left to do here. */
  static void end() {
    new Thread(() -> System.exit(0), "end").start();
    CompletableFuture.delayedExecutor(END_SECONDS, TimeUnit.SECONDS)
        .execute(() -> Runtime.getRuntime().halt(0));
  }

  /** When not even an exit can be waited for: all that was acknowledged is on a disk. */
  static void halt() {
    Runtime.getRuntime().halt(1);
  }

  private static void guardFiles(AcuseConfiguration config, Environment environment) {
    List<OwnFiles> files = new ArrayList<>(Database.files(config));
    files.addAll(GuardedLogging.files());
    files.addAll(GuardedLogging.requestLogFiles(config.getServerFactory()));
    FileGuard.install(environment, files);
  }

  private static PurgePace purgePace(Environment environment) {
    PurgePace pace = PurgePace.gentle();
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              // Before the server waits for the tasks that it is answering.
              @Override
              public void lifeCycleStopping(LifeCycle event) {
                pace.stop();
              }
            });
    return pace;
  }

  private static void installApi(
      AcuseConfiguration config,
      Environment environment,
      Processing processing,
      EventOperations operations,
      BookKeeper books,
      Checkouts checkouts,
      EffectReader effects,
      EffectOperations effectOperations,
      OrdersAndDisputes named,
      Access access) {
    EventReader events = processing.eventReader();
    PaymentReader payments = processing.paymentReader();
    ApiErrors.install(environment);
    StrictJson.install(environment);
    ApiAuth.install(environment, config.api(), access.ring());
    JerseyEnvironment jersey = environment.jersey();
    // A whole address would name the scheme and the host that this process sees, behind a proxy
    // http.
    jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
    var effectsOf = new EffectsOf(effects, payments);
    var accounts = new AccountNames(processing.accounts());
    jersey.register(new WebhookEventsResource(events, payments, effectsOf, accounts));
    jersey.register(new EventRetriesResource(operations, payments, accounts));
    jersey.register(
        new StatsResource(
            events,
            operations,
            processing.downstreams(),
            books,
            processing.clock(),
            accounts,
            processing.known(),
            processing.handled()));
    jersey.register(new PaymentsResource(payments, checkouts, effectsOf, named.links(), accounts));
    named.installApi(jersey, accounts);
    jersey.register(new EffectsResource(effects, payments, accounts));
    jersey.register(new EffectRetriesResource(effects, effectOperations, payments, accounts));
    jersey.register(new CheckoutsResource(payments, checkouts, accounts));
    jersey.register(new KeysResource(access.keys()));
    jersey.register(new PeopleResource(access.people()));
    jersey.register(new OpenApiResource());
  }

  private static Limits limits(AcuseConfiguration config) {
    return new Limits(
        config.adminPort().backlogAlarm(),
        config.alerts().quarantined(),
        config.alerts().outage(),
        config.alerts().silence(),
        config.alerts().silenceGaps(),
        config.reconciliation().isOnDemandOnly() ? null : config.reconciliation().every());
  }

  private static void installHealthAndMetrics(
      Environment environment,
      Processing processing,
      Conditions conditions,
      Dispatcher dispatcher,
      Database database,
      CarryOver carryOver,
      Limits limits) {
    var reader =
        new InboxReader(
            conditions::read,
            environment
                .lifecycle()
                .scheduledExecutorService("inbox-reader", true)
                .threads(1)
                .shutdownTime(Duration.seconds(1))
                .build());
    InboxMetrics.register(
        environment.metrics(), reader, processing.downstreams(), processing.clock());
    PrometheusServlet.install(
        environment,
        new AccountMetrics(
            reader,
            processing.accounts(),
            processing.known(),
            processing.downstreams(),
            limits.backlog(),
            processing.clock()),
        new TopicMetrics(reader));
    HealthChecks.register(
        environment,
        new DispatcherHealthCheck(dispatcher, database.isStuck(), carryOver::isDone),
        conditions,
        new BacklogHealthCheck(reader, conditions, processing.clock()),
        processing.downstreams());
  }

  private static void warnOfWhatIsMissing(AcuseConfiguration config) {
    if (!config.mercadoPago().accessToken().isSet()) {
      LOGGER.warn("MP_ACCESS_TOKEN is not set: events are stored and wait for it");
    }
    if (!config.goHighLevel().token().isSet()) {
      LOGGER.warn("GHL_TOKEN is not set: payments are kept up to date, tags wait for it");
    }
    if (config.payment().namesTagClaim()) {
      LOGGER.warn(
          "payment.tagClaim (ACUSE_TAG_CLAIM) is set and does nothing: tags are events of their"
              + " own, which no two workers hold at once");
    }
  }
}
