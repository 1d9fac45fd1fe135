package dev.acuse.dispatch;

import dev.acuse.process.DaemonThreads;
import dev.acuse.process.FatalErrors;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that attempts run in: as many as there are attempts that wait for something, and no
 * more. Who takes one up while there are others wakes the next thread first, so that an attempt
 * waits for a thread only as long as one needs to wake; but attempts that wait for nothing are
 * worked off by the few that are awake, without a switch of threads for each. Thread-safe.
 *
 * <p>What is bounded are turns, not threads: a thread that hangs is replaced as soon as its turn is
 * ended for it.
 */
final class Workers {
  private static final Logger LOGGER = LoggerFactory.getLogger(Workers.class);

  /** What is done in a turn. */
  @FunctionalInterface
  interface Task {
    /**
     * Does it.
     *
     * @param turn ends with the task, if not before
     */
    void run(Turn turn);
  }

  private final Semaphore turns;
  private final Queue<Task> ready = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final AtomicBoolean starved = new AtomicBoolean();
  private final ExecutorService threads;

  /**
   * @param atOnce how many turns there are
   */
  Workers(int atOnce) {
    this(atOnce, "worker");
  }

  /**
   * @param atOnce how many turns there are
   * @param name of the threads, without their numbers
   */
  Workers(int atOnce, String name) {
    this.turns = new Semaphore(atOnce);
    this.threads = Executors.newCachedThreadPool(DaemonThreads.numbered(name));
  }

  /** Runs these in their order, each in a thread that nothing else runs in meanwhile. */
  void submit(Collection<? extends Task> attempts) {
    ready.addAll(attempts);
    wakeOne();
  }

  // Out of threads or memory: those that are awake go on, and the next who submits tries again.
  @SuppressWarnings("CatchingUnchecked")
  private void wakeOne() {
    // One that is on its way looks after whatever is ready by then.
    if (ready.isEmpty() || !waking.compareAndSet(false, true)) {
      return;
    }
    try {
      threads.execute(
          () -> {
            waking.set(false);
            work();
          });
    } catch (Throwable e) {
      FatalErrors.haltOn(e);
      waking.set(false);
      LOGGER.error("no thread for {} attempts; they wait", ready.size(), e);
    }
  }

  // What an attempt throws must not leave the others without a thread.
  @SuppressWarnings("CatchingUnchecked")
  private void work() {
    while (!ready.isEmpty() && takeTurn()) {
      var turn = new Turn();
      try {
        Task next = ready.poll();
        if (next != null) {
          wakeOne();
          next.run(turn);
        }
      } catch (Throwable e) {
        FatalErrors.haltOn(e);
        LOGGER.error("an attempt threw what it must not", e);
      } finally {
        turn.end();
      }
    }
  }

  /** If there is none, who ends one wakes a thread. */
  private boolean takeTurn() {
    if (turns.tryAcquire()) {
      return true;
    }
    starved.set(true);
    // One may have been ended before anybody could see that it is wanted.
    return turns.tryAcquire();
  }

  /** The right to run. Thread-safe. */
  final class Turn {
    private final AtomicBoolean ended = new AtomicBoolean();

    private Turn() {}

    /** Another may run; a second time it does nothing. */
    void end() {
      if (ended.compareAndSet(false, true)) {
        turns.release();
        if (starved.compareAndSet(true, false)) {
          wakeOne();
        }
      }
    }
  }

  /** Interrupts what runs, and runs nothing any more. */
  void stop() {
    threads.shutdownNow();
  }
}
