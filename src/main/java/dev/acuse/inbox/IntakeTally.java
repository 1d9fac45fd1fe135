package dev.acuse.inbox;

import java.util.Map;

/**
 * How the requests of one process run were answered.
 *
 * @param received requests that came in; those that are being answered now are in none of the rest
 * @param stored answered 200, as a new row
 * @param spooled answered 200, from the spool
 * @param duplicates answered 200, as rows that were there already
 * @param quarantined answered 200, as bytes in quarantine
 * @param refused answered 503: to be sent again
 * @param rejected answered otherwise, by the code of the answer
 */
public record IntakeTally(
    long received,
    long stored,
    long spooled,
    long duplicates,
    long quarantined,
    long refused,
    Map<String, Long> rejected) {
  public IntakeTally {
    rejected = Map.copyOf(rejected);
  }

  /** Answers that promise one row more. */
  public long promised() {
    return stored + spooled;
  }

  /** Requests without an answer yet; nobody waits for those of a run that has ended. */
  public long unanswered() {
    return received
        - promised()
        - duplicates
        - quarantined
        - refused
        - rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
