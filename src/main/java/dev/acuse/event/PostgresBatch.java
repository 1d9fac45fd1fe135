package dev.acuse.event;

import java.sql.Array;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Rows as one array a column, for a statement that takes them all at once by {@code unnest}: the
 * server plans and executes it once, however many rows there are.
 *
 * @param <T> what a row is made of
 */
final class PostgresBatch<T> {
  private final Handle handle;
  private final SqlStatement<?> statement;
  private final List<T> rows;

  PostgresBatch(Handle handle, SqlStatement<?> statement, List<T> rows) {
    this.handle = handle;
    this.statement = statement;
    this.rows = rows;
  }

  /** A column; {@code type} is PostgreSQL's name of the type of its elements. */
  PostgresBatch<T> column(String name, String type, Function<T, ? extends @Nullable Object> value) {
    return bind(name, type, rows.stream().map(value).toArray());
  }

  /** A column of bytes. */
  PostgresBatch<T> bytes(String name, Function<T, byte[]> value) {
    // The driver takes them only as what they are.
    return bind(name, "bytea", rows.stream().map(value).toArray(byte[][]::new));
  }

  private PostgresBatch<T> bind(String name, String type, @Nullable Object[] values) {
    try {
      Array array = handle.getConnection().createArrayOf(type, values);
      statement.bindBySqlType(name, array, Types.ARRAY);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
    return this;
  }

  /** A column of times, to be cast from text. */
  PostgresBatch<T> times(String name, Function<T, @Nullable Instant> value) {
    return column(
        name,
        "text",
        row -> {
          Instant time = value.apply(row);
          return time == null ? null : time.toString();
        });
  }
}
