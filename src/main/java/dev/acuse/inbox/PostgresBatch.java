package dev.acuse.inbox;

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

  /** A column of text. */
  PostgresBatch<T> texts(String name, Function<T, @Nullable String> value) {
    return bind(name, "text", rows.stream().map(value).toArray(String[]::new));
  }

  /** A column of numbers of 64 bits. */
  PostgresBatch<T> longs(String name, Function<T, @Nullable Long> value) {
    return bind(name, "int8", rows.stream().map(value).toArray(Long[]::new));
  }

  /** A column of numbers of 32 bits. */
  PostgresBatch<T> ints(String name, Function<T, @Nullable Integer> value) {
    return bind(name, "int4", rows.stream().map(value).toArray(Integer[]::new));
  }

  /** A column of bytes. */
  PostgresBatch<T> bytes(String name, Function<T, byte[]> value) {
    return bind(name, "bytea", rows.stream().map(value).toArray(byte[][]::new));
  }

  /** A column of times, to be cast from text. */
  PostgresBatch<T> times(String name, Function<T, @Nullable Instant> value) {
    return texts(
        name,
        row -> {
          Instant time = value.apply(row);
          return time == null ? null : time.toString();
        });
  }

  /**
   * An array of the very class of its elements goes to the server in binary; one of objects would
   * go as a text, which both sides would have to quote and parse.
   */
  private PostgresBatch<T> bind(String name, String type, @Nullable Object[] values) {
    try {
      Array array = handle.getConnection().createArrayOf(type, values);
      statement.bindBySqlType(name, array, Types.ARRAY);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
    return this;
  }
}
