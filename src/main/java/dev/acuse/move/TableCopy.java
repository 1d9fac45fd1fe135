package dev.acuse.move;

import dev.acuse.move.MovedTable.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Copies tables one after the other, in transactions of some hundred rows each. */
final class TableCopy {
  private static final int BATCH = 500;
  private static final long BATCH_BYTES = 4L << 20;
  private static final long TELL_EVERY = 20_000;

  private final Connection from;
  private final Connection to;
  private final MoveState begun;
  private final Consumer<String> progress;

  /**
   * @param begun how far the copy has come
   */
  TableCopy(Connection from, Connection to, MoveState begun, Consumer<String> progress) {
    this.from = from;
    this.to = to;
    this.begun = begun;
    this.progress = progress;
  }

  void copy(List<MovedTable> tables) throws SQLException {
    try (Statement statement = from.createStatement()) {
      // Else H2 would make the whole answer before its first row is read.
      statement.execute("SET LAZY_QUERY_EXECUTION 1");
    }
    boolean reached = begun.table() == null;
    for (MovedTable table : tables) {
      boolean isBegun = table.name().equals(begun.table());
      reached |= isBegun;
      if (reached) {
        copy(table, isBegun ? begun.key() : null);
      }
    }
  }

  private void copy(MovedTable table, @Nullable String after) throws SQLException {
    at(table, after);
    to.commit();
    long rows = 0;
    try (PreparedStatement select = from.prepareStatement(table.selectAfter(after));
        PreparedStatement insert = to.prepareStatement(table.insert())) {
      Column key = table.key();
      if (key != null && after != null) {
        key.kind().bind(select, 1, key.kind() == ColumnKind.WHOLE ? Long.valueOf(after) : after);
      }
      select.setFetchSize(BATCH);
      try (ResultSet row = select.executeQuery()) {
        var batch = new Batch(table, insert);
        while (row.next()) {
          batch.add(row);
          rows++;
          if (batch.isFull()) {
            end(batch);
          }
          if (rows % TELL_EVERY == 0) {
            progress.accept("%s: %d rows are copied".formatted(table.name(), rows));
          }
        }
        end(batch);
      }
    }
    to.commit();
    progress.accept("%s: copied, %d rows".formatted(table.name(), rows));
  }

  /** A table without a key is one transaction, or a second try would not know where to begin. */
  private void end(Batch batch) throws SQLException {
    batch.execute();
    if (batch.table.key() != null && batch.lastKey != null) {
      at(batch.table, batch.lastKey);
      to.commit();
    }
  }

  private void at(MovedTable table, @Nullable String key) throws SQLException {
    new MoveState(begun.move(), false, table.name(), key).write(to);
  }

  private static final class Batch {
    private final MovedTable table;
    private final PreparedStatement insert;
    private int rows;
    private long bytes;
    private @Nullable String lastKey;

    Batch(MovedTable table, PreparedStatement insert) {
      this.table = table;
      this.insert = insert;
    }

    void add(ResultSet row) throws SQLException {
      for (int i = 0; i < table.columns().size(); i++) {
        Column column = table.columns().get(i);
        Object value = column.kind().read(row, i + 1);
        column.kind().bind(insert, i + 1, value);
        bytes += value instanceof byte[] content ? content.length : 64;
        if (column.equals(table.key())) {
          lastKey = String.valueOf(value);
        }
      }
      insert.addBatch();
      rows++;
    }

    boolean isFull() {
      return rows >= BATCH || bytes >= BATCH_BYTES;
    }

    void execute() throws SQLException {
      if (rows > 0) {
        insert.executeBatch();
        rows = 0;
        bytes = 0;
      }
    }
  }
}
