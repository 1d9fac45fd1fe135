package dev.acuse.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What another system did instead of what we asked, sorted by what to do next. Messages are one
 * line, and hold neither a token nor a payload.
 */
public abstract sealed class RemoteException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a failed call says of the other system. */
  public enum Diagnosis {
    /** It answered; the failure is the request's own. */
    ANSWERED,
    /** Nothing was asked of it. */
    NOT_ASKED,
    /** It is out, or something that stands before it answers in its place. */
    OUTAGE,
    /** It refuses us, whatever is asked: out until an operator mends that. */
    TOKEN_REFUSED,
    /** There is no token to ask it with. */
    NO_TOKEN,
    /** It neither answered nor failed to, as far as can be told. */
    UNKNOWN
  }

  private static final int TOO_MANY_REQUESTS = 429;

  private final Diagnosis diagnosis;
  private final @Nullable Integer httpStatus;

  private RemoteException(
      Diagnosis diagnosis,
      String message,
      @Nullable Integer httpStatus,
      @Nullable Throwable cause) {
    super(message, cause);
    this.diagnosis = diagnosis;
    this.httpStatus = httpStatus;
  }

  /** What this failure says of the other system. */
  public Diagnosis diagnosis() {
    return diagnosis;
  }

  /** The other side's HTTP status; null if it never answered. */
  public @Nullable Integer httpStatus() {
    return httpStatus;
  }

  /** Whether it answers, but has no more calls of this token for now. */
  public boolean isTooManyRequests() {
    return httpStatus != null && httpStatus == TOO_MANY_REQUESTS;
  }

  /** How long to wait before the next call; null if the caller's schedule decides. */
  public @Nullable Duration retryAfter() {
    return null;
  }

  /** An outage: refused, timed out, 408, 423, 424, 429 or 5xx. Try again later. */
  public static final class Unavailable extends RemoteException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    /**
     * @param retryAfter how long the other side asks to be left alone; null if it did not say
     */
    public Unavailable(
        String message,
        @Nullable Integer httpStatus,
        @Nullable Duration retryAfter,
        @Nullable Throwable cause) {
      super(Diagnosis.OUTAGE, message, httpStatus, cause);
      this.retryAfter = retryAfter;
    }

    @Override
    public @Nullable Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * We are refused, whatever is asked: the token is wrong, expired or revoked, the application is
   * blocked, a scope is missing. An outage until an operator mends it.
   */
  public static final class Unauthorized extends RemoteException {
    private static final long serialVersionUID = 1L;

    /**
     * @param httpStatus that of the refusal
     */
    public Unauthorized(String message, @Nullable Integer httpStatus) {
      super(Diagnosis.TOKEN_REFUSED, message, httpStatus, null);
    }
  }

  /** Nothing was asked, because what it takes to ask is not set yet. */
  public static final class NotSetUp extends RemoteException {
    private static final long serialVersionUID = 1L;

    private NotSetUp(Diagnosis diagnosis, String message) {
      super(diagnosis, message, null, null);
    }

    /** There is no token, so that nothing at all can be asked. */
    public static NotSetUp noToken(String message) {
      return new NotSetUp(Diagnosis.NO_TOKEN, message);
    }

    /** This one kind of request lacks a setting; others may be made. */
    public static NotSetUp lacks(String message) {
      return new NotSetUp(Diagnosis.NOT_ASKED, message);
    }
  }

  /** The other side understood what was asked and said no: the request's own failure. */
  public static final class Rejected extends RemoteException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param httpStatus the 4xx status
     */
    public Rejected(String message, int httpStatus) {
      super(Diagnosis.ANSWERED, message, httpStatus, null);
      this.status = httpStatus;
    }

    /** The 4xx status. */
    public int status() {
      return status;
    }
  }

  /**
   * The answer is not understood: a page of what stands before the other side, a redirect, no JSON,
   * cut off, too large, about something else, or a refusal in unknown words. It says nothing of
   * what was asked for. Try again later.
   */
  public static final class NotUnderstood extends RemoteException {
    private static final long serialVersionUID = 1L;

    private final boolean isInUnknownWords;

    private NotUnderstood(
        Diagnosis diagnosis,
        String message,
        @Nullable Integer httpStatus,
        @Nullable Throwable cause,
        boolean isInUnknownWords) {
      super(diagnosis, message, httpStatus, cause);
      this.isInUnknownWords = isInUnknownWords;
    }

    /**
     * An answer that is not one.
     *
     * @param httpStatus the status that came with it; null if none did
     */
    public NotUnderstood(String message, @Nullable Integer httpStatus, @Nullable Throwable cause) {
      this(Diagnosis.OUTAGE, message, httpStatus, cause, false);
    }

    /** A refusal whose words are unknown, though they may be the other side's own. */
    static NotUnderstood inUnknownWords(String message, int httpStatus) {
      return new NotUnderstood(Diagnosis.OUTAGE, message, httpStatus, null, true);
    }

    /**
     * The same failure of a request that a stranger may have caused. A refusal in unknown words may
     * be about what the stranger named, so that it must not hold all other requests back.
     */
    public NotUnderstood ofStranger() {
      return isInUnknownWords
          ? new NotUnderstood(
              Diagnosis.UNKNOWN, String.valueOf(getMessage()), httpStatus(), this, true)
          : this;
    }

    /** Whether the answer was cut off for its size alone: asking for less may help. */
    public boolean isTooLarge() {
      return getCause() instanceof AnswerTooLargeException;
    }
  }

  /** The other side's answer about what was asked for makes no sense: the request's own failure. */
  public static final class BadResponse extends RemoteException {
    private static final long serialVersionUID = 1L;

    /**
     * @param httpStatus the status that came with the useless answer
     */
    public BadResponse(String message, @Nullable Integer httpStatus, @Nullable Throwable cause) {
      super(Diagnosis.ANSWERED, message, httpStatus, cause);
    }

    /** An answer to a request that may be made again for less. */
    public static BadResponse tooLarge(NotUnderstood answer) {
      return new BadResponse(
          String.valueOf(answer.getMessage()), answer.httpStatus(), answer.getCause());
    }

    /** Whether the answer was cut off for its size alone: asking for less may help. */
    public boolean isTooLarge() {
      return getCause() instanceof AnswerTooLargeException;
    }
  }

  /** Our own rate limit for the other side is used up: no failure of either side. */
  public static final class Throttled extends RemoteException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * @param retryAfter when there will be room
     */
    public Throttled(String message, Duration retryAfter) {
      super(Diagnosis.NOT_ASKED, message, null, null);
      this.retryAfter = retryAfter;
    }

    @Override
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** A breaker of ours is open: the call was not made. Try again when the breaker closes. */
  public static final class BreakerOpen extends RemoteException {
    private static final long serialVersionUID = 1L;

    private final String system;

    BreakerOpen(String system) {
      super(Diagnosis.NOT_ASKED, system + " is out; waiting until it answers again", null, null);
      this.system = system;
    }

    /** The name of the system that is out, as in {@link RemoteSystem#name}. */
    public String system() {
      return system;
    }
  }
}
