package dev.acuse.recovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.h2.mvstore.DataUtils;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest rows of an H2 file, a piece at a time, to find out whether they are what was
 * written. H2 keeps no checksum of a row: where zeros were written over it, it reads nulls, and an
 * index still finds the row. So a column that must not be null, and is, says that the file is
 * broken. A page that H2 cannot read fails by itself. One thread at a time.
 */
public final class RowCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(RowCheck.class);

  private static final int PIECE = 500;

  /** The rows of three days and more; the oldest of a large table are left out. */
  private static final long MOST_ROWS = 200_000;

  private final Jdbi jdbi;
  private final Map<String, List<String>> columns = new HashMap<>();
  private final List<String> tables = new ArrayList<>();
  private long before = Long.MAX_VALUE;
  private long read;

  /** Reads the rows of this database. */
  public RowCheck(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Reads one more piece.
   *
   * @return false if that was the last
   * @throws RuntimeException if a row is not what was written, or cannot be read
   */
  public boolean readOn() {
    if (columns.isEmpty()) {
      begin();
    }
    if (tables.isEmpty()) {
      return false;
    }
    String table = tables.get(0);
    int rows = readPiece(table, columns.getOrDefault(table, List.of()));
    read += rows;
    if (rows < PIECE || read >= MOST_ROWS) {
      tables.remove(0);
      before = Long.MAX_VALUE;
      read = 0;
    }
    if (tables.isEmpty()) {
      LOGGER.debug("the newest rows of the H2 file are read, and are what was written");
    }
    return !tables.isEmpty();
  }

  private void begin() {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_schema = 'PUBLIC' AND is_nullable = 'NO'
                    ORDER BY table_name, ordinal_position
                    """)
                .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(
                    column -> {
                      if (Rebuild.HISTORY.contains(column.getKey())) {
                        columns
                            .computeIfAbsent(column.getKey(), table -> new ArrayList<>())
                            .add(column.getValue());
                      }
                    }));
    tables.addAll(new TreeSet<>(columns.keySet()));
  }

  private int readPiece(String table, List<String> notNull) {
    String sql =
        "SELECT _ROWID_, %s FROM %s WHERE _ROWID_ < :before ORDER BY _ROWID_ DESC LIMIT %d"
            .formatted(String.join(", ", notNull), table, PIECE);
    List<Long> keys =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(sql)
                    .bind("before", before)
                    .map(
                        (row, context) -> {
                          long key = row.getLong(1);
                          for (int i = 0; i < notNull.size(); i++) {
                            if (row.getObject(i + 2) == null) {
                              throw corrupt(table, key, notNull.get(i));
                            }
                          }
                          return key;
                        })
                    .list());
    before = keys.isEmpty() ? before : keys.get(keys.size() - 1);
    return keys.size();
  }

  /** What is wrong with a row. */
  static RuntimeException corrupt(String table, long key, String column) {
    return DataUtils.newMVStoreException(
        DataUtils.ERROR_FILE_CORRUPT,
        "{0} of row {1} of {2} is not there",
        column.toLowerCase(Locale.ROOT),
        String.valueOf(key),
        table.toLowerCase(Locale.ROOT));
  }
}
