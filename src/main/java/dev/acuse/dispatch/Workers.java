package dev.acuse.dispatch;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that attempts run in: as many as there are attempts that wait for something, and no
 * more. Who takes one up while there are others wakes the next thread first, so that an attempt
 * waits for a thread only as long as one needs to wake; but attempts that wait for nothing are
 * worked off by the few that are awake, without a switch of threads for each. Thread-safe.
 *
 * <p>There is no bound: a thread that hangs is replaced. Who submits bounds what runs.
 */
final class Workers {
  private static final Logger LOGGER = LoggerFactory.getLogger(Workers.class);

  private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final ExecutorService threads;

  Workers() {
    var number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "worker-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs these, each in a thread that nothing else runs in meanwhile. */
  void submit(Collection<? extends Runnable> attempts) {
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
      waking.set(false);
      LOGGER.error("no thread for {} attempts; they wait", ready.size(), e);
    }
  }

  // What an attempt throws must not leave the others without a thread.
  @SuppressWarnings("CatchingUnchecked")
  private void work() {
    for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
      wakeOne();
      try {
        next.run();
      } catch (Throwable e) {
        LOGGER.error("an attempt threw what it must not", e);
      }
    }
  }

  /** Interrupts what runs, and runs nothing any more. */
  void stop() {
    threads.shutdownNow();
  }
}
