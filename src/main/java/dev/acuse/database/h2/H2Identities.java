package dev.acuse.database.h2;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves H2's generators of ids past the ids that are there. After a kill H2 may restart one below
 * them (seen in 3 of 11 kills under the default URL); from then on every insert would be refused.
 */
public final class H2Identities {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2Identities.class);

  /**
   * A generator.
   *
   * @param next the id that it would give next
   */
  public record Generator(String table, String column, long next) {}

  private H2Identities() {}

  /**
   * Checks all of them, and moves those that are behind.
   *
   * @param jdbi of an H2 file
   * @return how many were moved
   */
  public static int repair(Jdbi jdbi) {
    return jdbi.withHandle(
        handle ->
            Math.toIntExact(
                generators(handle).stream().filter(one -> isMoved(handle, one)).count()));
  }

  private static List<Generator> generators(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT table_name, column_name, identity_base FROM information_schema.columns
            WHERE table_schema = 'PUBLIC' AND is_identity = 'YES'
            """)
        .map(
            (row, context) ->
                new Generator(
                    row.getString("table_name"),
                    row.getString("column_name"),
                    row.getLong("identity_base")))
        .list();
  }

  private static boolean isMoved(Handle handle, Generator generator) {
    long largest =
        handle
            .createQuery(
                "SELECT COALESCE(MAX(%s), 0) FROM %s"
                    .formatted(generator.column(), generator.table()))
            .mapTo(Long.class)
            .one();
    if (largest < generator.next()) {
      return false;
    }
    LOGGER.warn(
        "ids of {} went up to {}, and the next would have been {}: it is {} now",
        generator.table(),
        largest,
        generator.next(),
        largest + 1);
    handle.execute(
        "ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d"
            .formatted(generator.table(), generator.column(), largest + 1));
    return true;
  }
}
