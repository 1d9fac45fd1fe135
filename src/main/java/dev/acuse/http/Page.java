package dev.acuse.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list in an answer.
 *
 * @param next the {@code cursor} of the next page; null on the last one
 */
public record Page<T>(
    @JsonProperty("items") List<T> items, @JsonProperty("next") @Nullable String next) {

  /** Reads rows below an id (null: from the newest), newest first. */
  @FunctionalInterface
  public interface Rows<R> {
    List<R> below(@Nullable Long id, int limit);
  }

  /**
   * Reads one page, and one row more to learn whether there is another.
   *
   * @param id the row's, by which the list is ordered
   */
  public static <R, T> Page<T> page(
      Rows<R> rows, PageRequest request, ToLongFunction<R> id, Function<R, T> view) {
    return together(rows, request, id, page -> page.stream().map(view).toList());
  }

  /**
   * The same, where the views of a page are made together, because something is read for all of its
   * rows at once.
   *
   * @param views as many as it is given rows, in their order
   */
  public static <R, T> Page<T> together(
      Rows<R> rows, PageRequest request, ToLongFunction<R> id, Function<List<R>, List<T>> views) {
    List<R> read = rows.below(request.before(), request.limit() + 1);
    boolean more = read.size() > request.limit();
    List<R> page = more ? read.subList(0, request.limit()) : read;
    String next = more ? request.cursor().after(id.applyAsLong(page.get(page.size() - 1))) : null;
    return new Page<>(views.apply(page), next);
  }
}
