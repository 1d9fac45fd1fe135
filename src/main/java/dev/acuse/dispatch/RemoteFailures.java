package dev.acuse.dispatch;

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

  /** A look-up at MercadoPago failed. What it does not know today it may know in a minute. */
  public static Outcome ofLookUp(String downstream, RemoteException failure) {
    return failure instanceof Rejected rejected
        ? Outcome.retry(kind(rejected), message(failure), rejected.status())
        : ofCall(downstream, failure);
  }

  private static String kind(Rejected rejected) {
    return switch (rejected.status()) {
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      default -> REJECTED;
    };
  }

  /** A call to the CRM failed. A contact that it refuses today it refuses tomorrow. */
  public static Outcome ofTag(String downstream, RemoteException failure) {
    return failure instanceof Rejected rejected
        ? Outcome.fail(REJECTED, message(failure), rejected.status())
        : ofCall(downstream, failure);
  }

  private static Outcome ofCall(String downstream, RemoteException failure) {
    if (failure instanceof Unavailable unavailable) {
      return Outcome.outage(
          downstream,
          "unavailable",
          message(failure),
          unavailable.retryAfter(),
          failure.httpStatus());
    }
    if (failure instanceof Unauthorized) {
      return Outcome.outage(
          downstream, "unauthorized", message(failure), null, failure.httpStatus());
    }
    if (failure instanceof NotSetUp) {
      return Outcome.outage(downstream, "not_set_up", message(failure), null, null);
    }
    if (failure instanceof NotUnderstood) {
      // It is no word of the other side's about the event, which waits until there is one.
      return Outcome.outage(
          downstream, "not_understood", message(failure), null, failure.httpStatus());
    }
    if (failure instanceof BreakerOpen open) {
      return Outcome.outage(open.system(), Outcome.BREAKER_OPEN, message(failure), null, null);
    }
    if (failure instanceof Throttled throttled) {
      return Outcome.snooze(message(failure), throttled.retryAfter());
    }
    String kind = failure instanceof BadResponse ? "bad_response" : REJECTED;
    return Outcome.retry(kind, message(failure), failure.httpStatus());
  }

  private static String message(RemoteException failure) {
    return String.valueOf(failure.getMessage());
  }
}
