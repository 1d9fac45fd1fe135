package dev.acuse.console;

import dev.acuse.http.Cursor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param older the query of the next page; null on the last one
 */
record Listing<T>(List<T> rows, @Nullable String older) {
  static final int SIZE = 50;

  /**
   * @param read up to one row more than a page has, which tells whether there is another page
   * @param query that of the list without a cursor; empty or with its {@code ?}
   */
  static <T> Listing<T> of(List<T> read, ToLongFunction<T> id, Cursor cursor, String query) {
    if (read.size() <= SIZE) {
      return new Listing<>(read, null);
    }
    List<T> rows = read.subList(0, SIZE);
    String after = cursor.after(id.applyAsLong(rows.get(SIZE - 1)));
    return new Listing<>(rows, (query.isEmpty() ? "?" : query + "&") + "cursor=" + after);
  }

  /** For a template: the rows under this name, and {@code older}. */
  Map<String, @Nullable Object> model(String name) {
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put(name, rows);
    model.put("older", older);
    return model;
  }
}
