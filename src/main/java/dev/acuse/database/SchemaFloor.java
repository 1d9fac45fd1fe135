package dev.acuse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The oldest schema that may still be worked with, as a newer version of Acuse has written it into
 * the table {@code schema_floor (version)}: the number of a change set, as {@code 0020} in the name
 * of its file. Where the table is missing, as in every database that no such version has changed,
 * there is none.
 */
final class SchemaFloor {
  private static final String TABLE = "schema_floor";

  private SchemaFloor() {}

  /**
   * @param version of the schema that this version of Acuse knows
   * @throws UnfitDatabaseException if that is below the floor, or the floor cannot be understood
   */
  static void check(Connection connection, int version) throws SQLException {
    if (!Tables.exists(connection, TABLE)) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet floors = statement.executeQuery("SELECT version FROM " + TABLE)) {
      while (floors.next()) {
        String floor = floors.getString(1);
        if (!isAtMost(floor, version)) {
          throw new UnfitDatabaseException(
              "the database of database.url (DATABASE_URL) is one of a newer version of Acuse: its"
                  + " schema_floor is "
                  + floor
                  + ", and this version knows the schema up to "
                  + version
                  + "; start the newer version");
        }
      }
    }
  }

  private static boolean isAtMost(@Nullable String floor, int version) {
    String text = floor == null ? "0" : floor.strip();
    return text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= version;
  }
}
