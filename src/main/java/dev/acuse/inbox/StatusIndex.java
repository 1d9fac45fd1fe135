package dev.acuse.inbox;

import dev.acuse.event.EventStatus;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The indexes that begin with an account and a status. */
final class StatusIndex {
  /** The words that a row may have: what is processing is stored as pending. */
  static final List<EventStatus> STORED =
      EventStatus.KNOWN.stream().filter(one -> one != EventStatus.PROCESSING).toList();

  private StatusIndex() {}

  /**
   * The conditions on the origin with which there is an index for a status. With one that the index
   * does not begin with, all of the status would be read where few are of that origin.
   */
  static List<String> origins(Handle handle, EventStatus status) {
    return status == EventStatus.PENDING
            || status == EventStatus.FAILED
            || !Dialect.of(handle).indexesEffectsApart()
        ? List.of("")
        : List.of(" AND origin <> 'effect'", " AND origin = 'effect'");
  }
}
