package dev.acuse.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an event, as kept in its history.
 *
 * @param number the {@code claim_no} under which it ran
 * @param worker the process and thread that ran it
 * @param errorKind a stable word for what went wrong, for example {@code not_found}
 * @param httpStatus the other side's answer, where there was one
 * @param reason the same as {@code error}, to be shown in the reader's language; null if nothing is
 *     to be said, or if a version before wrote the attempt
 */
public record Attempt(
    long eventId,
    long number,
    String worker,
    Instant startedAt,
    Instant finishedAt,
    AttemptOutcome outcome,
    @Nullable String errorKind,
    @Nullable String error,
    @Nullable Integer httpStatus,
    List<AttemptStep> steps,
    @Nullable Reason reason) {

  /** The error kind of what met an outage of our own database. */
  public static final String DATABASE_OUT = "database";

  /** The error kind of an event that leads to another account than its own. */
  public static final String ACCOUNT_MISMATCH = "account_mismatch";

  /** The error kind of an event that no handler takes; a later version may have one. */
  public static final String UNHANDLED_TOPIC = "unhandled_topic";
}
