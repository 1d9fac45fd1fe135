package dev.acuse.inbox;

import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EffectKey;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lease;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of one attempt, as {@link EventStore#end} records it.
 *
 * @param next what becomes of the event
 * @param lease under which the attempt ran
 * @param attempt its row in the history
 * @param mpPaymentId what the event turned out to be about; null leaves what is known
 * @param preferenceId as {@code mpPaymentId}
 * @param paymentId as {@code mpPaymentId}
 * @param effect which state of which effect the event works off; null for any other event
 */
public record AttemptEnd(
    Next next,
    Lease lease,
    Attempt attempt,
    @Nullable String mpPaymentId,
    @Nullable String preferenceId,
    @Nullable Long paymentId,
    @Nullable EffectKey effect) {

  /** The end of an attempt at an event that works no effect off. */
  public AttemptEnd(
      Next next,
      Lease lease,
      Attempt attempt,
      @Nullable String mpPaymentId,
      @Nullable String preferenceId,
      @Nullable Long paymentId) {
    this(next, lease, attempt, mpPaymentId, preferenceId, paymentId, null);
  }

  /** Where the event goes, and what becomes of its count of attempts. */
  public enum Kind {
    /** processing → success. */
    SUCCEED(EventStatus.SUCCESS, AttemptOutcome.SUCCESS),
    /** processing → ignored. */
    IGNORE(EventStatus.IGNORED, AttemptOutcome.IGNORED),
    /** processing → failed. */
    FAIL(EventStatus.FAILED, AttemptOutcome.FAILED),
    /** processing → pending, after a failure of the event's own. */
    RETRY(EventStatus.PENDING, AttemptOutcome.RETRY),
    /** processing → pending, after an outage; the attempt does not count. */
    WAIT(EventStatus.PENDING, AttemptOutcome.OUTAGE),
    /** processing → pending, though nothing failed; the attempt does not count. */
    HAND_BACK(EventStatus.PENDING, AttemptOutcome.SNOOZED);

    private final EventStatus status;
    private final AttemptOutcome outcome;

    Kind(EventStatus status, AttemptOutcome outcome) {
      this.status = status;
      this.outcome = outcome;
    }

    /** The event's next status. */
    public EventStatus status() {
      return status;
    }

    /** The attempt's outcome, unless a shutdown cut the attempt short. */
    public AttemptOutcome outcome() {
      return outcome;
    }
  }

  /**
   * What becomes of an event after an attempt.
   *
   * @param dueAt when the event is tried again; null if it never is
   * @param waitsFor the downstream that the event then waits for; null for none
   */
  public record Next(Kind kind, @Nullable Instant dueAt, @Nullable String waitsFor) {
    /** {@link Kind#SUCCEED}. */
    public static final Next SUCCEED = new Next(Kind.SUCCEED, null, null);

    /** {@link Kind#IGNORE}. */
    public static final Next IGNORE = new Next(Kind.IGNORE, null, null);

    /** {@link Kind#FAIL}. */
    public static final Next FAIL = new Next(Kind.FAIL, null, null);

    /** {@link Kind#RETRY}. */
    public static Next retry(Instant dueAt) {
      return new Next(Kind.RETRY, dueAt, null);
    }

    /** {@link Kind#WAIT}. */
    public static Next waitFor(String downstream, Instant dueAt) {
      return new Next(Kind.WAIT, dueAt, downstream);
    }

    /** {@link Kind#HAND_BACK}. */
    public static Next handBack(Instant dueAt) {
      return new Next(Kind.HAND_BACK, dueAt, null);
    }
  }
}
