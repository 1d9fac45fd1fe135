package dev.acuse.process;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A daemon thread of its own that runs a task again and again, with a pause after each run. What
 * the task throws ends the process if it is fatal; else it is reported, and the task runs again.
 */
public final class Periodic {
  private final Runnable turn;
  private final ScheduledExecutorService thread;

  /**
   * A task whose failures are logged as they are.
   *
   * @param name the thread's
   */
  public Periodic(String name, Runnable task) {
    this.turn = FatalErrors.guarding(task);
    this.thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named(name));
  }

  /**
   * @param name the thread's
   * @param onFailed gets whatever the task throws, unless it is fatal
   */
  public Periodic(String name, Task task, Consumer<Throwable> onFailed) {
    this(name, () -> run(task, onFailed));
  }

  /** What is run again and again. */
  @FunctionalInterface
  public interface Task {
    /** One run. */
    void run() throws Exception;
  }

  @SuppressWarnings("CatchingUnchecked")
  private static void run(Task task, Consumer<Throwable> onFailed) {
    try {
      task.run();
    } catch (Exception | Error e) {
      FatalErrors.haltOn(e);
      onFailed.accept(e);
    }
  }

  /**
   * Runs the task from now on.
   *
   * @param first the time before the first run
   * @param pause from the end of a run to the next
   */
  public void start(Duration first, Duration pause) {
    var unused =
        thread.scheduleWithFixedDelay(turn, first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Begins no run any more. One that is under way goes on, because what it writes is to be whole.
   */
  public void stop() {
    thread.shutdown();
  }

  /**
   * The same, and waits for the run that is under way.
   *
   * @return false if it has not ended in that time
   */
  public boolean stop(Duration atMost) throws InterruptedException {
    stop();
    return thread.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** One run in the caller's thread, its failure reported as any other. */
  public void runOnce() {
    turn.run();
  }

  /** Interrupts the run that is under way as well. */
  public void interrupt() {
    thread.shutdownNow();
  }
}
