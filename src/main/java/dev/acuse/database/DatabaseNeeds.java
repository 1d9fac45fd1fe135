package dev.acuse.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What a database must be, judged by one connection at the start: later nothing is judged, because
 * another instance may change it meanwhile.
 */
final class DatabaseNeeds {
  /** {@code WITH … AS MATERIALIZED} came with it. */
  private static final int OLDEST_POSTGRESQL = 12;

  private DatabaseNeeds() {}

  /**
   * @throws UnfitDatabaseException if webhooks could not be stored there as they are
   */
  static void check(Connection connection) throws SQLException {
    boolean isPostgresql = isPostgresql(connection);
    if (!isPostgresql) {
      if (connection.isReadOnly()) {
        throw new UnfitDatabaseException(
            "the H2 file of database.url (DATABASE_URL) is read-only: let this user write it and its"
                + " folder");
      }
      return;
    }
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST_POSTGRESQL) {
      throw new UnfitDatabaseException(
          "database.url (DATABASE_URL) leads to PostgreSQL "
              + version
              + ": Acuse needs "
              + OLDEST_POSTGRESQL
              + " or newer, and is tested on 15");
    }
    String encoding = one(connection, "SHOW server_encoding");
    if (!"UTF8".equals(encoding)) {
      throw new UnfitDatabaseException(
          "the database of database.url (DATABASE_URL) has the encoding "
              + encoding
              + ": it must be UTF8; create one by CREATE DATABASE … ENCODING 'UTF8' TEMPLATE"
              + " template0");
    }
    if (!"off".equals(one(connection, "SHOW transaction_read_only"))) {
      throw new UnfitDatabaseException(
          "the database of database.url (DATABASE_URL) is read-only: it is a standby (then name the"
              + " primary, or all servers with ?targetServerType=primary), or"
              + " default_transaction_read_only is on (then set it off)");
    }
  }

  /**
   * @throws UnfitDatabaseException if this user may not make tables where they would be made
   */
  static void checkMayCreate(Connection connection) throws SQLException {
    if (!isPostgresql(connection)) {
      return;
    }
    String schema = one(connection, "SELECT current_schema()");
    if (schema == null) {
      throw new UnfitDatabaseException(
          "there is no schema to make tables in for the user of database.user (DATABASE_USER): make"
              + " one that its search_path names");
    }
    if (!"t".equals(one(connection, "SELECT has_schema_privilege(current_schema(), 'CREATE')"))) {
      throw new UnfitDatabaseException(
          "the user of database.user (DATABASE_USER) may not make tables in the schema "
              + schema
              + ": run GRANT CREATE ON SCHEMA "
              + schema
              + " TO that user, or \"db migrate config.yml\" as a user that may");
    }
  }

  private static boolean isPostgresql(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
  }

  private static @Nullable String one(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
