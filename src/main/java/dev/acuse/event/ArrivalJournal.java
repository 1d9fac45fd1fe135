package dev.acuse.event;

import java.time.Instant;
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
   * Notes that webhooks that nothing proved and that came to nothing were deleted, up to this time
   * of their arrival: they are not to be put back.
   */
  default void trimmed(Instant upTo) {
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
