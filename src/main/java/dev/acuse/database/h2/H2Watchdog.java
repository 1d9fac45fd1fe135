package dev.acuse.database.h2;

import dev.acuse.database.CallWatch;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a call to the H2 file never ends. H2 lives in this process: after a failure inside
 * it (short of memory, 2.4.240 was seen to spin for ever in {@code saveChunkMetadataChanges}) all
 * others wait for a monitor that is never given back, and only a new process helps.
 *
 * <p>It counts its own looks, not the clock: while a process is frozen both stand still.
 */
public final class H2Watchdog implements Managed {
  /** After so long a call counts as stuck, and the process as not alive. */
  static final Duration STUCK_AFTER = Duration.ofSeconds(30);

  private static final Logger LOGGER = LoggerFactory.getLogger(H2Watchdog.class);
  private static final Duration ENDS_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final CallWatch calls;
  private final Runnable onStuck;
  private final Periodic turns = new Periodic("h2-watchdog", this::look);
  private CallWatch.@Nullable Call oldest;
  private volatile int looks;

  /**
   * @param calls commits and rounds of upkeep; what may take long by right is none of them
   * @param onStuck ends the process; told when a call has been under way for a minute
   */
  public H2Watchdog(CallWatch calls, Runnable onStuck) {
    this.calls = calls;
    this.onStuck = onStuck;
  }

  /** Whether a call has been under way for longer than {@link #STUCK_AFTER}. */
  public boolean isStuck() {
    return looks * LOOK_EVERY.toSeconds() > STUCK_AFTER.toSeconds();
  }

  @Override
  public void start() {
    turns.start(LOOK_EVERY, LOOK_EVERY);
  }

  /** One look; there is one a second. */
  void look() {
    CallWatch.Call now = calls.oldest().orElse(null);
    looks = now != null && now == oldest ? looks + 1 : 0;
    oldest = now;
    if (looks * LOOK_EVERY.toSeconds() == STUCK_AFTER.toSeconds() + 1) {
      LOGGER.error(
          "a call to the H2 file has been under way for {} s: webhooks go to the spool, and if it"
              + " does not end within another {} s this process does, to be started anew",
          STUCK_AFTER.toSeconds(),
          ENDS_AFTER.minus(STUCK_AFTER).toSeconds());
    }
    if (looks * LOOK_EVERY.toSeconds() == ENDS_AFTER.toSeconds()) {
      LOGGER.error("the H2 file is stuck: the process ends");
      onStuck.run();
    }
  }

  @Override
  public void stop() {
    turns.stop();
  }
}
