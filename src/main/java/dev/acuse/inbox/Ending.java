package dev.acuse.inbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transition that ends an attempt.
 *
 * @param dueAt when the event is worked on again; null if it never is
 * @param downstream what it then waits for; null for nothing
 */
public record Ending(
    Kind kind, Completion completion, @Nullable Instant dueAt, @Nullable String downstream) {

  /** Where the event goes, and what becomes of its count of attempts. */
  public enum Kind {
    /** processing → success. */
    SUCCEED,
    /** processing → ignored. */
    IGNORE,
    /** processing → failed. */
    FAIL,
    /** processing → pending, after a failure of the event's own. */
    RETRY,
    /** processing → pending, after an outage; the attempt does not count. */
    WAIT,
    /** processing → pending, though nothing failed; the attempt does not count. */
    HAND_BACK
  }

  /** An end for good: {@link Kind#SUCCEED}, {@link Kind#IGNORE} or {@link Kind#FAIL}. */
  public static Ending forGood(Kind kind, Completion completion) {
    return new Ending(kind, completion, null, null);
  }

  /** {@link Kind#RETRY}. */
  public static Ending retry(Completion completion, Instant dueAt) {
    return new Ending(Kind.RETRY, completion, dueAt, null);
  }

  /** {@link Kind#WAIT}. */
  public static Ending waitFor(String downstream, Completion completion, Instant dueAt) {
    return new Ending(Kind.WAIT, completion, dueAt, downstream);
  }

  /** {@link Kind#HAND_BACK}. */
  public static Ending handBack(Completion completion, Instant dueAt) {
    return new Ending(Kind.HAND_BACK, completion, dueAt, null);
  }
}
