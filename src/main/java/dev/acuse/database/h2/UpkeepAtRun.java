package dev.acuse.database.h2;

import dev.acuse.database.CallWatch;
import dev.acuse.process.FatalErrors;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the H2 file from before its first use until just before it is closed. */
public final class UpkeepAtRun implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(UpkeepAtRun.class);
  private static final long STOP_SECONDS = 10;

  private final H2Upkeep upkeep;
  private final CallWatch calls;
  private final Predicate<Throwable> broken;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "h2-upkeep");
            thread.setDaemon(true);
            return thread;
          });

  private UpkeepAtRun(H2Upkeep upkeep, CallWatch calls, Predicate<Throwable> broken) {
    this.broken = broken;
    this.upkeep = upkeep;
    this.calls = calls;
  }

  /**
   * The first round is made here; the last when everything that is registered later has stopped.
   *
   * @param calls knows of each round that is under way
   * @param broken is shown what fails, and sees to it if the file is broken
   * @throws org.jdbi.v3.core.JdbiException if the file cannot be opened
   */
  public static void install(
      Environment environment, H2Upkeep upkeep, CallWatch calls, Predicate<Throwable> broken) {
    upkeep.run();
    environment.lifecycle().manage(new UpkeepAtRun(upkeep, calls, broken));
  }

  @Override
  public void start() {
    var unused =
        scheduler.scheduleWithFixedDelay(
            this::run, H2Upkeep.EVERY_MILLIS, H2Upkeep.EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      calls.watch(upkeep::run);
    } catch (RuntimeException | Error e) {
      FatalErrors.haltOn(e);
      if (broken.test(e)) {
        return;
      }
      LOGGER.warn("the H2 file was not looked after; it will be tried again: {}", e.toString());
    }
  }

  @Override
  public void stop() throws InterruptedException {
    // Not interrupted: H2 would close its file.
    scheduler.shutdown();
    if (scheduler.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      upkeep.finish();
    }
  }
}
