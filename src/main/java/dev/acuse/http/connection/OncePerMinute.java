package dev.acuse.http.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what anybody can cause from filling the log. Thread-safe. */
final class OncePerMinute {
  private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong last = new AtomicLong(System.nanoTime() - EVERY_NANOS);

  /** Whether a minute has gone by since this last was true. */
  boolean isDue() {
    long now = System.nanoTime();
    long before = last.get();
    return now - before >= EVERY_NANOS && last.compareAndSet(before, now);
  }
}
