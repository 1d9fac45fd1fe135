package dev.acuse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What H2 has left of a change of a table that was cut off, by a kill or a full disk: the copy that
 * it was making, as {@code WEBHOOK_EVENTS_COPY_3_0}. The table itself is as it was before.
 */
final class TableCopies {
  private static final Logger LOGGER = LoggerFactory.getLogger(TableCopies.class);

  private static final Pattern NAME = Pattern.compile("[A-Z_]+_COPY_[0-9]+_[0-9]+");

  private TableCopies() {}

  /** Drops them, so that the change finds the room that it had the first time. */
  static void drop(Connection connection) throws SQLException {
    List<String> copies = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery(
                """
                SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'PUBLIC' AND table_name LIKE '%COPY%'
                """)) {
      while (names.next()) {
        if (NAME.matcher(names.getString(1)).matches()) {
          copies.add(names.getString(1));
        }
      }
    }
    for (String copy : copies) {
      LOGGER.info("dropping {}, which a change of the schema left that was cut off", copy);
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE \"" + copy + "\"");
      }
    }
  }
}
