package dev.acuse.move;

import dev.acuse.move.MovedTable.Column;
import dev.acuse.process.SetupException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a migrated PostgreSQL, by its metadata, so that a table that is new is moved as
 * well: first those that others refer to.
 */
final class MovedTables {
  private MovedTables() {}

  /** All but Liquibase's own and the state of the move. */
  static List<MovedTable> of(Connection target, Connection source) throws SQLException {
    Map<String, MovedTable> tables = new TreeMap<>();
    for (String name : names(target)) {
      if (!name.startsWith("databasechangelog") && !name.equals(MoveState.TABLE)) {
        tables.put(name, table(target, source, name));
      }
    }
    refuseOthers(source, tables.keySet());
    return ordered(target, tables);
  }

  /** The tables of the connection's schema, in lower case. */
  static Set<String> names(Connection connection) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(
                connection.getCatalog(),
                connection.getSchema(),
                "%",
                new String[] {"TABLE", "BASE TABLE", "PARTITIONED TABLE"})) {
      while (tables.next()) {
        names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private static void refuseOthers(Connection source, Set<String> known) throws SQLException {
    for (String name : names(source)) {
      if (!name.startsWith("databasechangelog") && !known.contains(name)) {
        throw new SetupException("the H2 file has a table " + name + " that the target lacks");
      }
    }
  }

  private static MovedTable table(Connection target, Connection source, String name)
      throws SQLException {
    Map<String, Column> columns = new LinkedHashMap<>();
    try (ResultSet rows =
        target.getMetaData().getColumns(target.getCatalog(), target.getSchema(), name, "%")) {
      while (rows.next()) {
        String column = rows.getString("COLUMN_NAME");
        columns.put(
            column,
            new Column(column, ColumnKind.of(name + "." + column, rows.getString("TYPE_NAME"))));
      }
    }
    Set<String> here = columnsOf(source, name);
    if (!here.equals(columns.keySet())) {
      throw new SetupException(
          "the table " + name + " has other columns in the H2 file than in the target: " + here);
    }
    return new MovedTable(name, List.copyOf(columns.values()), key(source, name, columns));
  }

  private static Set<String> columnsOf(Connection source, String table) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet rows =
        source
            .getMetaData()
            .getColumns(
                source.getCatalog(), source.getSchema(), table.toUpperCase(Locale.ROOT), "%")) {
      while (rows.next()) {
        names.add(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private static @Nullable Column key(Connection source, String table, Map<String, Column> columns)
      throws SQLException {
    List<Column> key = new ArrayList<>();
    try (ResultSet rows =
        source
            .getMetaData()
            .getPrimaryKeys(
                source.getCatalog(), source.getSchema(), table.toUpperCase(Locale.ROOT))) {
      while (rows.next()) {
        key.add(columns.get(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT)));
      }
    }
    return key.size() == 1
            && (key.get(0).kind() == ColumnKind.WHOLE || key.get(0).kind() == ColumnKind.TEXT)
        ? key.get(0)
        : null;
  }

  private static List<MovedTable> ordered(Connection target, Map<String, MovedTable> tables)
      throws SQLException {
    Map<String, Set<String>> needs = new TreeMap<>();
    for (String name : tables.keySet()) {
      needs.put(name, parents(target, name));
    }
    List<MovedTable> order = new ArrayList<>();
    while (!needs.isEmpty()) {
      String next =
          needs.entrySet().stream()
              .filter(one -> one.getValue().isEmpty())
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow(() -> new SetupException("tables refer to each other: " + needs));
      needs.remove(next);
      needs.values().forEach(parents -> parents.remove(next));
      order.add(tables.get(next));
    }
    return order;
  }

  private static Set<String> parents(Connection target, String table) throws SQLException {
    Set<String> parents = new TreeSet<>();
    DatabaseMetaData metadata = target.getMetaData();
    try (ResultSet keys =
        metadata.getImportedKeys(target.getCatalog(), target.getSchema(), table)) {
      while (keys.next()) {
        String parent = keys.getString("PKTABLE_NAME");
        if (!parent.equals(table)) {
          parents.add(parent);
        }
      }
    }
    return parents;
  }
}
