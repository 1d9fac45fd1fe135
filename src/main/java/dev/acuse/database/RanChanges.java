package dev.acuse.database;

import dev.acuse.database.KnownChanges.Change;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been done to a database's schema, as Liquibase's own tables tell it, read without
 * Liquibase: to load it takes a fifth of a start, and at nearly each of them it has nothing to do.
 */
final class RanChanges {
  private static final Logger LOGGER = LoggerFactory.getLogger(RanChanges.class);

  /** How a change has ended of which nothing is left to do. */
  private static final Set<String> DONE = Set.of("EXECUTED", "RERAN", "MARK_RAN");

  /** As Liquibase writes it, or none, after which Liquibase makes it anew. */
  private static final Pattern CHECKSUM = Pattern.compile("[0-9]+:[0-9a-f]{32}|null");

  /** How any change may have ended. */
  private static final Set<String> ENDS =
      Set.of("EXECUTED", "RERAN", "MARK_RAN", "FAILED", "SKIPPED");

  private record Ran(Change change, String end) {
    boolean isDone() {
      return DONE.contains(end);
    }
  }

  private final List<Ran> changes;

  private RanChanges(List<Ran> changes) {
    this.changes = changes;
  }

  /**
   * How many changes have run that this version does not know, if nothing is left to do: each that
   * it knows has run, with the text that it has here, and no process holds Liquibase's lock.
   *
   * @return empty if there may be something to do, which Liquibase then says better
   * @throws org.h2.mvstore.MVStoreException if Liquibase cannot have written a row of an H2 file:
   *     the file is broken, and Liquibase would refuse it for good
   */
  static OptionalInt unknownIfCurrent(Connection connection, boolean isH2) {
    try {
      if (!Tables.exists(connection, "databasechangelog")
          || !Tables.exists(connection, "databasechangeloglock")
          || isLocked(connection)) {
        return OptionalInt.empty();
      }
      RanChanges ran = read(connection);
      if (isH2) {
        ran.checkWhole();
      }
      List<Change> known = KnownChanges.of(isH2);
      return !known.isEmpty() && known.stream().allMatch(ran::hasDone)
          ? OptionalInt.of(ran.unknown(isH2))
          : OptionalInt.empty();
    } catch (SQLException e) {
      LOGGER.debug("the tables of Liquibase cannot be read", e);
      return OptionalInt.empty();
    }
  }

  /** The number of the latest change set that has run; 0 if none has. */
  static int latest(Connection connection) throws SQLException {
    return Tables.exists(connection, "databasechangelog")
        ? KnownChanges.latest(read(connection).changes.stream().map(Ran::change))
        : 0;
  }

  private static boolean isLocked(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet locks = statement.executeQuery("SELECT locked FROM databasechangeloglock")) {
      while (locks.next()) {
        if (locks.getBoolean(1)) {
          return true;
        }
      }
      return false;
    }
  }

  private static RanChanges read(Connection connection) throws SQLException {
    List<Ran> changes = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, author, filename, md5sum, exectype FROM databasechangelog")) {
      while (rows.next()) {
        var change =
            new Change(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                String.valueOf(rows.getString(4)));
        changes.add(new Ran(change, String.valueOf(rows.getString(5))));
      }
    }
    return new RanChanges(changes);
  }

  private void checkWhole() {
    for (Ran ran : changes) {
      String sum = ran.change().checksum();
      if (!CHECKSUM.matcher(sum).matches() || !ENDS.contains(ran.end())) {
        throw DataUtils.newMVStoreException(
            DataUtils.ERROR_FILE_CORRUPT,
            "the change {0} cannot have ended as {1} with the checksum {2}",
            ran.change().id(),
            ran.end(),
            sum);
      }
    }
  }

  private boolean hasDone(Change known) {
    return changes.stream().anyMatch(ran -> ran.isDone() && ran.change().equals(known));
  }

  private int unknown(boolean isH2) {
    List<Change> known = KnownChanges.of(isH2);
    return (int)
        changes.stream()
            .filter(ran -> known.stream().noneMatch(change -> change.isSame(ran.change())))
            .count();
  }
}
