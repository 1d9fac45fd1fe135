package dev.acuse.inbox;

import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many events are in each status, as often as anybody asks, and counted as seldom as it is
 * dear: in a small inbox each time, in one of millions in the background and at most for a
 * twentieth of the time, while whoever asks gets the last count. Thread-safe.
 */
final class StatusCounts {
  private static final Logger LOGGER = LoggerFactory.getLogger(StatusCounts.class);
  private static final long CHEAP_NANOS = Duration.ofMillis(100).toNanos();
  private static final int IDLE_TIMES = 20;

  private final Supplier<EventCounts> source;
  private final Executor background;
  private @Nullable Counted latest;
  private boolean counting;

  /**
   * @param source counts in the database; may throw
   * @param background runs what takes long
   */
  StatusCounts(Supplier<EventCounts> source, Executor background) {
    this.source = source;
    this.background = background;
  }

  private record Counted(EventCounts counts, long tookNanos, long atNanos) {
    boolean isCheap() {
      return tookNanos < CHEAP_NANOS;
    }

    boolean isFresh() {
      return System.nanoTime() - atNanos < tookNanos * IDLE_TIMES;
    }
  }

  /** All statuses; for a large inbox as they were some seconds ago. */
  EventCounts get() {
    Counted last = latest();
    if (last == null || last.isCheap()) {
      return count().counts;
    }
    if (!last.isFresh() && begin()) {
      var unused =
          CompletableFuture.runAsync(this::count, background).whenComplete((done, e) -> end(e));
    }
    return last.counts;
  }

  private Counted count() {
    long begin = System.nanoTime();
    EventCounts counts = source.get();
    long end = System.nanoTime();
    var counted = new Counted(counts, end - begin, end);
    synchronized (this) {
      latest = counted;
    }
    return counted;
  }

  private synchronized @Nullable Counted latest() {
    return latest;
  }

  private synchronized boolean begin() {
    boolean first = !counting;
    counting = true;
    return first;
  }

  private void end(@Nullable Throwable failure) {
    FatalErrors.haltOn(failure);
    if (failure != null) {
      LOGGER.debug("the events are counted later", failure);
    }
    synchronized (this) {
      counting = false;
    }
  }
}
