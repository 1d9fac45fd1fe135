package dev.acuse.database;

import dev.acuse.process.Causes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalInt;
import javax.sql.DataSource;

/**
 * The database's schema: brings it up to date, or tells whether it is. Liquibase does that, unless
 * its tables say that there is nothing to do.
 */
public final class Schema {
  private static final int LOCK_WAIT_MINUTES = 1;

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
   * Runs every change that has not run yet; does nothing if each has, as it stands here.
   *
   * @throws SchemaException if the database is out of reach or refuses a change, or if another
   *     process holds Liquibase's lock for a minute; the lock of one that was killed stays
   */
  public void migrate() {
    with(
        connection ->
            RanChanges.unknownIfCurrent(connection, isH2(connection)).isPresent()
                || LiquibaseRun.update(connection, lockWaitMinutes));
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
    return judge(mayMigrate, false);
  }

  /**
   * As {@link #judge} of a database that an inbox is moved into, and whose schema will be made.
   *
   * @throws UnfitDatabaseException if the database is not what Acuse needs
   * @throws SchemaException if the database is out of reach
   */
  public State judgeTarget() {
    return judge(true, true);
  }

  private State judge(boolean mayMigrate, boolean isTarget) {
    return with(
        connection -> {
          DatabaseNeeds.check(connection);
          if (!isTarget) {
            UnfinishedMove.refuse(connection);
          }
          boolean isH2 = isH2(connection);
          if (!isH2) {
            isolation.learn(connection);
          }
          SchemaFloor.check(connection, KnownChanges.latest());
          State state = state(connection, isH2);
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
    return with(connection -> state(connection, isH2(connection)).pending());
  }

  /**
   * Looks at the schema and changes nothing, unlike {@link #judge}, which may have Liquibase make
   * its own tables.
   *
   * @throws UnfitDatabaseException if the database is not what Acuse needs
   */
  public static Currency inspect(Connection connection) throws SQLException {
    DatabaseNeeds.check(connection);
    SchemaFloor.check(connection, KnownChanges.latest());
    OptionalInt unknown = RanChanges.unknownIfCurrent(connection, isH2(connection));
    return new Currency(unknown.isPresent(), unknown.orElse(0));
  }

  /**
   * Whether a schema is up to date.
   *
   * @param isCurrent false also while a process holds Liquibase's lock
   * @param unknown how many changes have run that this version does not know
   */
  public record Currency(boolean isCurrent, int unknown) {}

  /**
   * How a database's schema differs from what this version knows.
   *
   * @param pending how many changes have not run yet
   * @param unknown how many have run that this version does not know: a newer one made them
   */
  public record State(int pending, int unknown) {}

  /**
   * The number of the latest change set that this version knows, as {@code 19} for {@code 0019}.
   */
  public static int known() {
    return KnownChanges.latest();
  }

  /**
   * Looks whether this version may work with a database.
   *
   * @throws UnfitDatabaseException if a newer version has made it one that it may not
   * @throws SQLException if the database is out of reach
   */
  public static void checkFloor(Connection connection) throws SQLException {
    SchemaFloor.check(connection, KnownChanges.latest());
  }

  /**
   * The number of the latest change set that has run in a database, by whatever version.
   *
   * @return 0 if none has
   * @throws SQLException if the database is out of reach
   */
  public static int ran(Connection connection) throws SQLException {
    return RanChanges.latest(connection);
  }

  /** Whether a database has just the changes that this version knows, read without Liquibase. */
  public static boolean isCurrent(Connection connection) throws SQLException {
    OptionalInt unknown = RanChanges.unknownIfCurrent(connection, isH2(connection));
    return unknown.isPresent() && unknown.getAsInt() == 0;
  }

  private State state(Connection connection, boolean isH2) throws Exception {
    OptionalInt unknown = RanChanges.unknownIfCurrent(connection, isH2);
    return unknown.isPresent()
        ? new State(0, unknown.getAsInt())
        : LiquibaseRun.state(connection, lockWaitMinutes);
  }

  private <T> T with(ConnectionCall<T> call) {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      int timeout = withoutTimeout(connection);
      try {
        return call.apply(connection);
      } finally {
        restoreTimeout(connection, timeout);
        // Liquibase turns it off. Left so in a pool, it would leave the statements of the next
        // caller that gets this connection uncommitted, though they seem to have succeeded.
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

  @FunctionalInterface
  private interface ConnectionCall<T> {
    T apply(Connection connection) throws Exception;
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
      return Causes.any(failure, LiquibaseRun::isLocked)
          ? ". If no process migrates it now, the one that did was killed: release its lock by"
              + " \"java -jar target/acuse.jar db locks --force-release config.yml\" and start again"
          : "";
    }
  }
}
