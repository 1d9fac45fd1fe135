package dev.acuse.database;

import dev.acuse.process.Causes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.GlobalConfiguration;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.changelog.filter.DbmsChangeSetFilter;
import liquibase.database.DatabaseFactory;
import liquibase.database.core.H2Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.exception.LockException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** The database's schema: brings it up to date, or tells whether it is. */
public final class Schema {
  private static final String CHANGELOG = "migrations.xml";
  private static final int LOCK_WAIT_MINUTES = 1;
  private static final int LOCK_POLL_SECONDS = 2;

  private static final Pattern NUMBER = Pattern.compile("^[0-9]{1,9}");

  private final DataSource dataSource;
  private final int lockWaitMinutes;
  private final ReadCommitted isolation;

  /**
   * @param dataSource where the tables live
   */
  public Schema(DataSource dataSource) {
    this(dataSource, LOCK_WAIT_MINUTES, new ReadCommitted());
  }

  /**
   * @param isolation told what a PostgreSQL's default is, when that is judged
   */
  public Schema(DataSource dataSource, ReadCommitted isolation) {
    this(dataSource, LOCK_WAIT_MINUTES, isolation);
  }

  /**
   * @param lockWaitMinutes how long to wait for another process that migrates
   */
  Schema(DataSource dataSource, int lockWaitMinutes) {
    this(dataSource, lockWaitMinutes, new ReadCommitted());
  }

  private Schema(DataSource dataSource, int lockWaitMinutes, ReadCommitted isolation) {
    this.dataSource = dataSource;
    this.lockWaitMinutes = lockWaitMinutes;
    this.isolation = isolation;
  }

  /**
   * Runs every change that has not run yet.
   *
   * @throws SchemaException if the database is out of reach or refuses a change, or if another
   *     process holds Liquibase's lock for a minute; the lock of one that was killed stays
   */
  public void migrate() {
    withLiquibase(
        (connection, liquibase) -> {
          liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
          if (liquibase.getDatabase() instanceof H2Database && liquibase.listLocks().length > 0) {
            // Nobody else has the file open: whoever held the lock is dead.
            liquibase.forceReleaseLocks();
          }
          liquibase.update(new Contexts(), new LabelExpression());
          return 0;
        });
  }

  /**
   * Judges the database at the start, before anything is changed.
   *
   * @param mayMigrate whether what is missing would be made
   * @return what of the schema is missing, and what is there that this version does not know
   * @throws UnfitDatabaseException if the database is not what Acuse needs
   * @throws SchemaException if the database is out of reach
   */
  public State judge(boolean mayMigrate) {
    return withLiquibase(
        (connection, liquibase) -> {
          DatabaseNeeds.check(connection);
          if (!isH2(connection)) {
            isolation.learn(connection);
          }
          SchemaFloor.check(connection, version(liquibase));
          State state = state(connection, liquibase);
          if (mayMigrate && state.pending() > 0) {
            DatabaseNeeds.checkMayCreate(connection);
          }
          return state;
        });
  }

  /**
   * How many changes have not run yet.
   *
   * @throws SchemaException if the database is out of reach
   */
  public int pendingChanges() {
    return withLiquibase((connection, liquibase) -> state(connection, liquibase).pending());
  }

  /**
   * How a database's schema differs from what this version knows.
   *
   * @param pending how many changes have not run yet
   * @param unknown how many have run that this version does not know: a newer one made them
   */
  public record State(int pending, int unknown) {}

  /** Reads only: Liquibase would make its tables where they are missing. */
  private static State state(Connection connection, Liquibase liquibase)
      throws LiquibaseException, SQLException {
    if (!Tables.exists(connection, "databasechangelog")) {
      var ours = new DbmsChangeSetFilter(liquibase.getDatabase());
      long all =
          liquibase.getDatabaseChangeLog().getChangeSets().stream()
              .filter(change -> ours.accepts(change).isAccepted())
              .count();
      return new State((int) all, 0);
    }
    return new State(
        liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression()).size(),
        liquibase.listUnexpectedChangeSets(new Contexts(), new LabelExpression()).size());
  }

  /** The number of the latest change, which its file's name begins with. */
  private static int version(Liquibase liquibase) throws LiquibaseException {
    return liquibase.getDatabaseChangeLog().getChangeSets().stream()
        .map(change -> NUMBER.matcher(change.getId()))
        .filter(Matcher::find)
        .mapToInt(number -> Integer.parseInt(number.group()))
        .max()
        .orElse(0);
  }

  private <T> T withLiquibase(LiquibaseCall<T> call) {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      int timeout = withoutTimeout(connection);
      try {
        return call(connection, call);
      } finally {
        restoreTimeout(connection, timeout);
        // Liquibase turns it off. Left so in a pool, it would leave the statements of whoever gets
        // this connection next uncommitted, though they seem to have succeeded.
        connection.setAutoCommit(autoCommit);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new SchemaException(e);
    }
  }

  /** An index over millions of rows takes longer than a statement of the service may. */
  private static int withoutTimeout(Connection connection) throws SQLException {
    int timeout = isH2(connection) ? 0 : connection.getNetworkTimeout();
    if (timeout > 0) {
      connection.setNetworkTimeout(Runnable::run, 0);
    }
    return timeout;
  }

  private static void restoreTimeout(Connection connection, int millis) throws SQLException {
    if (millis > 0 && !connection.isClosed()) {
      connection.setNetworkTimeout(Runnable::run, millis);
    }
  }

  private static boolean isH2(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("H2");
  }

  private <T> T call(Connection connection, LiquibaseCall<T> call) throws Exception {
    var database =
        DatabaseFactory.getInstance()
            .findCorrectDatabaseImplementation(new JdbcConnection(connection));
    // Liquibase would print each change on standard output.
    return Scope.child(
        Map.of(
            Scope.Attr.ui.name(),
            new LoggerUIService(),
            GlobalConfiguration.CHANGELOGLOCK_WAIT_TIME.getKey(),
            lockWaitMinutes,
            GlobalConfiguration.CHANGELOGLOCK_POLL_RATE.getKey(),
            LOCK_POLL_SECONDS),
        (Scope.ScopedRunnerWithReturn<T>)
            () ->
                call.apply(
                    connection,
                    new Liquibase(CHANGELOG, new ClassLoaderResourceAccessor(), database)));
  }

  @FunctionalInterface
  private interface LiquibaseCall<T> {
    T apply(Connection connection, Liquibase liquibase) throws LiquibaseException, SQLException;
  }

  /** The schema could not be read or changed. */
  public static final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private SchemaException(Throwable cause) {
      super(
          "the database schema could not be read or migrated: "
              + cause.getMessage()
              + advice(cause),
          cause);
    }

    private static String advice(Throwable failure) {
      return Causes.any(failure, LockException.class::isInstance)
          ? ". If no process migrates it now, the one that did was killed: release its lock by"
              + " \"java -jar target/acuse.jar db locks --force-release config.yml\" and start again"
          : "";
    }
  }
}
