package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import java.util.Collection;
import java.util.List;

/**
 * Where events are written down beside a database whose file may break, while they are stored in
 * it. Thread-safe.
 */
@FunctionalInterface
public interface ArrivalJournal {
  /** For a database that is trusted with what it holds. */
  ArrivalJournal NONE = arrivals -> () -> {};

  /**
   * Begins to write these, and does not wait for it.
   *
   * @return what to wait for before anybody is told that they are stored
   */
  Written begin(List<Arrival> arrivals);

  /**
   * Notes that events were deleted, by their tickets: they are not to be put back. What comes again
   * has another ticket, and is.
   */
  default void deleted(Collection<Ticket> tickets) {
    // What puts nothing back need not know.
  }

  /**
   * Whether there is room for one more webhook that nothing proves. For what is proven there always
   * is, as far as the disk has any.
   */
  default boolean hasRoomForUnproven() {
    return true;
  }

  /** What is being written. */
  @FunctionalInterface
  interface Written {
    /**
     * Waits until it is durable.
     *
     * @throws org.jdbi.v3.core.ConnectionException if it is not, for certain: as if the database
     *     were out
     */
    void await();
  }
}
