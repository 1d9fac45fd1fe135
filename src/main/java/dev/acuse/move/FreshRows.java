package dev.acuse.move;

import dev.acuse.database.Schema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The rows that migrations themselves write, as into the table that counts claims: a database that
 * has no others is empty. They are those of a database in memory that is migrated now, because a
 * list of them would miss those of a later migration.
 */
final class FreshRows {
  /** A migration writes fewer into a table. */
  private static final int MOST = 100;

  private FreshRows() {}

  /** Whether a migrated database has no rows but these. */
  static boolean areAll(Connection connection, List<MovedTable> tables) throws SQLException {
    var memory = new JdbcDataSource();
    memory.setURL("jdbc:h2:mem:fresh-" + UUID.randomUUID() + ";MODE=PostgreSQL");
    try (Connection fresh = memory.getConnection()) {
      new Schema(memory).migrate();
      for (MovedTable table : tables) {
        MovedTable timeless = timeless(table);
        if (!rows(fresh, timeless).containsAll(rows(connection, timeless))) {
          return false;
        }
      }
      return true;
    }
  }

  /** When a migration has written a row is another time in each database. */
  private static MovedTable timeless(MovedTable table) {
    return new MovedTable(
        table.name(),
        table.columns().stream().filter(column -> column.kind() != ColumnKind.TIME).toList(),
        table.key());
  }

  private static Set<String> rows(Connection connection, MovedTable table) throws SQLException {
    Set<String> rows = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(table.select() + " FETCH FIRST " + (MOST + 1) + " ROWS ONLY")) {
      while (row.next()) {
        rows.add(RowDigest.of(row, table));
      }
    }
    return rows;
  }
}
