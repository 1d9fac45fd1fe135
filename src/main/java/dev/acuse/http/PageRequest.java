package dev.acuse.http;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param cursor the list's
 * @param before the id of the last item before the page; null for the first page
 * @param limit how many items the page may have, from 1 to {@link Parameter#MAX_LIMIT}
 */
public record PageRequest(Cursor cursor, @Nullable Long before, int limit) {

  /**
   * Reads the parameters {@code limit} and {@code cursor}.
   *
   * @throws ProblemException if either is not what it should be
   */
  public static PageRequest of(Cursor cursor, @Nullable String position, @Nullable String limit) {
    return new PageRequest(
        cursor, cursor.read(new Parameter("cursor", position)), Parameter.limit(limit));
  }
}
