package dev.acuse.faults;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Starts the service again when it has ended by itself, as systemd does, or when it says for long
 * that it is not alive, as an orchestrator does. Thread-safe.
 */
final class Supervisor implements AutoCloseable {
  private static final int LOOK_MILLIS = 200;

  /** Every so manieth look asks the service how it is. */
  private static final int ASK_EVERY = 10;

  private static final int FAILURES = 5;

  private static final int MORE_STARTS = 2;

  private final Stage stage;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private int looks;
  private int failures;
  private int ended;
  private int notAlive;
  private boolean opens = true;

  private Supervisor(Stage stage) {
    this.stage = stage;
  }

  static Supervisor of(Stage stage) {
    var supervisor = new Supervisor(stage);
    var unused =
        supervisor.clock.scheduleWithFixedDelay(
            supervisor::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return supervisor;
  }

  private synchronized void look() {
    if (!opens) {
      return;
    }
    if (!stage.instance(0).isRunning()) {
      ended++;
      replace();
    } else if (++looks % ASK_EVERY == 0) {
      failures = stage.instance(0).alive() == 200 ? 0 : failures + 1;
      if (failures == FAILURES) {
        notAlive++;
        replace();
      }
    }
  }

  /** SIGKILL, as when the power is cut, and a new process. */
  synchronized void restart() {
    restart(() -> {});
  }

  /** The same, and something else between the two. */
  synchronized void restart(Runnable between) {
    if (opens) {
      stage.instance(0).kill();
      between.run();
      replace();
    }
  }

  /** A start that ends, as one that finds the file broken does, is followed by another. */
  private void replace() {
    failures = 0;
    opens = starts(() -> stage.killAndRestart(0));
    for (int start = 0; !opens && start < MORE_STARTS; start++) {
      ended++;
      opens = starts(stage::startInstance);
    }
  }

  private static boolean starts(Runnable start) {
    try {
      start.run();
      return true;
    } catch (RuntimeException e) {
      System.err.println("not started: " + e.getMessage());
      return false;
    }
  }

  /** How often it ended by itself. */
  synchronized int ended() {
    return ended;
  }

  /** How often it had to be killed since it said that it is not alive. */
  synchronized int notAlive() {
    return notAlive;
  }

  /** Whether a process runs: one could be started each time. */
  synchronized boolean opens() {
    return opens;
  }

  /** From now on nothing is started again. */
  @Override
  public void close() {
    clock.shutdownNow();
  }
}
