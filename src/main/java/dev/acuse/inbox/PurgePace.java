package dev.acuse.inbox;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a purge rest after each batch, as long as a multiple of what the batch took: webhooks that
 * arrive meanwhile have the database and its disk to themselves for most of the time, and where the
 * database is slow a purge is slower still. Thread-safe; one serves all purges of a process.
 */
public final class PurgePace {
  /** A quarter of the time goes to the purge at most. */
  private static final int REST = 3;

  private final int times;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private PurgePace(int times) {
    this.times = times;
  }

  /** For beside the intake: three quarters of the time are rest. */
  public static PurgePace gentle() {
    return new PurgePace(REST);
  }

  /** Without any rest: for an inbox that nobody else uses. */
  public static PurgePace restless() {
    return new PurgePace(0);
  }

  /** Ends every purge, now and later, after the batch that it is at. */
  public void stop() {
    stopped.countDown();
  }

  /**
   * Rests after a batch.
   *
   * @param batchNanos how long the batch took
   * @return false if the purge is to end: it was stopped, or its thread is interrupted, which it
   *     still is then
   */
  boolean rest(long batchNanos) {
    try {
      return !stopped.await(batchNanos * times, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
