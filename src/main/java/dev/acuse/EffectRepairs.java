package dev.acuse;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.effect.EffectRepair;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the repair of effects each minute, in a thread of its own that outlives each exception. */
final class EffectRepairs implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(EffectRepairs.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final Periodic turns;

  EffectRepairs(EffectRepair repair) {
    this.turns =
        new Periodic(
            "effect-repair",
            repair::run,
            failure ->
                DatabaseTrouble.logRepeated(
                    LOGGER, "effects without an event are set right later", failure));
  }

  @Override
  public void start() {
    turns.start(EVERY, EVERY);
  }

  @Override
  public void stop() throws InterruptedException {
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("effects are still being set right");
    }
  }
}
