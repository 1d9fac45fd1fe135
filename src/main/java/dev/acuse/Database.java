package dev.acuse;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.backup.Restore;
import dev.acuse.backup.RestoreNote;
import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.CallWatch;
import dev.acuse.database.DatabaseClock;
import dev.acuse.database.MonotonicClock;
import dev.acuse.database.PostgresDurability;
import dev.acuse.database.PostgresJdbiFactory;
import dev.acuse.database.ReadCommitted;
import dev.acuse.database.Schema;
import dev.acuse.database.h2.DiskProbe;
import dev.acuse.database.h2.H2Gate;
import dev.acuse.database.h2.H2Identities;
import dev.acuse.database.h2.H2Indexes;
import dev.acuse.database.h2.H2JdbiFactory;
import dev.acuse.database.h2.H2Maintenance;
import dev.acuse.database.h2.H2Url;
import dev.acuse.database.h2.H2Watchdog;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.inbox.ArrivalJournal;
import dev.acuse.inbox.Restored;
import dev.acuse.move.Moves;
import dev.acuse.payment.CheckoutJournal;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.OwnFiles;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.WritableFiles;
import dev.acuse.recovery.BrokenMark;
import dev.acuse.recovery.H2Files;
import dev.acuse.recovery.H2Recovery;
import dev.acuse.recovery.RowCheck;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.lifecycle.Managed;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database, up to date and with its clock.
 *
 * @param jdbi for workers, API, console and tasks
 * @param intake the same database by connections that only the intake uses: however busy the others
 *     are, a webhook finds one
 * @param clock the time that leases and due times go by
 * @param syncFailure whether its disk has failed to sync
 * @param calls the commits and claims that are under way
 * @param isStuck whether an H2 file is in the middle of something that does not end; never of
 *     PostgreSQL, which another process may have to mend
 * @param isUpToDate whether it has answered yet, and its schema is current
 * @param h2 what an H2 file has besides; null on PostgreSQL
 */
record Database(
    Jdbi jdbi,
    Jdbi intake,
    DatabaseClock clock,
    SyncFailure syncFailure,
    CallWatch calls,
    BooleanSupplier isStuck,
    BooleanSupplier isUpToDate,
    @Nullable OpenH2 h2) {
  /** How often each instance looks whether the database's clock was set. */
  static final Duration CLOCK_CHECK = Duration.ofMinutes(1);

  /** A process that has used its H2 file for so long did not end because of a page of it. */
  private static final Duration LIVED = Duration.ofMinutes(5);

  /** When the service has begun, so that it is not held up. */
  private static final Duration ROWS_AFTER = Duration.ofSeconds(30);

  private static final Duration ROWS_EVERY = Duration.ofMillis(50);

  private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);

  /**
   * A connection that the network has swallowed is given up after so many seconds. Nothing is
   * cancelled by that: the server finishes what it was told to do.
   */
  private static final String SOCKET_TIMEOUT = "60";

  private static final String INTAKE_SOCKET_TIMEOUT = "20";

  /**
   * Without the time-outs a PostgreSQL that does not answer holds a connection for minutes; the
   * details of its errors may hold what rows hold, and would reach the log.
   */
  private static final Map<String, String> POSTGRESQL_DEFAULTS =
      Map.of(
          "connectTimeout", "2",
          "loginTimeout", "2",
          "socketTimeout", SOCKET_TIMEOUT,
          "tcpKeepAlive", "true",
          "logServerErrorDetail", "false",
          "ApplicationName", "acuse");

  /**
   * Connects, migrates if the configuration says so, and lets the lifecycle close the pool after
   * everything that uses it.
   *
   * @param mayWait whether to go on though the database is out; it is then brought up to date later
   * @param onBroken told when an H2 file is of no more use to this process: its disk failed to
   *     sync, or was full
   * @throws IllegalStateException if the schema is not up to date and may not be migrated
   */
  static Database open(
      AcuseConfiguration config, Environment environment, boolean mayWait, Runnable onBroken) {
    DataSourceFactory factory = config.database();
    nameDriver(factory);
    if (config.isH2()) {
      beforeUse(config);
      Path file = Path.of(H2Url.file(factory.getUrl()) + ".mv.db");
      WritableFiles.check("database.url (DATABASE_URL)", file);
    }
    H2Start h2 = config.isH2() ? H2Start.of(config, onBroken) : null;
    // Before, because a broken file is kept beside the new one.
    files(config).forEach(OwnFiles::restrict);
    if (h2 != null && h2.recovery().rebuildIfBroken()) {
      h2.mark().keyFits();
    }
    prepareFiles(config);
    try {
      return open(config, environment, mayWait, onBroken, h2);
    } catch (RuntimeException e) {
      if (h2 != null) {
        h2.mark().noteAtStart(e);
      }
      throw e;
    }
  }

  private static Database open(
      AcuseConfiguration config,
      Environment environment,
      boolean mayWait,
      Runnable onBroken,
      @Nullable H2Start h2) {
    DataSourceFactory factory = config.database();
    if (mayWait) {
      factory.setInitialSize(0);
    }
    ManagedDataSource dataSource = factory.build(environment.metrics(), "database");
    ManagedDataSource migration = dataSource;
    if (config.isH2()) {
      // Before all that write, and so closed after them.
      migration = lasting(factory);
      environment.lifecycle().manage(migration);
    }
    var isolation = new ReadCommitted();
    var gate = new H2Gate();
    JdbiFactory jdbis =
        h2 != null
            ? new H2JdbiFactory(
                new DiskProbe(H2Url.folder(factory.getUrl()))::takesWrites,
                onBroken,
                h2.mark()::note,
                gate)
            : new PostgresJdbiFactory(isolation);
    Jdbi jdbi = jdbi(jdbis, environment, factory, dataSource, "database");
    Jdbi intake = intake(jdbis, config, environment);
    var clock = new DatabaseClock(jdbi, MonotonicClock.from(Clock.systemUTC()));
    var syncFailure = new SyncFailure(onBroken);
    var calls = new CallWatch();
    BooleanSupplier isStuck = () -> false;
    OpenH2 open = null;
    if (h2 != null) {
      var upkeep = new H2Maintenance(jdbi, syncFailure, calls, h2.mark()::note);
      upkeep.manageIn(environment);
      BesideFile beside = BesideFile.open(environment, h2.files(), jdbi, clock, onBroken);
      open = new OpenH2(h2.files(), upkeep, beside, gate, migration);
      var watchdog = new H2Watchdog(calls, AcuseApplication::halt);
      environment.lifecycle().manage(watchdog);
      isStuck = watchdog::isStuck;
      countLives(environment, h2.recovery());
      readRows(environment, new RowCheck(jdbi), h2.mark());
    }
    var schema = new StartupMigration(new Schema(migration, isolation), config.migratesOnStart());
    schema.begin(environment, mayWait, () -> begin(h2, clock, jdbi, intake));
    var unused =
        environment
            .lifecycle()
            .scheduledExecutorService("database-clock")
            .build()
            .scheduleWithFixedDelay(
                FatalErrors.guarding(clock::measure),
                CLOCK_CHECK.toMillis(),
                CLOCK_CHECK.toMillis(),
                TimeUnit.MILLISECONDS);
    return new Database(jdbi, intake, clock, syncFailure, calls, isStuck, schema::isUpToDate, open);
  }

  private static void countLives(Environment environment, H2Recovery recovery) {
    var later =
        environment
            .lifecycle()
            .scheduledExecutorService("h2-lived", true)
            .build()
            .schedule(recovery::lived, LIVED.toMillis(), TimeUnit.MILLISECONDS);
    environment
        .lifecycle()
        .manage(
            new Managed() {
              @Override
              public void stop() {
                // A thread that has something to do later is waited for.
                later.cancel(false);
                recovery.lived();
              }
            });
  }

  /** Beside the service, because a large file takes minutes. */
  private static void readRows(Environment environment, RowCheck rows, BrokenMark mark) {
    ScheduledExecutorService thread =
        environment.lifecycle().scheduledExecutorService("h2-rows", true).build();
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              if (!readOn(rows, mark)) {
                thread.shutdown();
              }
            },
            ROWS_AFTER.toMillis(),
            ROWS_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static boolean readOn(RowCheck rows, BrokenMark mark) {
    try {
      return rows.readOn();
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      if (!mark.note(e)) {
        LOGGER.warn("the rows of the H2 file are read after the next start: {}", e.toString());
      }
      return false;
    }
  }

  /** Carries through a restore that was cut off; does nothing on PostgreSQL. */
  static void finishRestore(AcuseConfiguration config) {
    if (config.isH2()) {
      Restore.finishCutOff(new H2Files(H2Url.file(String.valueOf(config.database().getUrl()))));
    }
  }

  /**
   * Looks, before an H2 file is worked on, what a restore or a move has left; does nothing on
   * PostgreSQL.
   *
   * @throws dev.acuse.process.SetupException if the inbox was moved
   */
  static void beforeUse(AcuseConfiguration config) {
    finishRestore(config);
    if (config.isH2()) {
      Moves.beforeUse(new H2Files(H2Url.file(String.valueOf(config.database().getUrl()))));
    }
  }

  /** Makes the file of H2 private, before H2 makes it readable; does nothing for PostgreSQL. */
  static void prepareFiles(AcuseConfiguration config) {
    String url = String.valueOf(config.database().getUrl());
    if (config.isH2()) {
      if (H2Url.mayCreate(url)) {
        PrivateFiles.prepare(Path.of(H2Url.file(url) + ".mv.db"));
      }
      files(config).forEach(OwnFiles::restrict);
    }
  }

  /** The files that the database keeps on this machine. */
  static List<OwnFiles> files(AcuseConfiguration config) {
    return config.isH2()
        ? List.of(OwnFiles.ofH2(H2Url.file(String.valueOf(config.database().getUrl()))))
        : List.of();
  }

  /**
   * One connection that stays open for as long as the process lives, so that H2 never closes the
   * file in between: to open it anew would leave it to H2 what it overwrites meanwhile; see {@link
   * H2Maintenance}. Before 2.5.250, H2 also compared by the session that made a table what its
   * checks allow, and refused every row from when that was closed, as a pool closes an idle one.
   */
  private static ManagedDataSource lasting(DataSourceFactory factory) {
    return oneConnection(factory, "migration");
  }

  /**
   * One connection beside the pools, which nothing counts; made when it is first asked for.
   *
   * @param factory of a database that has been opened
   */
  static ManagedDataSource oneConnection(DataSourceFactory factory, String name) {
    var one = new DataSourceFactory();
    one.setDriverClass(factory.getDriverClass());
    one.setUrl(factory.getUrl());
    one.setUser(factory.getUser());
    one.setPassword(factory.getPassword());
    one.setProperties(factory.getProperties());
    one.setInitialSize(1);
    one.setMinSize(1);
    one.setMaxSize(1);
    one.setCheckConnectionWhileIdle(false);
    return one.build(new MetricRegistry(), name);
  }

  /** Where stored events are written down as well. */
  ArrivalJournal arrivals() {
    return h2 == null ? ArrivalJournal.NONE : h2.beside().journal();
  }

  /** The same for checkouts. */
  CheckoutJournal checkouts() {
    return h2 == null ? CheckoutJournal.NONE : h2.beside().journal();
  }

  /** That the file was broken and made anew; null if it was not, lately. */
  @Nullable String rebuilt() {
    return h2 == null ? null : h2.beside().notice().text();
  }

  /** That this inbox is a restored backup; null if it is none. */
  @Nullable Restored restored() {
    return h2 == null ? null : RestoreNote.read(h2.files().restored());
  }

  /** Once the schema is up to date. */
  private static void begin(@Nullable H2Start h2, DatabaseClock clock, Jdbi jdbi, Jdbi intake) {
    clock.measure();
    if (h2 != null) {
      H2Identities.repair(jdbi);
      H2Indexes.repair(jdbi);
      h2.recovery().putBack(jdbi);
    } else {
      PostgresDurability.warnings(intake).forEach(LOGGER::warn);
    }
  }

  private static Jdbi intake(
      JdbiFactory jdbis, AcuseConfiguration config, Environment environment) {
    DataSourceFactory factory = config.database();
    factory.setMaxSize(config.intake().connections());
    factory.setMinSize(1);
    factory.setInitialSize(Math.min(1, factory.getInitialSize()));
    factory.setMaxWaitForConnection(config.intake().maxWaitForConnection());
    if (!config.isH2()) {
      factory.getProperties().replace("socketTimeout", SOCKET_TIMEOUT, INTAKE_SOCKET_TIMEOUT);
    }
    String name = "intake-database";
    return jdbi(jdbis, environment, factory, factory.build(environment.metrics(), name), name);
  }

  private static Jdbi jdbi(
      JdbiFactory jdbis,
      Environment environment,
      DataSourceFactory factory,
      ManagedDataSource pool,
      String name) {
    Jdbi jdbi = jdbis.build(environment, factory, pool, name);
    jdbi.installPlugin(new AcuseJdbiPlugin());
    if (jdbis instanceof PostgresJdbiFactory postgres) {
      return postgres.watch(jdbi);
    }
    return jdbis instanceof H2JdbiFactory h2 ? h2.watch(jdbi) : jdbi;
  }

  private static void nameDriver(DataSourceFactory factory) {
    if (String.valueOf(factory.getUrl()).startsWith("jdbc:postgresql:")) {
      factory.setDriverClass("org.postgresql.Driver");
      POSTGRESQL_DEFAULTS.forEach(factory.getProperties()::putIfAbsent);
    } else {
      factory.setDriverClass("org.h2.Driver");
      factory.setUrl(H2Url.uninterrupted(String.valueOf(factory.getUrl())));
    }
  }
}
