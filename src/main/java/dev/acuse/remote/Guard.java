package dev.acuse.remote;

import org.jspecify.annotations.Nullable;

/**
 * Stands before the calls of another system and lets them through, or not: a breaker, a rate.
 * Guards stand in series, and a client carries one ({@link RemoteCall#through}). Thread-safe.
 */
public interface Guard {
  /** Lets every call through, and learns from none. */
  Guard NONE =
      new Guard() {
        @Override
        public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
          return exchange.run();
        }
      };

  /** A call of another system, from its preparation to the reading of the answer. */
  @FunctionalInterface
  interface Exchange<T extends @Nullable Object> {
    /** Makes the call. */
    T run() throws RemoteException;
  }

  /**
   * Makes the call, or refuses to.
   *
   * @throws RemoteException what the call throws; {@linkplain RemoteException.Diagnosis#NOT_ASKED
   *     not asked} if this guard refused it
   */
  <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException;

  /** Whether this guard lets calls through now. Asking for it takes no turn and no probe. */
  default boolean isUp() {
    return true;
  }

  /** This guard, with another one behind it: what the other one refuses was not asked here. */
  default Guard then(Guard behind) {
    Guard front = this;
    return new Guard() {
      @Override
      public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
        return front.call(() -> behind.call(exchange));
      }

      @Override
      public boolean isUp() {
        return front.isUp() && behind.isUp();
      }
    };
  }
}
