package dev.acuse.monitoring;

import dev.acuse.condition.Reading;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the inbox holds, at most every few seconds however many ask, and lets nobody wait
 * long: whoever looks at metrics or health while the database hangs must get an answer.
 * Thread-safe.
 */
public final class InboxReader {
  private static final Logger LOGGER = LoggerFactory.getLogger(InboxReader.class);
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Supplier<Reading> source;
  private final Executor executor;
  private @Nullable Started latest;

  /**
   * @param source reads from the database; may throw
   * @param executor runs the source, one reading at a time
   */
  public InboxReader(Supplier<Reading> source, Executor executor) {
    this.source = source;
    this.executor = executor;
  }

  private record Started(CompletableFuture<Reading> reading, long nanos) {}

  /** The inbox, a few seconds old at most; empty if the database does not answer. */
  public Optional<Reading> read() {
    Started started = latest();
    long patience = Math.max(0, started.nanos + PATIENCE_NANOS - System.nanoTime());
    try {
      return Optional.of(started.reading.get(patience, TimeUnit.NANOSECONDS));
    } catch (ExecutionException | TimeoutException e) {
      LOGGER.debug("the inbox cannot be read", e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** A reading that hangs is not followed by another, or each scrape would add one. */
  private synchronized Started latest() {
    long now = System.nanoTime();
    Started before = latest;
    if (before != null && (!before.reading.isDone() || now - before.nanos < MAX_AGE_NANOS)) {
      return before;
    }
    var started = new Started(CompletableFuture.supplyAsync(source, executor), now);
    latest = started;
    return started;
  }
}
