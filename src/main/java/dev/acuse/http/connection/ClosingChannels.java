package dev.acuse.http.connection;

import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Connections that were closed, but whose descriptors are free only when their selector has turned.
 * Who opens connections faster than that is made to wait, or the process would be out of
 * descriptors below its cap. Not thread-safe.
 */
final class ClosingChannels {
  /** So many descriptors more than the cap may be in use. */
  static final int SLACK = 16;

  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final Deque<SelectableChannel> closing = new ArrayDeque<>();

  /** Notes one that was closed, and waits a moment if many are not free yet. */
  void add(SelectableChannel closed) {
    closing.add(closed);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (isFull()) {
      if (System.nanoTime() - deadline > 0) {
        // Better to run short than to stop accepting.
        closing.clear();
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean isFull() {
    closing.removeIf(channel -> !channel.isRegistered());
    return closing.size() >= SLACK;
  }
}
