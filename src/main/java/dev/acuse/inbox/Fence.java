package dev.acuse.inbox;

import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What shuts the version before out of the inbox, since the migration of lanes and effects: it
 * finds the inbox paused, for ever. A lease that it took before may still be open. Thread-safe.
 */
public final class Fence {
  /** Turns count claims, and a lease has the number of its claim. */
  private static final String LEASES_BEFORE =
      "FROM webhook_leases WHERE id <= (SELECT turn FROM inbox_fence)";

  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public Fence(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * How many leases of before the fence are open.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database is out
   */
  public int leasesBefore() {
    return jdbi.withHandle(Fence::leasesBefore);
  }

  /** The same, in the transaction of a handle. */
  public static int leasesBefore(Handle handle) {
    return handle
        .createQuery("SELECT COUNT(*) " + LEASES_BEFORE)
        .map((row, context) -> row.getInt(1))
        .one();
  }

  /**
   * Has the leases of before the fence run out now, so that the next rescue takes their events
   * back. Only where no other process can be at the inbox, as with an H2 file: its holder has
   * ended.
   */
  public void endLeasesBefore() {
    Instant past = clock.instant().minusSeconds(1);
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE webhook_leases SET expires_at = :past
                    WHERE id <= (SELECT turn FROM inbox_fence) AND expires_at > :past
                    """)
                .bind("past", past)
                .execute());
  }
}
