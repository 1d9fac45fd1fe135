package dev.acuse.dispatch;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.EventStore.Rescue;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the events of processes that are gone, once a poll interval at most, and mends what
 * was written before the database's clock was set back. An event that was lost with its process
 * twice must run alone: then the loop makes room for it. Used by the dispatcher's loop, but for
 * {@link #onClockStep} and {@link #isMakingRoom}, which any thread may call.
 */
final class Rescuer {
  private static final Logger LOGGER = LoggerFactory.getLogger(Rescuer.class);
  private static final int RESCUES_AT_ONCE = 20;

  private final EventStore store;
  private final LoopProgress progress;
  private final DispatchConfiguration config;
  private final Lanes lanes;
  private final Counter rescued;
  private long lastRescueNanos;
  private volatile long noRescueBeforeNanos = System.nanoTime();
  private volatile boolean mayHoldFuture = true;
  private volatile boolean makingRoom;

  /**
   * @param progress knows of each question to the database
   * @param lanes which kinds of effects may be claimed, and which lanes are held back
   * @param metrics where {@code acuse.leases.rescued} is counted
   */
  Rescuer(
      EventStore store,
      LoopProgress progress,
      DispatchConfiguration config,
      Lanes lanes,
      MetricRegistry metrics) {
    this.lanes = lanes;
    this.store = store;
    this.progress = progress;
    this.config = config;
    this.rescued = metrics.counter("acuse.leases.rescued");
    this.lastRescueNanos = System.nanoTime() - config.pollInterval().toNanos();
  }

  /**
   * The database's clock was set. Leases that seem to have run out by it may be renewed by their
   * holders, as soon as these know.
   *
   * @param untilAllKnow how long it may take until every instance does
   */
  void onClockStep(Duration untilAllKnow) {
    noRescueBeforeNanos = System.nanoTime() + untilAllKnow.plus(config.lease()).toNanos();
    mayHoldFuture = true;
  }

  /** Mends and rescues what is there to be, if it is time. */
  void turn() {
    if (mayHoldFuture) {
      mendFuture();
    }
    long now = System.nanoTime();
    if (now - lastRescueNanos >= config.pollInterval().toNanos()
        && now - noRescueBeforeNanos >= 0) {
      lastRescueNanos = now;
      rescue();
      makingRoom =
          makingRoom || progress.ask(() -> store.anyDueAlone(lanes.effectKinds(), lanes.held()));
    }
  }

  private void mendFuture() {
    int mended = progress.ask(() -> store.mendFuture(config.lease()));
    mayHoldFuture = false;
    if (mended > 0) {
      LOGGER.warn("the clock was set back: {} events that seemed far off are due", mended);
    }
  }

  private void rescue() {
    Rescue rescue = progress.ask(() -> store.rescueExpired(RESCUES_AT_ONCE));
    if (rescue.retried() + rescue.failed() > 0) {
      rescued.inc((long) rescue.retried() + rescue.failed());
      LOGGER.warn(
          "leases expired: {} events to be tried again, {} out of attempts",
          rescue.retried(),
          rescue.failed());
    }
  }

  /** Whether nothing is to be claimed but an event that must run alone. */
  boolean isMakingRoom() {
    return makingRoom;
  }

  /** An idle process has looked for such an event: until it has ended, there must be room. */
  void lookedForOneAlone(boolean found) {
    makingRoom = found;
  }
}
