package dev.acuse.console;

import dev.acuse.access.PersonStore;
import dev.acuse.account.Accounts;
import dev.acuse.api.AccountNames;
import dev.acuse.api.EffectsOf;
import dev.acuse.api.PaymentLinks;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.AuditTrail.Reader;
import dev.acuse.condition.Conditions;
import dev.acuse.console.session.ConsoleUsers;
import dev.acuse.console.session.LoginBackoff;
import dev.acuse.console.session.Sessions;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.effect.EffectOperations;
import dev.acuse.effect.EffectReader;
import dev.acuse.event.KnownAccounts;
import dev.acuse.http.LocalRequest;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.intake.WebhookSource;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.order.OrderReader;
import dev.acuse.payment.Checkouts;
import dev.acuse.payment.PaymentReader;
import dev.acuse.process.FatalErrors;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.ws.rs.container.DynamicFeature;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's console, put together. */
public final class Console {
  private static final Logger LOGGER = LoggerFactory.getLogger(Console.class);

  private Console() {}

  /**
   * What the console shows and what it acts by: the same as the API.
   *
   * @param accounts by whose names what is shown is told apart
   * @param known which lanes are whose
   * @param clock the database's time
   * @param handled the topics that this version has a handler for, in lower case
   * @param links which orders and disputes name which payments
   */
  public record Services(
      Accounts accounts,
      KnownAccounts known,
      Jdbi jdbi,
      InstantSource clock,
      EventReader events,
      EventOperations operations,
      PaymentReader payments,
      Checkouts checkouts,
      EffectReader effects,
      EffectOperations effectOperations,
      OrderReader orders,
      DisputeReader disputes,
      PaymentLinks links,
      AuditTrail audit,
      List<WebhookSource> sources,
      List<RemoteSystem> downstreams,
      Reconciler reconciler,
      ReconciliationReader reconciliations,
      Conditions conditions,
      Set<String> handled,
      @Nullable Spool spool) {}

  /**
   * Registers the pages under {@code /console}, each behind the gate.
   *
   * @param people who sign in beside the configured users
   */
  public static void install(
      Environment environment, ConsoleConfiguration config, PersonStore people, Services services) {
    ConsoleUsers configured = ConsoleUsers.parse(config.users().reveal());
    if (configured.isEmpty()) {
      LOGGER.warn(
          "no user of the console is configured (ACUSE_CONSOLE_USERS): without a person in the"
              + " database it answers only to requests from this machine that no proxy has"
              + " forwarded");
    }
    ConsoleUsers users = configured.with(people);
    InstantSource clock = services.clock();
    var sessions =
        new Sessions(
            services.jdbi(),
            clock,
            users,
            config.sessionIdle().toJavaDuration(),
            config.sessionLife().toJavaDuration());
    var pages = new PageRenderer(clock, new AccountNames(services.accounts()));
    keepAddresses(environment);
    var jersey = environment.jersey();
    jersey.register(behind(new ConsoleGate(users, sessions)));
    jersey.register(new ConsoleHeaders());
    jersey.register(new ConsoleErrors(pages));
    jersey.register(new AssetsResource());
    jersey.register(new LoginResource(pages, users, sessions, new LoginBackoff(clock)));
    installEvents(environment, pages, config, services);
    environment
        .jersey()
        .register(
            new ReconciliationPages(
                pages,
                services.reconciler(),
                services.accounts(),
                services.reconciliations(),
                services.audit(),
                clock));
    installLive(
        environment,
        sessions,
        reader ->
            services.events().version(reader.scope())
                + "."
                + services.audit().version(reader)
                + "."
                + services.reconciliations().version(reader.scope()));
    installHealth(environment, pages, services);
  }

  private static void installEvents(
      Environment environment, PageRenderer pages, ConsoleConfiguration config, Services services) {
    var jersey = environment.jersey();
    EventReader events = services.events();
    PaymentReader payments = services.payments();
    var links = new ExternalLinks(config);
    jersey.register(new EventListPage(pages, events, payments));
    var effects = new EffectsOf(services.effects(), payments);
    jersey.register(new EventPage(pages, events, payments, effects, services.audit(), links));
    jersey.register(new EventActions(events, services.operations(), services.sources()));
    jersey.register(new AuditPages(pages, services.audit()));
    var bulk =
        environment.lifecycle().executorService("bulk-%d").minThreads(1).maxThreads(1).build();
    var jobs = new BulkJobs(bulk);
    jersey.register(new BulkPages(pages, payments, new BulkRetry(services.operations(), jobs)));
    jersey.register(new PaymentPages(pages, events, payments, effects, services.links(), links));
    jersey.register(new OrderPages(pages, services.orders(), services.links()));
    jersey.register(
        new DisputePages(pages, services.disputes(), services.links(), services.clock()));
    jersey.register(new EffectPages(pages, services.effects(), payments));
    jersey.register(new EffectActions(services.effectOperations()));
    jersey.register(
        new EffectBulkPages(
            pages, services.effects(), services.effectOperations(), payments, jobs));
    jersey.register(new PaymentActions(services.checkouts(), services.clock()));
    jersey.register(new CheckoutPages(pages, payments, links));
  }

  private static void installLive(
      Environment environment, Sessions sessions, Function<Reader, String> version) {
    var feed = new LiveFeed(() -> version.apply(Reader.EVERYTHING));
    environment.jersey().register(new StreamResource(feed, new VisitorVersions(version), sessions));
    var unused =
        environment
            .lifecycle()
            .scheduledExecutorService("console-live", true)
            .build()
            .scheduleWithFixedDelay(FatalErrors.guarding(feed), 1, 1, TimeUnit.SECONDS);
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              // Before the server waits for the requests that it is answering.
              @Override
              public void lifeCycleStopping(LifeCycle event) {
                feed.close();
              }
            });
  }

  private static void installHealth(
      Environment environment, PageRenderer pages, Services services) {
    var history = new History(services.events(), services.clock());
    environment
        .jersey()
        .register(
            new HealthPage(
                pages,
                new ServiceHealth(services, environment.metrics().timer("acuse.intake.time")),
                history));
  }

  /** Every resource below {@code /console}, wherever its class is: none is left open. */
  private static DynamicFeature behind(ConsoleGate gate) {
    return (resource, context) -> {
      if (ConsoleGate.guards(resource.getResourceClass())) {
        context.register(gate);
      }
    };
  }

  private static void keepAddresses(Environment environment) {
    var filter =
        environment
            .servlets()
            .addFilter(
                "console-address",
                (request, response, chain) -> {
                  request.setAttribute(ConsoleGate.ADDRESS, request.getRemoteAddr());
                  request.setAttribute(ConsoleGate.LOCAL, LocalRequest.isLocal(request));
                  chain.doFilter(request, response);
                });
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/console/*");
  }
}
