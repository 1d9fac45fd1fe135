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
    /** It is out. */
    OUTAGE,
    /** It refuses our token: out until an operator mends that. */
    TOKEN_REFUSED
  }

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

  /** The token is missing, expired or revoked (401): an outage until an operator mends it. */
  public static final class Unauthorized extends RemoteException {
    private static final long serialVersionUID = 1L;

    /**
     * @param httpStatus 401, or null if there was no token to send
     */
    public Unauthorized(String message, @Nullable Integer httpStatus) {
      super(Diagnosis.TOKEN_REFUSED, message, httpStatus, null);
    }
  }

  /** The other side understood and said no (any other 4xx): the request's own failure. */
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

  /** The answer is not what it should be: not JSON, cut off, too large, about something else. */
  public static final class BadResponse extends RemoteException {
    private static final long serialVersionUID = 1L;

    /**
     * @param httpStatus the status that came with the useless answer
     */
    public BadResponse(String message, @Nullable Integer httpStatus, @Nullable Throwable cause) {
      super(Diagnosis.ANSWERED, message, httpStatus, cause);
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
