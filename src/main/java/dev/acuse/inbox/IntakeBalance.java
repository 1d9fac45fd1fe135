package dev.acuse.inbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a process run has answered for, against what is there of it.
 *
 * @param closed {@code stopped}, {@code killed}, or null while it runs
 * @param rows of its answers in the inbox
 * @param inSpool of its answers on the spool's disk
 * @param drainedDuplicates of its answers from the spool that were rows already
 * @param drainedRejects of its answers that the database refused: they are in {@code .rejected}
 * @param purged of its answers whose event has ended and was deleted by an operator
 * @param unpromised rows of requests that were answered 503 all the same
 * @param unaccounted acknowledged webhooks of which nobody knows where they are; must be 0
 */
public record IntakeBalance(
    String run,
    String instance,
    Instant startedAt,
    Instant seenAt,
    @Nullable Instant closedAt,
    @Nullable String closed,
    IntakeTally tally,
    long rows,
    long inSpool,
    long drainedDuplicates,
    long drainedRejects,
    long purged,
    long unpromised,
    long unaccounted) {

  /** What is there, or is known to have gone rightly. */
  long accounted() {
    return rows - unpromised + inSpool + drainedDuplicates + drainedRejects + purged;
  }

  /** The same, held against what was answered. */
  IntakeBalance drawn() {
    return new IntakeBalance(
        run,
        instance,
        startedAt,
        seenAt,
        closedAt,
        closed,
        tally,
        rows,
        inSpool,
        drainedDuplicates,
        drainedRejects,
        purged,
        unpromised,
        Math.max(0, tally.promised() - accounted()));
  }
}
