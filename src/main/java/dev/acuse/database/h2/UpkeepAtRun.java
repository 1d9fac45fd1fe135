package dev.acuse.database.h2;

import dev.acuse.database.CallWatch;
import dev.acuse.process.Periodic;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the H2 file from before its first use until just before it is closed. */
public final class UpkeepAtRun implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(UpkeepAtRun.class);
  private static final Duration EVERY = Duration.ofMillis(H2Upkeep.EVERY_MILLIS);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final H2Upkeep upkeep;
  private final CallWatch calls;
  private final Predicate<Throwable> broken;
  private final Periodic rounds = new Periodic("h2-upkeep", this::round, this::failed);

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
    rounds.start(EVERY, EVERY);
  }

  private void round() {
    calls.watch(upkeep::run);
  }

  private void failed(Throwable failure) {
    if (!broken.test(failure)) {
      LOGGER.warn(
          "the H2 file was not looked after; it will be tried again: {}", failure.toString());
    }
  }

  @Override
  public void stop() throws InterruptedException {
    if (rounds.stop(STOP_WITHIN)) {
      upkeep.finish();
    }
  }
}
