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
        if (!rows(fresh, table).containsAll(rows(connection, table))) {
          return false;
        }
      }
      return true;
    }
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
