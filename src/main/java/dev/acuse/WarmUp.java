package dev.acuse;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Arrival;
import dev.acuse.http.InnerRequest;
import dev.acuse.http.ServerStart;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.Rehearsal;
import dev.acuse.mercadopago.notification.PracticeNotification;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.ManagedDataSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the way of a webhook a few times before the port opens, because what has never run takes a
 * second or more the first time, and MercadoPago does not wait for ever. The port opens when the
 * service can answer, and not before it is put together, as Jetty's would.
 *
 * <p>The insert is taken back, by a connection beside the pools; where the database is out, there
 * is none. Whatever goes wrong here shows itself again where it matters, so it stops nothing.
 */
final class WarmUp {
  private static final Logger LOGGER = LoggerFactory.getLogger(WarmUp.class);

  /** What is compiled counts as well as what is loaded: the second and third gain something yet. */
  private static final int TIMES = 3;

  /**
   * A database that hangs must not keep the port closed: webhooks would go to the spool by then.
   */
  private static final long PATIENCE_MILLIS = 3_000;

  private final AcuseConfiguration config;
  private final Database database;
  private final EventStore inbox;

  private WarmUp(AcuseConfiguration config, Database database, EventStore inbox) {
    this.config = config;
    this.database = database;
    this.inbox = inbox;
  }

  /** Has it done when the application's handler has started, and no port is open. */
  static void install(
      AcuseConfiguration config, Environment environment, Database database, EventStore inbox) {
    var warmUp = new WarmUp(config, database, inbox);
    openLate(config.getServerFactory());
    ServerStart.before(environment, server -> server.setOpenEarly(false));
    Handler application = environment.getApplicationContext();
    application.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStarted(LifeCycle event) {
            warmUp.run(application);
          }
        });
  }

  /**
   * Dropwizard opens the ports before all else, so that it can change the user then; told that it
   * changes the user at the end, it opens none. Where no user is set, there is nothing to change.
   */
  private static void openLate(ServerFactory factory) {
    if (factory instanceof AbstractServerFactory server
        && server.getUser() == null
        && server.getGroup() == null
        && server.getUmask() == null) {
      server.setStartsAsRoot(true);
    }
  }

  private void run(Handler application) {
    ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.numbered("warm-up"));
    ManagedDataSource connection = Database.oneConnection(config.database(), "warm-up");
    try {
      walk(application, connection, threads);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("the warm-up has not ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // What hangs ends by itself, and is rolled back.
      threads.shutdown();
      close(connection);
    }
  }

  private void walk(Handler application, ManagedDataSource connection, ExecutorService threads)
      throws ExecutionException, TimeoutException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    var notifications = new PracticeNotification(config.mercadoPago(), database.clock());
    EventStore store = inbox.through(Jdbi.create(connection).installPlugin(new AcuseJdbiPlugin()));
    var rehearsal =
        new Rehearsal(
            notifications.source(),
            arrival -> insert(store, arrival),
            store,
            config.intake(),
            database.clock(),
            threads);
    var request = new InnerRequest(application, rehearsal::mark, threads);
    for (int i = 0; i < TIMES; i++) {
      int status =
          request.send(notifications.next()).get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      LOGGER.debug("a rehearsed webhook was answered {}", status);
    }
  }

  private void insert(EventStore store, Arrival arrival) {
    if (!database.isUpToDate().getAsBoolean()) {
      return;
    }
    try {
      store.rehearse(arrival);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("the database does not take a rehearsed webhook", e);
    }
  }

  // The pool declares whatever a managed object may throw.
  @SuppressWarnings("CatchingUnchecked")
  private static void close(ManagedDataSource connection) {
    try {
      connection.stop();
    } catch (Exception e) {
      FatalErrors.haltOn(e);
      LOGGER.debug("the connection of the warm-up could not be closed", e);
    }
  }
}
