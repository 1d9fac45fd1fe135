package dev.acuse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What H2 has left of a change of a table that was cut off, by a kill or a full disk: the copy that
 * it was making, as {@code WEBHOOK_EVENTS_COPY_3_0}. The table itself is nearly always as it was
 * before. But H2 drops it before it gives the copy its name: where it is gone, the copy has all
 * rows.
 */
final class TableCopies {
  private static final Logger LOGGER = LoggerFactory.getLogger(TableCopies.class);

  private static final Pattern NAME = Pattern.compile("([A-Z_]+)_COPY_[0-9]+_[0-9]+");

  /** Of an index or a constraint of a copy. */
  private static final Pattern PART = Pattern.compile("[A-Z_]+_COPY_[0-9]+_[0-9]+_(.+)");

  private static final String HOW =
      "in H2's shell (docs/reference/commands.md, SQL), and start again; nothing was changed";

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'";

  private static final String INDEXES =
      """
      SELECT 'ALTER INDEX "' || index_name || '" RENAME TO "', index_name
      FROM information_schema.indexes WHERE table_schema = 'PUBLIC'
      """;

  private static final String CONSTRAINTS =
      """
      SELECT 'ALTER TABLE "' || table_name || '" RENAME CONSTRAINT "' || constraint_name
        || '" TO "', constraint_name
      FROM information_schema.table_constraints WHERE table_schema = 'PUBLIC'
      """;

  private TableCopies() {}

  private record Copy(String name, String table) {}

  /**
   * Drops them, so that the change finds the room that it had the first time.
   *
   * @return whether there were any
   * @throws UnfitDatabaseException if one may have the only rows; nothing is changed then
   */
  static boolean drop(Connection connection) throws SQLException {
    Set<String> tables = new HashSet<>(strings(connection, TABLES));
    List<Copy> copies = new ArrayList<>();
    for (String table : tables) {
      Matcher name = NAME.matcher(table);
      if (name.matches()) {
        copies.add(new Copy(table, name.group(1)));
      }
    }
    for (Copy copy : copies) {
      judge(connection, copy, tables);
    }
    for (Copy copy : copies) {
      LOGGER.info("dropping {}, which a change of the schema left that was cut off", copy.name());
      // Other tables may refer to it already, besides to its table.
      execute(connection, "DROP TABLE \"" + copy.name() + "\" CASCADE");
    }
    nameParts(connection, INDEXES);
    nameParts(connection, CONSTRAINTS);
    return !copies.isEmpty();
  }

  private static void judge(Connection connection, Copy copy, Set<String> tables)
      throws SQLException {
    if (!tables.contains(copy.table())) {
      throw new UnfitDatabaseException(
          ("the table %2$s is missing, because H2 was cut off between dropping it and renaming its"
                  + " copy %1$s, which has all rows: restore a backup from before the upgrade, or run"
                  + " ALTER TABLE \"%1$s\" RENAME TO \"%2$s\" %3$s")
              .formatted(copy.name(), copy.table(), HOW));
    }
    if (hasRows(connection, copy.name()) && !hasRows(connection, copy.table())) {
      throw new UnfitDatabaseException(
          ("the table %2$s is empty, and its copy %1$s, which a change of the schema left that was"
                  + " cut off, has rows: restore a backup from before the upgrade, or, if these rows"
                  + " are not needed, run DROP TABLE \"%1$s\" CASCADE %3$s")
              .formatted(copy.name(), copy.table(), HOW));
    }
  }

  private static boolean hasRows(Connection connection, String table) throws SQLException {
    return !strings(connection, "SELECT 1 FROM \"" + table + "\" FETCH FIRST ROW ONLY").isEmpty();
  }

  /**
   * Gives indexes and constraints their names, as H2 does after it has renamed a copy: an
   * operator's rename leaves them, and later changes and statements know them by name.
   *
   * @param parts selects the beginning of the statement that renames, and the present name
   */
  private static void nameParts(Connection connection, String parts) throws SQLException {
    List<String> renames = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(parts)) {
      while (row.next()) {
        Matcher name = PART.matcher(row.getString(2));
        if (name.matches()) {
          renames.add(row.getString(1) + name.group(1) + "\"");
        }
      }
    }
    for (String rename : renames) {
      LOGGER.info("{}, because a change of the schema was cut off", rename);
      execute(connection, rename);
    }
  }

  private static List<String> strings(Connection connection, String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        strings.add(row.getString(1));
      }
    }
    return strings;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
