package dev.acuse.event;

import java.sql.SQLException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is out from a statement that it refuses. */
public final class DatabaseTrouble {
  /**
   * SQLSTATE classes (ISO 9075; PostgreSQL, Appendix A) that speak of the values in a statement:
   * cardinality, data, integrity constraint, program limit. Whatever else fails is no fault of a
   * row: no connection, no disk, a lock, a table that is not there yet, a right that was revoked.
   */
  private static final Set<String> REFUSALS = Set.of("21", "22", "23", "54");

  /** Serialization failure and deadlock, by both engines. */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /** Authorization and catalog name, by PostgreSQL. */
  private static final Set<String> MISCONFIGURATIONS = Set.of("28000", "28P01", "3D000");

  private DatabaseTrouble() {}

  /** Whether the failure says that the database is out, rather than that it refused something. */
  public static boolean isOutage(Throwable failure) {
    boolean isSql = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectionException) {
        return true;
      }
      if (cause instanceof SQLException sql) {
        if (isRefusal(sql.getSQLState())) {
          return false;
        }
        isSql = true;
      }
    }
    return isSql;
  }

  /** Whether waiting will not mend it: a wrong password, or a database that is not there. */
  public static boolean isMisconfiguration(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && MISCONFIGURATIONS.contains(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the statement only lost a race against another one, and may be tried again at once. */
  public static boolean isConflict(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && CONFLICTS.contains(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRefusal(@Nullable String state) {
    return state != null && REFUSALS.contains(state.substring(0, Math.min(2, state.length())));
  }
}
