package dev.acuse;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.Schema;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.SetupException;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date at the start, or, where the database is out just then, as soon as it
 * answers: webhooks go to the spool meanwhile. While it is not up to date every statement that
 * needs it fails, and is tried again.
 */
final class StartupMigration extends HealthCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(StartupMigration.class);
  private static final long TRY_EVERY_MILLIS = 1_000;

  private final Schema schema;
  private final boolean migrates;
  private volatile boolean upToDate;
  private String told = "";

  /**
   * @param migrates whether to change it, rather than to insist that it is up to date
   */
  StartupMigration(Schema schema, boolean migrates) {
    this.schema = schema;
    this.migrates = migrates;
  }

  /**
   * @param mayWait whether the service may start without its database
   * @param onReady called once the schema is up to date
   * @throws OutdatedException if the schema is not up to date and may not be migrated
   * @throws dev.acuse.database.UnfitDatabaseException if the database is not what Acuse needs
   */
  void begin(Environment environment, boolean mayWait, Runnable onReady) {
    environment.healthChecks().register("schema", this);
    try {
      bringUpToDate();
      onReady.run();
    } catch (Schema.SchemaException e) {
      if (!mayWait || !DatabaseTrouble.isOutage(e) || DatabaseTrouble.isMisconfiguration(e)) {
        throw e;
      }
      LOGGER.warn("the database is out; starting all the same: {}", e.getMessage());
      ScheduledExecutorService later =
          environment
              .lifecycle()
              .scheduledExecutorService("schema-at-start", true)
              .threads(1)
              .shutdownTime(Duration.seconds(1))
              .build();
      var unused =
          later.scheduleWithFixedDelay(
              FatalErrors.guarding(() -> tryAgain(onReady, later)),
              TRY_EVERY_MILLIS,
              TRY_EVERY_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Whether the schema was found or made current: not while the database is out. */
  boolean isUpToDate() {
    return upToDate;
  }

  private void tryAgain(Runnable onReady, ScheduledExecutorService later) {
    try {
      bringUpToDate();
      LOGGER.info("the database answers, and its schema is up to date");
      onReady.run();
      later.shutdown();
    } catch (RuntimeException e) {
      tell(e);
    }
  }

  /** It is tried every second; what does not mend itself is told once. */
  private void tell(RuntimeException failure) {
    String said = String.valueOf(failure.getMessage());
    boolean isOut =
        DatabaseTrouble.isOutage(failure) && !DatabaseTrouble.isMisconfiguration(failure);
    if (isOut || said.equals(told)) {
      LOGGER.debug("the database cannot be used yet", failure);
    } else {
      told = said;
      LOGGER.error("webhooks wait in the spool: {}", said);
    }
  }

  private void bringUpToDate() {
    Schema.State state = schema.judge(migrates);
    if (state.pending() > 0 && !migrates) {
      throw new OutdatedException(state.pending());
    }
    if (state.unknown() > 0) {
      LOGGER.warn(
          "the database has {} changes that this version does not know: a newer version of Acuse has"
              + " been there; going on, because they only add",
          state.unknown());
    }
    if (migrates) {
      schema.migrate();
    }
    upToDate = true;
  }

  /** The schema is not up to date, and may not be brought up to date here. */
  static final class OutdatedException extends SetupException {
    private static final long serialVersionUID = 1L;

    private OutdatedException(int pending) {
      super(
          "the database schema lacks "
              + pending
              + " changes: run \"db migrate config.yml\", or set ACUSE_MIGRATE_ON_START=true");
    }
  }

  @Override
  protected Result check() {
    return upToDate ? Result.healthy() : Result.unhealthy("the schema is not known to be current");
  }
}
