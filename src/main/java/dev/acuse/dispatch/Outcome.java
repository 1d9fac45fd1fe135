package dev.acuse.dispatch;

import dev.acuse.event.Attempt;
import dev.acuse.event.Reason;
import dev.acuse.event.ReasonCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt came to: a value that the handler returns and {@link AttemptRunner} records.
 *
 * @param errorKind a stable word for what went wrong; null if nothing did
 * @param reason one line for people; null only for {@link Kind#DONE}
 * @param delay the least time until the next attempt; null leaves it to {@link RetryPolicy}
 * @param downstream whom the event waits for; set for {@link Kind#OUTAGE}, and for a {@link
 *     Kind#SNOOZE} that only the other side's limit caused
 * @param httpStatus the other side's answer, where there was one
 * @param why the same as {@code reason}, to be shown in the reader's language; null if there is no
 *     word for it
 */
public record Outcome(
    Kind kind,
    @Nullable String errorKind,
    @Nullable String reason,
    @Nullable Duration delay,
    @Nullable String downstream,
    @Nullable Integer httpStatus,
    @Nullable Reason why) {

  /** The error kind of an attempt that an open breaker turned away: the call was not made. */
  public static final String BREAKER_OPEN = "breaker_open";

  /** What to do next. */
  public enum Kind {
    /** Nothing is left to do. */
    DONE,
    /** There was nothing to do. */
    IGNORED,
    /** The event's own failure: counted, tried again by the schedule. */
    RETRY,
    /** The other side is out: not counted, tried again while patience lasts. */
    OUTAGE,
    /** Handed back for a moment: nobody's failure, not counted. */
    SNOOZE,
    /** Hopeless: no further attempt. */
    FAIL
  }

  /**
   * The same, with its reason as a word.
   *
   * @param args what the word names in braces
   */
  public Outcome because(ReasonCode code, String... args) {
    return new Outcome(
        kind, errorKind, reason, delay, downstream, httpStatus, Reason.of(code, args));
  }

  /** Everything that was due is done. */
  public static Outcome done() {
    return new Outcome(Kind.DONE, null, null, null, null, null, null);
  }

  /** There is nothing to do for this event. */
  public static Outcome ignored(String reason) {
    return new Outcome(Kind.IGNORED, null, reason, null, null, null, null);
  }

  /** Nothing has to be done about events of this kind. */
  public static Outcome nothingToDo(String reason) {
    return ignored(reason).because(ReasonCode.NOTHING_TO_DO);
  }

  /** No handler takes events of this type; a later version may have one. */
  public static Outcome unhandled(String eventType) {
    return new Outcome(
            Kind.IGNORED,
            Attempt.UNHANDLED_TOPIC,
            "no handler for " + eventType,
            null,
            null,
            null,
            null)
        .because(ReasonCode.NO_HANDLER, eventType);
  }

  /** Whether it ended only for want of a handler. */
  public boolean isUnhandled() {
    return Attempt.UNHANDLED_TOPIC.equals(errorKind);
  }

  /** The event's own failure; worth another try. */
  public static Outcome retry(String errorKind, String reason, @Nullable Integer httpStatus) {
    return new Outcome(Kind.RETRY, errorKind, reason, null, null, httpStatus, null);
  }

  /** The other side is out; {@code retryAfter} is its own word for when to come back. */
  public static Outcome outage(
      String downstream,
      String errorKind,
      String reason,
      @Nullable Duration retryAfter,
      @Nullable Integer httpStatus) {
    return new Outcome(Kind.OUTAGE, errorKind, reason, retryAfter, downstream, httpStatus, null);
  }

  /** Nobody's failure: come back after {@code delay}. */
  public static Outcome snooze(String reason, Duration delay) {
    return new Outcome(Kind.SNOOZE, null, reason, delay, null, null, null);
  }

  /** Event, subject and target belong to different accounts: nothing is called. */
  public static Outcome accountMismatch() {
    return fail(Attempt.ACCOUNT_MISMATCH, "account mismatch", null)
        .because(ReasonCode.ACCOUNT_MISMATCH);
  }

  /** Hopeless: a further attempt would end the same. */
  public static Outcome fail(String errorKind, String reason, @Nullable Integer httpStatus) {
    return new Outcome(Kind.FAIL, errorKind, reason, null, null, httpStatus, null);
  }
}
