package dev.acuse;

import dev.acuse.account.Accounts;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Scope;
import dev.acuse.http.connection.ConnectionLimits;
import dev.acuse.http.connection.Descriptors;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Ledger;
import dev.acuse.inbox.RunMark;
import dev.acuse.intake.BookKeeper;
import dev.acuse.intake.IntakeBooks;
import dev.acuse.intake.IntakeWriter;
import dev.acuse.intake.LateJudge;
import dev.acuse.intake.LenientHeadersFilter;
import dev.acuse.intake.WebhookResource;
import dev.acuse.intake.WebhookSource;
import dev.acuse.intake.spool.Spool;
import dev.acuse.mercadopago.notification.MercadoPagoSource;
import dev.acuse.monitoring.ConnectionMonitoring;
import dev.acuse.payment.PaymentReader;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts that take webhooks in.
 *
 * @param spool null if it is off
 * @param books of this instance
 */
record Receiving(
    WebhookSource source, IntakeWriter writer, @Nullable Spool spool, BookKeeper books) {
  private static final int ANSWERING_THREADS = 8;

  /**
   * Registers them; they run with the application.
   *
   * @param inbox the store, by the connections of the others
   * @param accounts whose webhooks they may be
   * @param payments tells which payments are known
   * @param run names this process in the books
   * @param onInstances told every few seconds how many instances live
   * @param onBroken told when the spool's disk has failed to sync
   */
  static Receiving install(
      AcuseConfiguration config,
      Environment environment,
      Database database,
      EventStore inbox,
      Accounts accounts,
      PaymentReader payments,
      String run,
      IntConsumer onInstances,
      Runnable onBroken) {
    EventStore events = inbox.through(database.intake());
    var source =
        new MercadoPagoSource(
            config.mercadoPago(),
            accounts,
            database.clock(),
            UUID::randomUUID,
            environment.metrics());
    Spool spool = config.intake().spool().open(onBroken);
    if (spool != null) {
      environment.lifecycle().manage(new AutoCloseableManager(spool));
    }
    var books = new IntakeBooks(run);
    BookKeeper keeper =
        keepBooks(config, environment, database, accounts, books, spool, onInstances);
    var writer =
        new IntakeWriter(
            events,
            spool,
            config.intake(),
            database.clock(),
            environment.metrics(),
            new LateJudge(List.of(source), accounts));
    environment.lifecycle().manage(writer);
    ExecutorService answers =
        environment
            .lifecycle()
            .executorService("answer-%d")
            .minThreads(ANSWERING_THREADS)
            .maxThreads(ANSWERING_THREADS)
            .build();
    environment
        .jersey()
        .register(
            new WebhookResource(
                List.of(source),
                writer,
                events,
                event -> isKnown(event, events, payments),
                accounts,
                config.intake(),
                books,
                environment.metrics(),
                answers));
    WebhookResource.readBodies(environment, List.of(source), config.intake());
    limitConnections(config, environment);
    var lenient = environment.servlets().addFilter("lenient-headers", new LenientHeadersFilter());
    lenient.setAsyncSupported(true);
    lenient.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/webhooks/*");
    return new Receiving(source, writer, spool, keeper);
  }

  /** Nobody but MercadoPago and the customer knows of a payment before it is here. */
  private static boolean isKnown(NewEvent event, EventStore events, PaymentReader payments) {
    String id = event.resourceId();
    long account = event.place().accountId();
    return id != null
        && (payments.paymentByMpId(Scope.of(account), id).isPresent()
            || events.isProven(account, event.source(), event.eventType(), id));
  }

  private static void limitConnections(AcuseConfiguration config, Environment environment) {
    var descriptors = Descriptors.ofThisProcess();
    // A worker calls MercadoPago and GoHighLevel, and each of them keeps its connection for a
    // while.
    int others =
        config.database().getMaxSize()
            + config.intake().connections()
            + 2 * config.dispatch().attemptsAtOnce();
    var connections =
        ConnectionLimits.install(
            environment,
            descriptors,
            config.intake().maxConnections(),
            config.intake().connectionsPerAddress(),
            config.intake().headTimeout(),
            others);
    ConnectionMonitoring.install(environment, connections, descriptors);
  }

  /** The fingerprint takes a while, and does not change. */
  private static Supplier<@Nullable RunMark> runMark(AcuseConfiguration config, Accounts accounts) {
    var fingerprint = new AtomicReference<@Nullable String>();
    return () -> {
      String known = fingerprint.get();
      if (known == null) {
        known = SettingsFingerprint.of(config);
        fingerprint.set(known);
      }
      return new RunMark(ProductVersion.text(), known, accounts.current().version());
    };
  }

  private static BookKeeper keepBooks(
      AcuseConfiguration config,
      Environment environment,
      Database database,
      Accounts accounts,
      IntakeBooks books,
      @Nullable Spool spool,
      IntConsumer onInstances) {
    var ledger = new Ledger(database.jdbi(), database.clock());
    var keeper =
        new BookKeeper(
            ledger, books, spool, database.clock(), runMark(config, accounts), onInstances);
    environment.lifecycle().manage(keeper);
    return keeper;
  }
}
