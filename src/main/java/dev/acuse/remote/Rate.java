package dev.acuse.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many calls a lane may make. It makes no caller wait: a call that comes too early is refused
 * ({@link RemoteException.Throttled}). Thread-safe.
 */
public interface Rate extends Guard {
  /** No limit. */
  Rate UNLIMITED =
      new Rate() {
        @Override
        public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
          return exchange.run();
        }

        @Override
        public int available() {
          return Integer.MAX_VALUE;
        }

        @Override
        public void claimed(int calls) {
          // There is always room for more.
        }

        @Override
        public Duration untilNext() {
          return Duration.ZERO;
        }

        @Override
        public boolean isUsedUp() {
          return false;
        }
      };

  /** How many events may be claimed now whose calls will find room; at least 0. */
  int available();

  /** So many were claimed: for these there is no more room until the next turn. */
  void claimed(int calls);

  /** How long until {@link #available} is more than 0; zero if it is. */
  Duration untilNext();

  /** The same limit for a caller that may wait a moment for its turn: no worker's. */
  default Guard patient() {
    return this;
  }

  /** Whether the lane makes nearly as many calls as it may: what waits in it waits by right. */
  boolean isUsedUp();
}
