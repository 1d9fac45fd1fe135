package dev.acuse.dispatch;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.EventStore;
import dev.acuse.process.FatalErrors;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works the inbox off: claims as many due events as there are free slots, hands each to a worker,
 * and is woken when there is more to do. One loop thread; it outlives every exception.
 *
 * <p>Stopping: no more claims; what runs may finish within the grace period; what then still runs
 * is interrupted and handed back, and if it ends after all it finds its lease gone; leases are
 * renewed to the end.
 */
public final class Dispatcher implements Managed, DueSignal.Listener {
  private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

  private final EventStore store;
  private final AttemptRunner runner;
  private final List<RemoteSystem> downstreams;
  private final DispatchConfiguration config;
  private final String owner;
  private final ClaimedEvents running;
  private final LeaseKeeper leaseKeeper;
  private final Workers workers;
  private final ClaimPace pace = new ClaimPace();
  private final Waiter waiter = new Waiter();
  private final LoopProgress progress = new LoopProgress(System::nanoTime);
  private final Rescuer rescuer;
  private final StrayLeases strays;
  private volatile boolean stopping;
  private volatile @Nullable Thread loop;
  private volatile boolean lastClaimWasFull;
  private volatile boolean paused;
  private long endedBefore;
  private boolean databaseIsOut;
  private boolean probeWaiting;

  /**
   * @param owner names this process in leases and attempts; no other process may have the same
   * @param metrics where {@code acuse.leases.rescued} is counted
   */
  public Dispatcher(
      EventStore store,
      AttemptRunner runner,
      List<RemoteSystem> downstreams,
      DispatchConfiguration config,
      String owner,
      MetricRegistry metrics) {
    this.store = store;
    this.runner = runner;
    this.downstreams = List.copyOf(downstreams);
    this.config = config;
    this.owner = owner;
    this.running = new ClaimedEvents(config.workers());
    this.workers = new Workers(config.workers());
    this.leaseKeeper =
        new LeaseKeeper(store, running, owner, config.lease(), config.attemptTimeout());
    this.rescuer = new Rescuer(store, progress, config, metrics);
    this.strays = new StrayLeases(store, owner, config.lease());
  }

  @Override
  public void start() {
    store.due().tell(this);
    for (RemoteSystem downstream : downstreams) {
      downstream.onRecovery(() -> onRecovery(downstream));
    }
    leaseKeeper.start();
    var thread = new Thread(this::runUntilStopped, "dispatcher");
    thread.setDaemon(true);
    loop = thread;
    thread.start();
    LOGGER.info("dispatcher started as {} with {} workers", owner, config.workers());
  }

  private void onRecovery(RemoteSystem downstream) {
    LOGGER.info("{} events waited for {}", store.release(downstream.name()), downstream.name());
    wake();
  }

  /** There may be something to do: look now, not at the next poll. Never blocks. */
  @Override
  public void wake() {
    paused = false;
    waiter.wake();
  }

  /**
   * Events were stored: look for them now, unless the inbox is paused. That another instance has
   * resumed it, the next poll notices. Never blocks.
   */
  @Override
  public void onStored() {
    if (!paused) {
      waiter.wake();
    }
  }

  /**
   * The database's clock was set: nothing is rescued until every holder of a lease can have renewed
   * it.
   *
   * @param untilAllKnow how long it may take until every instance does
   */
  public void onClockStep(Duration untilAllKnow) {
    rescuer.onClockStep(untilAllKnow);
    wake();
  }

  /** Whether the loop runs. It outlives every exception, so that only {@link #stop} ends it. */
  public boolean isAlive() {
    Thread thread = loop;
    return thread != null && thread.isAlive();
  }

  /**
   * Whether the loop has turned within the last 30 seconds, or waits where it is told to: for the
   * next poll, or for the database, which is another process's trouble.
   */
  public boolean isTurning() {
    return progress.isTurning();
  }

  private void runUntilStopped() {
    while (!stopping) {
      try {
        progress.turns();
        pace.await();
        if (!runner.recordsEnds()) {
          pause();
        }
        boolean more = runOnce();
        noteThatTheDatabaseAnswers();
        if (!more) {
          progress.rests(config.pollInterval());
          waiter.await(config.pollInterval());
        }
      } catch (InterruptedException e) {
        LOGGER.debug("woken to stop");
      } catch (RuntimeException | Error e) {
        FatalErrors.haltOn(e);
        note(e);
        pause();
      }
    }
  }

  /** An outage is told of once, not at every poll. */
  private void note(Throwable failure) {
    if (!DatabaseTrouble.isOutage(failure)) {
      LOGGER.error("the dispatcher will keep running", failure);
    } else if (!databaseIsOut) {
      databaseIsOut = true;
      LOGGER.warn("the database is out; nothing is processed meanwhile", failure);
    }
  }

  private void noteThatTheDatabaseAnswers() {
    if (databaseIsOut) {
      databaseIsOut = false;
      LOGGER.info("the database answers; processing goes on");
    }
  }

  /** After a failure, wait a poll without listening to wake-ups: they would make it spin. */
  private void pause() {
    try {
      progress.rests(config.pollInterval());
      new Waiter().await(config.pollInterval());
    } catch (InterruptedException e) {
      LOGGER.debug("woken to stop");
    }
  }

  /**
   * One turn: settle what an outage left open, rescue what was lost, claim what is due, hand it to
   * the workers.
   *
   * @return whether there is likely more to claim at once
   */
  boolean runOnce() {
    // Before the rescue: what was done here need not be done again.
    settle();
    rescuer.turn();
    if (rescuer.isMakingRoom()) {
      claimAlone();
      return false;
    }
    // One at a time tells as well whether ends can be recorded again.
    int room = Math.min(running.room(ahead()), runner.recordsEnds() ? Integer.MAX_VALUE : 1);
    if (room == 0) {
      return false;
    }
    for (RemoteSystem downstream : downstreams) {
      if (downstream.scope() == RemoteSystem.Scope.EVERY_EVENT && !downstream.isUp()) {
        probe(downstream);
        return false;
      }
    }
    List<WebhookEvent> claimed =
        claim(ClaimRequest.due(owner, room, config.lease(), downstreamsOut()));
    lastClaimWasFull = claimed.size() == room;
    paused = claimed.isEmpty() && progress.ask(store::isPaused);
    for (RemoteSystem downstream : downstreams) {
      if (running.freeSlots() > 0 && downstream.takeProbe()) {
        claim(ClaimRequest.probe(owner, config.lease(), downstream.name()));
      }
    }
    return lastClaimWasFull && running.freeSlots() > 0;
  }

  private void settle() {
    progress.ask(
        () -> {
          runner.settle();
          return strays.drop();
        });
  }

  /**
   * In a backlog up to twice as many as ended since the turn before are claimed ahead: until the
   * next turn about half of that will end, and those who come after them need not wait for a claim.
   */
  private int ahead() {
    long ended = running.ended();
    long since = ended - endedBefore;
    endedBefore = ended;
    return lastClaimWasFull ? (int) Math.min(2 * since, running.size()) : 0;
  }

  /** An event that was twice lost with its process runs with no other beside it. */
  private void claimAlone() {
    if (running.isIdle()) {
      // Until this one has ended, the next turns only wait for an idle process.
      rescuer.lookedForOneAlone(!claim(ClaimRequest.alone(owner, config.lease())).isEmpty());
    }
  }

  private void probe(RemoteSystem downstream) {
    if (!downstream.takeProbe()) {
      return;
    }
    // In turn: an event that alone is answered so must not be the only one that is ever tried.
    probeWaiting = !probeWaiting;
    if (!probeWaiting
        && !claim(ClaimRequest.due(owner, 1, config.lease(), Set.of(downstream.name())))
            .isEmpty()) {
      return;
    }
    if (claim(ClaimRequest.probe(owner, config.lease(), downstream.name())).isEmpty()) {
      claim(ClaimRequest.due(owner, 1, config.lease(), Set.of()));
    }
  }

  private Set<String> downstreamsOut() {
    Set<String> out = new HashSet<>();
    for (RemoteSystem downstream : downstreams) {
      if (!downstream.isUp()) {
        out.add(downstream.name());
      }
    }
    return out;
  }

  private List<WebhookEvent> claim(ClaimRequest request) {
    List<WebhookEvent> claimed =
        pace.time(() -> progress.ask(() -> strays.watch(() -> store.claim(request))));
    workers.submit(claimed.stream().map(this::attempt).toList());
    return claimed;
  }

  private Workers.Task attempt(WebhookEvent event) {
    ClaimedEvents.Entry entry = running.add(event);
    return turn -> {
      entry.onEnd(turn::end);
      if (stopping) {
        handBack(event);
        entry.release();
      } else {
        var unused = runner.run(entry, () -> stopping, this::wakeForMore);
      }
    };
  }

  /** There is room again. */
  private void wakeForMore() {
    if (lastClaimWasFull || rescuer.isMakingRoom()) {
      wake();
    }
    if (lastClaimWasFull && 2 * running.freeSlots() >= running.size()) {
      pace.hurry();
    }
  }

  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    waiter.wake();
    Thread thread = loop;
    if (thread != null) {
      thread.join(config.shutdownGracePeriod().toMillis() + 1);
    }
    runner.settleForTheLastTime();
    if (!running.awaitIdle(config.shutdownGracePeriod())) {
      LOGGER.warn("handing back what still runs after {}", config.shutdownGracePeriod());
      running.interruptAll();
      if (!running.awaitIdle(AFTER_INTERRUPT)) {
        handBackWhatHangs();
      }
    }
    workers.stop();
    leaseKeeper.stop();
    LOGGER.info("dispatcher stopped");
  }

  /**
   * A call that waits for an answer does not hear an interrupt; its event need not wait as well.
   */
  private void handBackWhatHangs() {
    running.events().forEach(this::handBack);
  }

  private void handBack(WebhookEvent event) {
    try {
      runner.handBack(event);
    } catch (RuntimeException e) {
      LOGGER.warn("{} is tried again when its lease runs out", event.webhookId(), e);
    }
  }
}
