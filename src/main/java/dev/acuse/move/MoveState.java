package dev.acuse.move;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * How far a move has come, in a table of the target: written in the transaction of the rows that it
 * speaks of, and dropped at the move's end. A start refuses a database that has it.
 *
 * @param move names the move, as the note beside the H2 file does
 * @param isChecked whether all is there, and was found equal
 * @param table that is being copied; those before it are
 * @param key up to which; null if the table has just begun
 */
record MoveState(String move, boolean isChecked, @Nullable String table, @Nullable String key) {
  /** No table of the service's, so that no migration knows it. */
  static final String TABLE = "acuse_move";

  static boolean isThere(Connection target) throws SQLException {
    return MovedTables.names(target).contains(TABLE);
  }

  static void create(Connection target, String move) throws SQLException {
    try (Statement statement = target.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + TABLE
              + " (move VARCHAR(64) NOT NULL, checked BOOLEAN NOT NULL, at_table VARCHAR(128),"
              + " at_key VARCHAR)");
    }
    try (PreparedStatement insert =
        target.prepareStatement("INSERT INTO " + TABLE + " (move, checked) VALUES (?, FALSE)")) {
      insert.setString(1, move);
      insert.executeUpdate();
    }
  }

  static MoveState read(Connection target) throws SQLException {
    try (Statement statement = target.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT move, checked, at_table, at_key FROM " + TABLE)) {
      return row.next()
          ? new MoveState(row.getString(1), row.getBoolean(2), row.getString(3), row.getString(4))
          : new MoveState("", false, null, null);
    }
  }

  void write(Connection target) throws SQLException {
    try (PreparedStatement update =
        target.prepareStatement(
            "UPDATE " + TABLE + " SET checked = ?, at_table = ?, at_key = ? WHERE move = ?")) {
      update.setBoolean(1, isChecked);
      update.setString(2, table);
      update.setString(3, key);
      update.setString(4, move);
      update.executeUpdate();
    }
  }

  static void drop(Connection target) throws SQLException {
    try (Statement statement = target.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + TABLE);
    }
  }
}
