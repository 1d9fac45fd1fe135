package dev.acuse.database;

import dev.acuse.process.Causes;
import dev.acuse.process.Failures;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Tells a database that is out from a statement that it refuses. */
public final class DatabaseTrouble {
  /**
   * SQLSTATE classes (ISO 9075; PostgreSQL, Appendix A): connection, transaction rolled back,
   * read-only, out of resources, operator intervention.
   */
  private static final Set<String> OUTAGE_CLASSES = Set.of("08", "40", "25", "53", "57", "58");

  private static final String H2_CLOSED = "90098";

  /** H2: database closed, connection broken, lock time-out, I/O. */
  private static final Set<String> H2_OUTAGES =
      Set.of(H2_CLOSED, "90121", "90067", "HYT00", "90028", "90031");

  private static final String SERIALIZATION_FAILURE = "40001";

  /** Serialization failure and deadlock, by both engines. */
  private static final Set<String> CONFLICTS = Set.of(SERIALIZATION_FAILURE, "40P01");

  /**
   * Classes that speak of the values in a statement: cardinality, data, integrity constraint,
   * program limit.
   */
  private static final Set<String> REFUSAL_CLASSES = Set.of("21", "22", "23", "54");

  /** Authorization and catalog name, by PostgreSQL. */
  private static final Set<String> MISCONFIGURATIONS = Set.of("28000", "28P01", "3D000");

  /** H2's error code for a file that another process has open. */
  private static final int H2_FILE_IN_USE = 90_020;

  private DatabaseTrouble() {}

  /** Whether a command failed because a server, or another command, has the H2 file open. */
  public static boolean isFileInUse(Throwable failure) {
    return Causes.any(
        failure,
        cause -> cause instanceof SQLException sql && sql.getErrorCode() == H2_FILE_IN_USE);
  }

  /** Whether the failure says that the database is out, rather than that it refused something. */
  public static boolean isOutage(Throwable failure) {
    return Causes.any(failure, DatabaseTrouble::saysOut);
  }

  private static boolean saysOut(Throwable cause) {
    return cause instanceof ConnectionException
        || cause instanceof SQLTransientException
        || cause instanceof SQLNonTransientConnectionException
        || (cause instanceof SQLException sql && isOutageState(sql.getSQLState()));
  }

  /**
   * Whether the database refuses a row for what is in it, and will for ever. Whatever else fails is
   * no fault of the row: no connection, no disk, a lock, a table that is not there yet, a right
   * that was revoked. A failure that is not the database's counts as the row's.
   */
  public static boolean isRefusal(Throwable failure) {
    if (Failures.any(failure, DatabaseTrouble::saysClosed)) {
      return false;
    }
    boolean isSql = false;
    for (Throwable cause : Causes.of(failure)) {
      if (cause instanceof ConnectionException) {
        return false;
      }
      if (cause instanceof SQLException sql) {
        isSql = true;
        if (REFUSAL_CLASSES.contains(classOf(sql.getSQLState()))) {
          return true;
        }
      }
    }
    return !isSql;
  }

  /** H2 blames the row's values when it finds itself closed while it checks them. */
  private static boolean saysClosed(Throwable cause) {
    return cause instanceof SQLException sql && H2_CLOSED.equals(sql.getSQLState());
  }

  /** Whether waiting will not mend it: a wrong password, or a database that is not there. */
  public static boolean isMisconfiguration(Throwable failure) {
    return hasState(failure, MISCONFIGURATIONS);
  }

  /** Whether the user or the password is wrong; H2 has the same SQLSTATE as PostgreSQL. */
  public static boolean isWrongLogin(Throwable failure) {
    return hasState(failure, Set.of("28000", "28P01"));
  }

  /** Whether the statement only lost a race against another one, and may be tried again at once. */
  public static boolean isConflict(Throwable failure) {
    return hasState(failure, CONFLICTS);
  }

  /** Whether a transaction met another in a way that read committed does not know. */
  static boolean isSerializationFailure(Throwable failure) {
    return hasState(failure, Set.of(SERIALIZATION_FAILURE));
  }

  /**
   * Logs what will be tried again: an outage hardly, a schema that is not there yet in a line, and
   * whatever else there is with its trace.
   *
   * @param what waits, as a sentence
   */
  public static void logRepeated(Logger logger, String what, Throwable failure) {
    if (isOutage(failure)) {
      logger.debug("{}: the database is out", what, failure);
    } else if (isRefusal(failure)) {
      logger.error(what, failure);
    } else {
      logger.warn("{}: {}", what, Causes.root(failure).getMessage());
    }
  }

  private static boolean hasState(Throwable failure, Set<String> states) {
    return Causes.any(
        failure,
        cause ->
            cause instanceof SQLException sql
                && states.contains(String.valueOf(sql.getSQLState())));
  }

  private static String classOf(@Nullable String state) {
    return state == null ? "" : state.substring(0, Math.min(2, state.length()));
  }

  private static boolean isOutageState(@Nullable String state) {
    return state != null && (H2_OUTAGES.contains(state) || OUTAGE_CLASSES.contains(classOf(state)));
  }
}
