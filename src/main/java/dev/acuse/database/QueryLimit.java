package dev.acuse.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what a list or a count may cost, whatever somebody filters by: over the limit the database
 * cancels the statement, which counts as {@linkplain DatabaseTrouble#isOutage an outage}. For reads
 * on behalf of people only: what stores or finishes an event is never cut short.
 */
public final class QueryLimit {
  private static final Logger LOGGER = LoggerFactory.getLogger(QueryLimit.class);
  private static final int SECONDS = 5;

  private QueryLimit() {}

  /**
   * Runs queries of which each may take five seconds.
   *
   * @param handle that the queries use, and that has no limit before and after
   * @throws org.jdbi.v3.core.JdbiException if one takes longer
   */
  public static <T> T within(Handle handle, Supplier<T> queries) {
    return within(handle, SECONDS, queries);
  }

  static <T> T within(Handle handle, int seconds, Supplier<T> queries) {
    SqlStatements config = handle.getConfig(SqlStatements.class);
    config.setQueryTimeout(seconds);
    try {
      return queries.get();
    } finally {
      config.setQueryTimeout(null);
      lift(handle);
    }
  }

  /**
   * H2 keeps the limit of a statement for its whole connection, which goes back to a pool that
   * workers use as well.
   */
  private static void lift(Handle handle) {
    try (Statement any = handle.getConnection().createStatement()) {
      any.setQueryTimeout(0);
    } catch (SQLException e) {
      LOGGER.debug("a connection that is broken needs no limit lifted", e);
    }
  }
}
