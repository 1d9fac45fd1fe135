package dev.acuse.dispatch;

import dev.acuse.event.ReasonCode;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.BadResponse;
import dev.acuse.remote.RemoteException.BreakerOpen;
import dev.acuse.remote.RemoteException.NotSetUp;
import dev.acuse.remote.RemoteException.NotUnderstood;
import dev.acuse.remote.RemoteException.Rejected;
import dev.acuse.remote.RemoteException.Throttled;
import dev.acuse.remote.RemoteException.Unauthorized;
import dev.acuse.remote.RemoteException.Unavailable;

/** What a failed call means for the event. */
public final class RemoteFailures {
  /** The error kind of a look-up of what is not there. */
  public static final String NOT_FOUND = "not_found";

  /** The error kind of a look-up of what we may not read, as it is another account's. */
  public static final String FORBIDDEN = "forbidden";

  /** The error kind of what was refused for another reason. */
  public static final String REJECTED = "rejected";

  private RemoteFailures() {}

  /**
   * A look-up at MercadoPago failed. What it does not know today it may know in a minute.
   *
   * @param resource what was looked up, by its id
   */
  public static Outcome ofLookUp(String downstream, String resource, RemoteException failure) {
    return failure instanceof Rejected rejected
        ? Outcome.retry(kind(rejected), message(failure), rejected.status())
            .because(code(rejected), downstream, resource)
        : ofCall(downstream, failure);
  }

  private static ReasonCode code(Rejected rejected) {
    return switch (rejected.status()) {
      case 403 -> ReasonCode.FORBIDDEN;
      case 404 -> ReasonCode.NOT_FOUND;
      default -> ReasonCode.REJECTED;
    };
  }

  private static String kind(Rejected rejected) {
    return switch (rejected.status()) {
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      default -> REJECTED;
    };
  }

  /**
   * A call to the CRM failed. A contact that it refuses today it refuses tomorrow.
   *
   * @param contact whom it was about, by the CRM's id
   */
  public static Outcome ofTag(String downstream, String contact, RemoteException failure) {
    return failure instanceof Rejected rejected
        ? Outcome.fail(REJECTED, message(failure), rejected.status())
            .because(code(rejected), downstream, contact)
        : ofCall(downstream, failure);
  }

  private static Outcome ofCall(String downstream, RemoteException failure) {
    if (failure instanceof Unavailable unavailable) {
      return Outcome.outage(
              downstream,
              "unavailable",
              message(failure),
              unavailable.retryAfter(),
              failure.httpStatus())
          .because(ReasonCode.NO_ANSWER, downstream);
    }
    if (failure instanceof Unauthorized) {
      return Outcome.outage(
              downstream, "unauthorized", message(failure), null, failure.httpStatus())
          .because(ReasonCode.TOKEN_REFUSED, downstream);
    }
    if (failure instanceof NotSetUp) {
      return Outcome.outage(downstream, "not_set_up", message(failure), null, null)
          .because(ReasonCode.NOT_SET_UP, downstream);
    }
    if (failure instanceof NotUnderstood) {
      // It is no word of the other side's about the event, which waits until there is one.
      return Outcome.outage(
              downstream, "not_understood", message(failure), null, failure.httpStatus())
          .because(ReasonCode.NOT_UNDERSTOOD, downstream);
    }
    if (failure instanceof BreakerOpen open) {
      return Outcome.outage(open.system(), Outcome.BREAKER_OPEN, message(failure), null, null)
          .because(ReasonCode.WAITS_FOR, open.system());
    }
    if (failure instanceof Throttled throttled) {
      return Outcome.snooze(message(failure), throttled.retryAfter())
          .because(ReasonCode.RATE_USED_UP, downstream);
    }
    String kind = failure instanceof BadResponse ? "bad_response" : REJECTED;
    return Outcome.retry(kind, message(failure), failure.httpStatus())
        .because(ReasonCode.NOT_UNDERSTOOD, downstream);
  }

  private static String message(RemoteException failure) {
    return String.valueOf(failure.getMessage());
  }
}
