package dev.acuse.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import liquibase.Contexts;
import liquibase.GlobalConfiguration;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.changelog.filter.DbmsChangeSetFilter;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.exception.LockException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** What Liquibase does to a schema, and says of it. Turns the connection's auto-commit off. */
final class LiquibaseRun {
  private static final String CHANGELOG = "migrations.xml";
  private static final int LOCK_POLL_SECONDS = 2;

  private LiquibaseRun() {}

  /**
   * Runs every change that has not run yet.
   *
   * @param lockWaitMinutes how long to wait for another process that migrates
   * @return true
   * @throws Exception if the database is out of reach, refuses a change or is locked
   */
  static boolean update(Connection connection, int lockWaitMinutes) throws Exception {
    return with(
        connection,
        lockWaitMinutes,
        liquibase -> {
          liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
          SchemaChanges.make(
              liquibase, () -> liquibase.update(new Contexts(), new LabelExpression()));
          return true;
        });
  }

  /** Reads only: Liquibase would make its tables where they are missing. */
  static Schema.State state(Connection connection, int lockWaitMinutes) throws Exception {
    return with(connection, lockWaitMinutes, liquibase -> state(connection, liquibase));
  }

  private static Schema.State state(Connection connection, Liquibase liquibase)
      throws LiquibaseException, SQLException {
    if (!Tables.exists(connection, "databasechangelog")) {
      var ours = new DbmsChangeSetFilter(liquibase.getDatabase());
      long all =
          liquibase.getDatabaseChangeLog().getChangeSets().stream()
              .filter(change -> ours.accepts(change).isAccepted())
              .count();
      return new Schema.State((int) all, 0);
    }
    return new Schema.State(
        liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression()).size(),
        liquibase.listUnexpectedChangeSets(new Contexts(), new LabelExpression()).size());
  }

  /** Whether it failed because another process holds the lock, or died with it. */
  static boolean isLocked(Throwable failure) {
    return failure instanceof LockException;
  }

  private static <T> T with(Connection connection, int lockWaitMinutes, Call<T> call)
      throws Exception {
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
                call.apply(new Liquibase(CHANGELOG, new ClassLoaderResourceAccessor(), database)));
  }

  @FunctionalInterface
  private interface Call<T> {
    T apply(Liquibase liquibase) throws Exception;
  }
}
