package dev.acuse.recovery.file;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where rows go that were read from a broken file. */
@FunctionalInterface
public interface RowSink {
  /**
   * One row.
   *
   * @param table in capital letters
   * @param row by column, in capital letters; a value that JDBC takes
   */
  void row(String table, Map<String, @Nullable Object> row);
}
