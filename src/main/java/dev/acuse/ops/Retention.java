package dev.acuse.ops;

import dev.acuse.event.DatabaseTrouble;
import dev.acuse.event.EventDesk;
import dev.acuse.event.EventStatus;
import dev.acuse.event.FatalErrors;
import dev.acuse.mercadopago.ReconciliationStore;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what ended long ago, in small batches: events that went well or had nothing to do, with
 * their attempts; comparisons with MercadoPago whose findings are healed; alerts that are over.
 * Never an event that failed or is in quarantine: nobody has settled it. One thread; it outlives
 * every exception.
 */
public final class Retention implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final long STOP_SECONDS = 10;

  private final EventDesk desk;
  private final ReconciliationStore reconciliations;
  private final AlertStore alerts;
  private final Duration age;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var retention = new Thread(task, "retention");
            retention.setDaemon(true);
            return retention;
          });

  private Retention(
      EventDesk desk, ReconciliationStore reconciliations, AlertStore alerts, Duration age) {
    this.desk = desk;
    this.reconciliations = reconciliations;
    this.alerts = alerts;
    this.age = age;
  }

  /**
   * Runs it with the application, unless everything is kept.
   *
   * @param clock the database's time
   */
  public static void install(
      Environment environment,
      RetentionConfiguration config,
      Jdbi jdbi,
      EventDesk desk,
      ReconciliationStore reconciliations,
      InstantSource clock) {
    if (!config.isOff()) {
      environment
          .lifecycle()
          .manage(new Retention(desk, reconciliations, new AlertStore(jdbi, clock), config.age()));
    }
  }

  @Override
  public void start() {
    var unused = thread.scheduleWithFixedDelay(this::turn, 1, EVERY.toMinutes(), TimeUnit.MINUTES);
  }

  /** Never throws, or it would not be called again. */
  private void turn() {
    try {
      purge(desk, reconciliations, alerts, age);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      DatabaseTrouble.logRepeated(LOGGER, "what is old is deleted later", e);
    }
  }

  /** Deletes what ended longer ago than that. */
  static void purge(
      EventDesk desk, ReconciliationStore reconciliations, AlertStore alerts, Duration age) {
    long events = desk.purge(age, Set.of(EventStatus.SUCCESS, EventStatus.IGNORED));
    int runs = reconciliations.purge(age);
    int told = alerts.purge(age);
    if (events + runs + told > 0) {
      LOGGER.info(
          "retention: {} events, {} comparisons and {} alerts that ended more than {} days ago are"
              + " deleted",
          events,
          runs,
          told,
          age.toDays());
    }
  }

  @Override
  public void stop() throws InterruptedException {
    // Not interrupted: H2 would close its file. A batch is short, and the rest has ended: its pace
    // is stopped by now.
    thread.shutdown();
    if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      LOGGER.warn("old events are still being deleted");
    }
  }
}
