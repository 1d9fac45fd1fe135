package dev.acuse.database;

import dev.acuse.process.Causes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a change of a PostgreSQL's schema again whose lock it did not get in time, and says which
 * session holds that. Webhooks wait behind the change while it waits for its lock, so that it gives
 * up after {@code lock_timeout} and lets them through before the next try.
 */
final class LockPatience {
  private static final Logger LOGGER = LoggerFactory.getLogger(LockPatience.class);

  /** PostgreSQL, Appendix A. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final Duration AT_MOST = Duration.ofMinutes(10);
  private static final long PAUSE_MILLIS = 1_000;

  /** Sessions that have been in a transaction for longer than the change has waited. */
  private static final String HOLDERS =
      """
      SELECT DISTINCT a.pid, a.application_name, a.state, c.relname,
        CAST(EXTRACT(EPOCH FROM clock_timestamp() - a.xact_start) AS BIGINT) AS seconds
      FROM pg_locks l
      JOIN pg_class c ON c.oid = l.relation
      JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.granted AND l.pid <> pg_backend_pid() AND c.relkind = 'r'
        AND c.relnamespace = current_schema()::regnamespace
        AND a.xact_start < clock_timestamp() - INTERVAL '2 seconds'
      ORDER BY seconds DESC, c.relname LIMIT 1
      """;

  private final Connection connection;
  private final long giveUpNanos;

  /**
   * @param connection the one that the change is made by
   */
  LockPatience(Connection connection) {
    this.connection = connection;
    this.giveUpNanos = System.nanoTime() + AT_MOST.toNanos();
  }

  /** What may be made again as a whole after a part of it failed. */
  @FunctionalInterface
  interface Change {
    /** Makes it, or what is left of it. */
    void make() throws Exception;
  }

  /**
   * Makes a change; as often as it fails for want of a lock, for ten minutes at most.
   *
   * @throws Exception what the change throws otherwise, or at the last try
   */
  void make(Change change) throws Exception {
    while (!isMade(change)) {
      connection.rollback();
      LOGGER.warn("schema: a change waits for a lock, and is tried again{}", holder());
      // Nothing counts it down: what is waited for is another session's end.
      var unused = new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean isMade(Change change) throws Exception {
    try {
      change.make();
      return true;
    } catch (Exception e) {
      if (!Causes.any(e, LockPatience::saysLocked) || System.nanoTime() - giveUpNanos > 0) {
        throw e;
      }
      return false;
    }
  }

  private static boolean saysLocked(Throwable cause) {
    return cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState());
  }

  private String holder() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(HOLDERS)) {
      return row.next()
          ? ": process %d of PostgreSQL (application \"%s\", %s) has held one on %s for %d s"
              .formatted(
                  row.getLong("pid"),
                  row.getString("application_name"),
                  row.getString("state"),
                  row.getString("relname"),
                  row.getLong("seconds"))
          : "";
    } finally {
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    }
  }
}
