package dev.acuse.event;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.Dialect;
import dev.acuse.inbox.H2Batches;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * What group commit is compared with: each event by a statement of its own that commits by itself,
 * the cheapest way to store one. Columns and sync are those of the service. Thread-safe.
 */
public final class OneInsert {
  private static final int MAX_ATTEMPTS = 4;

  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed
   */
  public OneInsert(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Stores an event; when this returns, it is on disk.
   *
   * @return whether it is new
   */
  public boolean append(Arrival arrival) {
    return jdbi.withHandle(
        handle -> {
          // A plain insert: for one row it costs less than one that takes many.
          boolean isNew =
              new H2Batches(handle)
                  .insert(List.of(arrival), AttemptsAllowed.always(MAX_ATTEMPTS))
                  .get(0);
          Dialect.of(handle).sync(handle);
          return isNew;
        });
  }
}
