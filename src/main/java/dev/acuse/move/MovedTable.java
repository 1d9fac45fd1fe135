package dev.acuse.move;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table as both databases have it.
 *
 * @param key by which it is copied bit by bit; null if it has none of one column: then it is copied
 *     at once
 */
record MovedTable(String name, List<Column> columns, @Nullable Column key) {
  /** A column of it. */
  record Column(String name, ColumnKind kind) {}

  String names() {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  /** What is after a key, in its order; all of it where there is no key. */
  String selectAfter(@Nullable String after) {
    if (key == null) {
      return select();
    }
    return select()
        + (after == null ? "" : " WHERE " + key.name() + " > ?")
        + " ORDER BY "
        + key.name();
  }

  String select() {
    return "SELECT " + names() + " FROM " + name;
  }

  /** With the ids that the rows have; what was copied before a cut is passed over. */
  String insert() {
    return "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s) ON CONFLICT DO NOTHING"
        .formatted(
            name,
            names(),
            Stream.generate(() -> "?").limit(columns.size()).collect(Collectors.joining(", ")));
  }
}
