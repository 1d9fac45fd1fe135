package dev.acuse.database.h2;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.db.MVSecondaryIndex;
import org.h2.mvstore.db.MVTable;
import org.h2.table.Table;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills H2's indexes anew that do not hold every row of their table. After a kill one was seen that
 * lacked a row (90112, "Row not found when trying to delete from index"): that row can never be
 * deleted again, nor what the index holds of it be changed, nor does any statement succeed that
 * holds it among others. Uses H2's engine directly (2.5.252): SQL can neither count the entries of
 * an index nor drop one that a constraint owns.
 */
public final class H2Indexes {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Indexes.class);

  private H2Indexes() {}

  /**
   * Compares all of them with their tables, by number, which costs nothing; to be called when
   * nobody else uses the database yet.
   *
   * @param jdbi of an H2 file
   * @return names of the indexes that were filled anew
   */
  public static List<String> repair(Jdbi jdbi) {
    return jdbi.inTransaction(
        handle -> {
          SessionLocal session = sessionOf(handle);
          List<String> repaired = new ArrayList<>();
          for (Table table : session.getDatabase().getMainSchema().getAllTablesAndViews(session)) {
            if (table instanceof MVTable ours) {
              damaged(session, ours).forEach(index -> repaired.add(fill(session, ours, index)));
            }
          }
          return repaired;
        });
  }

  private static List<MVSecondaryIndex> damaged(SessionLocal session, MVTable table) {
    long rows = table.getRowCount(session);
    List<MVSecondaryIndex> damaged = new ArrayList<>();
    for (Index index : table.getIndexes()) {
      if (index instanceof MVSecondaryIndex own && own.getRowCount(session) != rows) {
        damaged.add(own);
      }
    }
    return damaged;
  }

  private static String fill(SessionLocal session, MVTable table, MVSecondaryIndex index) {
    LOGGER.warn(
        "index {} holds {} entries of {} rows: it is filled anew",
        index.getName(),
        index.getRowCount(session),
        table.getRowCount(session));
    index.truncate(session);
    Cursor rows = table.getScanIndex(session).find(session, null, null, false);
    while (rows.next()) {
      index.add(session, rows.get());
    }
    return index.getName();
  }

  private static SessionLocal sessionOf(Handle handle) {
    try {
      var connection = handle.getConnection().unwrap(JdbcConnection.class);
      return (SessionLocal) connection.getSession();
    } catch (SQLException e) {
      throw new IllegalStateException("this is no connection to H2", e);
    }
  }
}
