package dev.acuse.intake;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database as the intake sees it: a call that does not end in time is given up, and from then
 * on the database counts as out until a call ends well. Thread-safe.
 *
 * <p>What was given up is never cancelled or interrupted: PostgreSQL turns a cancelled wait for a
 * standby into a success. It goes on in its thread, of which there are a few; its outcome is
 * unknown, and the idempotency key makes a second try harmless.
 */
final class DatabaseGate {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseGate.class);
  private static final int LANES = 4;
  private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ThreadPoolExecutor lanes;
  private final Set<Call> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean up = true;
  private volatile long downSinceNanos;
  private volatile long lastTryNanos;

  /** The database did not do what it was asked to, or nobody knows. */
  static final class OutOfReach extends Exception {
    private static final long serialVersionUID = 1L;

    OutOfReach(String message) {
      super(message);
    }

    OutOfReach(Throwable cause) {
      super(cause);
    }
  }

  // Not a record: two calls that begin at one moment are two.
  private static final class Call {
    private final long startNanos = System.nanoTime();
  }

  /**
   * @param metrics told how long the oldest call is under way
   */
  DatabaseGate(MetricRegistry metrics) {
    lanes =
        new ThreadPoolExecutor(
            0,
            LANES,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.numbered("intake-lane"));
    metrics.registerGauge("acuse.intake.commit_wait_seconds", this::longestWaitSeconds);
  }

  private double longestWaitSeconds() {
    long now = System.nanoTime();
    return underWay.stream().mapToLong(call -> now - call.startNanos).max().orElse(0) / 1e9;
  }

  boolean isUp() {
    return up;
  }

  /** Whether it is up, or was found out long enough ago for another try. */
  boolean isWorthATry() {
    return up || System.nanoTime() - lastTryNanos >= TRY_AGAIN_NANOS;
  }

  /**
   * Calls the database.
   *
   * @param patience how long to wait
   * @throws OutOfReach if it failed, or did not end in time and may end well yet
   */
  <T> T within(Duration patience, Callable<T> work) throws OutOfReach {
    lastTryNanos = System.nanoTime();
    try {
      T result = start(work).get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
      markUp();
      return result;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      markDown(cause.toString());
      throw new OutOfReach(cause);
    } catch (TimeoutException e) {
      markDown("no answer in time");
      throw new OutOfReach(e);
    } catch (RejectedExecutionException e) {
      markDown("too many calls hang");
      throw new OutOfReach(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutOfReach("interrupted");
    }
  }

  private <T> CompletableFuture<T> start(Callable<T> work) {
    var call = new Call();
    underWay.add(call);
    try {
      CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> call(work), lanes);
      return result.whenComplete(
          (done, failure) -> {
            underWay.remove(call);
            if (failure == null) {
              markUp();
            }
          });
    } catch (RejectedExecutionException e) {
      underWay.remove(call);
      throw e;
    }
  }

  private static <T> T call(Callable<T> work) {
    try {
      return work.call();
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      throw e;
    } catch (Exception e) {
      FatalErrors.haltOn(e);
      throw new CompletionException(e);
    }
  }

  private synchronized void markUp() {
    if (!up) {
      up = true;
      LOGGER.info(
          "the database stores webhooks again, after {} s",
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - downSinceNanos));
    }
  }

  private synchronized void markDown(String reason) {
    if (up) {
      up = false;
      downSinceNanos = System.nanoTime();
      LOGGER.warn("the database does not store webhooks: {}", reason);
    }
  }

  /** Lets its threads end; one that hangs does not keep the process. */
  void close() {
    lanes.shutdown();
  }
}
