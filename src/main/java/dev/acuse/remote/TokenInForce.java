package dev.acuse.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stands right before the calls that one token makes. Once the token is replaced, its refusal says
 * nothing any more: what was called by it is to be called again by the next. Thread-safe.
 */
public final class TokenInForce implements Guard {
  private volatile boolean isReplaced;

  /** Another token is used from now on. */
  public void replaced() {
    isReplaced = true;
  }

  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    try {
      return exchange.run();
    } catch (RemoteException e) {
      throw isReplaced && isAboutToken(e)
          ? new RemoteException.Throttled("the token was replaced meanwhile", Duration.ZERO)
          : e;
    }
  }

  private static boolean isAboutToken(RemoteException failure) {
    return switch (failure.diagnosis()) {
      case TOKEN_REFUSED, NO_TOKEN -> true;
      case ANSWERED, NOT_ASKED, OUTAGE, UNKNOWN -> false;
    };
  }
}
