package dev.acuse.database;

import java.sql.Connection;
import java.sql.SQLException;

/** A move of an inbox into a database that has not come to its end there. */
final class UnfinishedMove {
  private static final String TABLE = "acuse_move";

  private UnfinishedMove() {}

  /**
   * @throws UnfitDatabaseException if some rows may be missing yet
   */
  static void refuse(Connection connection) throws SQLException {
    if (Tables.exists(connection, TABLE)) {
      throw new UnfitDatabaseException(
          "an inbox is being moved into the database of database.url (DATABASE_URL), and the move"
              + " has not come to its end: run \"move\" again with the configuration of the H2 file");
    }
  }
}
