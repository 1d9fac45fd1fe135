package dev.acuse.recovery.file;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a table that H2 opens, in the order of its rows: from its beginning until a page that
 * cannot be read, and from its end back to one. A piece at a time.
 */
public final class SqlSalvage implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(SqlSalvage.class);
  private static final String KEY = "_ROWID_";
  private static final int PIECE = 32;

  private final Opener opener;
  private Connection connection;
  private final RowSink sink;
  private final Consumer<String> progress;

  /** Opens the broken file. */
  @FunctionalInterface
  public interface Opener {
    Connection open() throws SQLException;
  }

  /**
   * @param opener used again when H2 has closed the file because its memory was used up
   * @param progress told of each piece before it is read
   */
  public SqlSalvage(Opener opener, RowSink sink, Consumer<String> progress) throws SQLException {
    this.progress = progress;
    this.opener = opener;
    this.connection = opener.open();
    this.sink = sink;
  }

  /** Whether all of the table was read. */
  public boolean read(String table) {
    String forth = "SELECT _ROWID_, * FROM " + table + " WHERE _ROWID_ > ? ORDER BY _ROWID_ LIMIT ";
    if (readOn(table, forth, Long.MIN_VALUE)) {
      return true;
    }
    String back =
        "SELECT _ROWID_, * FROM " + table + " WHERE _ROWID_ < ? ORDER BY _ROWID_ DESC LIMIT ";
    readOn(table, back, Long.MAX_VALUE);
    return false;
  }

  /** Whether it came to the end. A piece that fails is read once more, row by row. */
  private boolean readOn(String table, String sql, long from) {
    long reached = from;
    int piece = PIECE;
    while (true) {
      progress.accept("%s %d %d".formatted(table, reached, piece));
      try {
        @Nullable Long last = readPiece(table, sql + piece, reached);
        if (last == null) {
          return true;
        }
        reached = last;
      } catch (NewFileException e) {
        throw e;
      } catch (SQLException | RuntimeException | StackOverflowError e) {
        boolean isOpen = reopen();
        if (piece == 1 || !isOpen) {
          LOGGER.warn("{} cannot be read beyond row {}: {}", table, reached, e.toString());
          return false;
        }
        piece = 1;
      }
    }
  }

  /** H2 may have closed it, as when its memory was used up. Whether there is more to be had. */
  private boolean reopen() {
    close();
    try {
      connection = opener.open();
      return true;
    } catch (SQLException | RuntimeException | StackOverflowError e) {
      LOGGER.debug("the broken file does not open again", e);
      return false;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("what could be read is read", e);
    }
  }

  private @Nullable Long readPiece(String table, String sql, long from) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, from);
      Long last = null;
      try (ResultSet rows = select.executeQuery()) {
        ResultSetMetaData columns = rows.getMetaData();
        while (rows.next()) {
          last = rows.getLong(1);
          sink.row(table, row(rows, columns));
        }
      }
      return last;
    }
  }

  private static Map<String, @Nullable Object> row(ResultSet rows, ResultSetMetaData columns)
      throws SQLException {
    Map<String, @Nullable Object> row = new HashMap<>();
    for (int i = 2; i <= columns.getColumnCount(); i++) {
      if (!columns.getColumnName(i).equals(KEY)) {
        row.put(columns.getColumnName(i), rows.getObject(i));
      }
    }
    return row;
  }
}
