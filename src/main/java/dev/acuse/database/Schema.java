package dev.acuse.database;

import dev.acuse.process.Causes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.GlobalConfiguration;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
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

  private final DataSource dataSource;
  private final int lockWaitMinutes;

  /**
   * @param dataSource where the tables live
   */
  public Schema(DataSource dataSource) {
    this(dataSource, LOCK_WAIT_MINUTES);
  }

  /**
   * @param lockWaitMinutes how long to wait for another process that migrates
   */
  Schema(DataSource dataSource, int lockWaitMinutes) {
    this.dataSource = dataSource;
    this.lockWaitMinutes = lockWaitMinutes;
  }

  /**
   * Runs every change that has not run yet.
   *
   * @throws SchemaException if the database is out of reach or refuses a change, or if another
   *     process holds Liquibase's lock for a minute; the lock of one that was killed stays
   */
  public void migrate() {
    withLiquibase(
        liquibase -> {
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
   * How many changes have not run yet.
   *
   * @throws SchemaException if the database is out of reach
   */
  public int pendingChanges() {
    return withLiquibase(
        liquibase -> liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression()).size());
  }

  private int withLiquibase(LiquibaseCall call) {
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

  private int call(Connection connection, LiquibaseCall call) throws Exception {
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
        (Scope.ScopedRunnerWithReturn<Integer>)
            () ->
                call.apply(new Liquibase(CHANGELOG, new ClassLoaderResourceAccessor(), database)));
  }

  @FunctionalInterface
  private interface LiquibaseCall {
    int apply(Liquibase liquibase) throws LiquibaseException;
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
