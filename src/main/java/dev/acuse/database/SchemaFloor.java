package dev.acuse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The oldest schema that may still be worked with, as a newer version of Acuse has written it into
 * the table {@code schema_floor (version)}: the number of a change set, as {@code 0020} in the name
 * of its file. Where the table is missing, as in every database that no such version has changed,
 * there is none.
 */
public final class SchemaFloor {
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

  /**
   * Raises the floor, in the transaction of the caller; one that is as high already stays.
   *
   * @param version the number of a change set, as 21
   */
  public static void raise(Handle handle, int version) {
    String floor = "%04d".formatted(version);
    handle.execute("DELETE FROM " + TABLE + " WHERE version < ?", floor);
    handle.execute(
        "INSERT INTO "
            + TABLE
            + " (version) SELECT CAST(? AS VARCHAR) WHERE NOT EXISTS (SELECT 1 FROM "
            + TABLE
            + ")",
        floor);
  }

  private static boolean isAtMost(@Nullable String floor, int version) {
    String text = floor == null ? "0" : floor.strip();
    return text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= version;
  }
}
