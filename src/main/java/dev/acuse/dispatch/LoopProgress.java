package dev.acuse.dispatch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether the dispatcher's loop goes round. What it waits for by right is no standstill: the next
 * poll, and the database, which is another process's trouble or has a watch of its own. Written by
 * one thread, read by any.
 */
final class LoopProgress {
  /** How long the loop may be without a sign of life beyond what it waits for. */
  static final Duration LONGEST_TURN = Duration.ofSeconds(30);

  private final LongSupplier nanos;
  private volatile long nextSignNanos;
  private volatile boolean asksDatabase;

  /**
   * @param nanos a clock as {@link System#nanoTime} is one
   */
  LoopProgress(LongSupplier nanos) {
    this.nanos = nanos;
    turns();
  }

  /** A sign of life. */
  void turns() {
    rests(Duration.ZERO);
  }

  /** A sign of life, and the next comes only after a rest of this length. */
  void rests(Duration rest) {
    nextSignNanos =
        nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(rest.plus(LONGEST_TURN).toMillis());
  }

  /** Asks the database, however long it takes to answer. */
  <T> T ask(Supplier<T> question) {
    asksDatabase = true;
    try {
      return question.get();
    } finally {
      turns();
      asksDatabase = false;
    }
  }

  /** Whether the last sign of life is no older than it may be. */
  boolean isTurning() {
    return asksDatabase || nextSignNanos - nanos.getAsLong() >= 0;
  }
}
