package dev.acuse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Whether a table is there, whatever the caller may do with it. */
final class Tables {
  private Tables() {}

  /**
   * @param name in whatever case: H2 and PostgreSQL fold names in opposite ways
   */
  static boolean exists(Connection connection, String name) throws SQLException {
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), schema(connection), null, null)) {
      while (tables.next()) {
        if (tables.getString("TABLE_NAME").equalsIgnoreCase(name)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A pattern that nothing fits where there is none. */
  private static String schema(Connection connection) throws SQLException {
    String schema = connection.getSchema();
    return schema == null ? "" : schema.replace("_", "\\_").replace("%", "\\%");
  }
}
