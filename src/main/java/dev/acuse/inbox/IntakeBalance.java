package dev.acuse.inbox;

import java.time.Instant;
import org.jdbi.v3.core.mapper.Nested;
import org.jdbi.v3.core.mapper.reflect.ColumnName;
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
    @Nested IntakeTally tally,
    @ColumnName("balance_rows") long rows,
    @ColumnName("balance_in_spool") long inSpool,
    long drainedDuplicates,
    long drainedRejects,
    long purged,
    @ColumnName("balance_unpromised") long unpromised,
    @ColumnName("balance_unaccounted") long unaccounted) {

  /** What is there, or is known to have gone rightly. */
  long accounted() {
    return rows - unpromised + inSpool + drainedDuplicates + drainedRejects + purged;
  }

  /** The same with what is there now, held against what was answered. */
  IntakeBalance drawn(long rows, long inSpool, long unpromised) {
    IntakeBalance now = with(rows, inSpool, unpromised, 0);
    return now.with(rows, inSpool, unpromised, Math.max(0, now.tally.promised() - now.accounted()));
  }

  IntakeBalance with(long rows, long inSpool, long unpromised, long unaccounted) {
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
        unaccounted);
  }
}
