package dev.acuse.dispatch;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import dev.acuse.event.Place;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.PendingLane;
import dev.acuse.process.FatalErrors;
import dev.acuse.remote.RemoteLane;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works the inbox off: claims as many due events as there are free slots, of the lanes in turn,
 * hands each to a worker, and is woken when there is more to do. One loop thread; it outlives every
 * exception.
 *
 * <p>Once a poll it lists the lanes in which something is due. In between it knows of those that a
 * commit of this process has named, and of those in which a claim has left something.
 *
 * <p>Stopping: no more claims; what runs may finish within the grace period; what then still runs
 * is interrupted and handed back, and if it ends after all it finds its lease gone; leases are
 * renewed to the end.
 */
public final class Dispatcher implements Managed, DueSignal.Listener {
  private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

  /** In so many lanes of a system that is out an event is looked for, until one has it. */
  private static final int MOST_TRIES = 3;

  /** How many polls lie between two moves of events into their lane. */
  private static final int POLLS_OF_A_MOVE = 60;

  private static final LaneTurns.Plan NO_PLAN = new LaneTurns.Plan(List.of(), Set.of());

  private final EventStore store;
  private final AttemptRunner runner;
  private final Lanes lanes;
  private final DispatchConfiguration config;
  private final String owner;
  private final ClaimedEvents running;
  private final LeaseKeeper leaseKeeper;
  private final Workers workers;
  private final Workers idleWorkers;
  private final LaneTurns turns;
  private volatile Supplier<Map<Long, Lane>> homes = Map::of;
  private Map<Long, Lane> knownHomes = Map.of();
  private List<Move> again = List.of();
  private final Set<Lane> named = ConcurrentHashMap.newKeySet();
  private final ClaimPace pace = new ClaimPace();
  private final Waiter waiter = new Waiter();
  private final LoopProgress progress = new LoopProgress(System::nanoTime);
  private final Rescuer rescuer;
  private final StrayLeases strays;
  private volatile boolean stopping;
  private volatile @Nullable Thread loop;
  private volatile boolean isMoreDue;
  private volatile boolean listNow = true;
  private volatile boolean paused;
  private boolean isMoveDue;
  private long listedAtNanos;
  private long movedAtNanos;
  private boolean databaseIsOut;
  private int probes;

  private record Move(long accountId, Lane from, Lane to) {}

  /**
   * @param owner names this process in leases and attempts; no other process may have the same
   * @param metrics where {@code acuse.leases.rescued} is counted
   */
  public Dispatcher(
      EventStore store,
      AttemptRunner runner,
      Lanes lanes,
      DispatchConfiguration config,
      String owner,
      MetricRegistry metrics) {
    this.store = store;
    this.runner = runner;
    this.lanes = lanes;
    this.turns = new LaneTurns(lanes);
    this.config = config;
    this.owner = owner;
    int forIdleLanes = config.workersForIdleLanes();
    this.running = new ClaimedEvents(config.workers(), forIdleLanes);
    this.workers = new Workers(config.workers());
    this.idleWorkers = new Workers(forIdleLanes, "idle-worker");
    this.leaseKeeper =
        new LeaseKeeper(store, running, owner, config.lease(), config.attemptTimeout());
    this.rescuer = new Rescuer(store, progress, config, lanes, metrics);
    this.strays = new StrayLeases(store, owner, config.lease());
  }

  @Override
  public void start() {
    store.due().tell(this);
    for (RemoteSystem system : lanes.systems()) {
      system.onRecovery(() -> lanes.kind(system).ifPresent(kind -> released(system, kind)));
      system.onLaneRecovery(code -> released(system, new Lane(code)));
    }
    leaseKeeper.start();
    var thread = new Thread(this::runUntilStopped, "dispatcher");
    thread.setDaemon(true);
    loop = thread;
    thread.start();
    LOGGER.info("dispatcher started as {} with {} workers", owner, config.workers());
  }

  private void released(RemoteSystem system, LaneKind kind) {
    LOGGER.info("{} events waited for {}", store.release(kind), system.name());
    wake();
  }

  private void released(RemoteSystem system, Lane lane) {
    LOGGER.info(
        "{} events waited for {} in lane {}", store.release(lane), system.name(), lane.code());
    wake();
  }

  /**
   * The effects of each account belong into one lane: what is pending in another, as before a
   * change of its location, is put there before anything is claimed, and later about once a minute
   * what a retry or another instance leaves in another. Before the start.
   *
   * @param lanes by account; the same object for as long as nothing changes. Must not block
   */
  public void keepIn(Supplier<Map<Long, Lane>> lanes) {
    homes = lanes;
  }

  /** There may be something to do in any lane: look now, not at the next poll. Never blocks. */
  @Override
  public void wake() {
    paused = false;
    listNow = true;
    waiter.wake();
  }

  /**
   * Events were stored: look for them now, unless the inbox is paused. That another instance has
   * resumed it, the next poll notices. Never blocks.
   */
  @Override
  public void onStored(Set<Lane> lanes) {
    named.addAll(lanes);
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
          Duration rest = turns.untilRoom(config.pollInterval());
          progress.rests(rest);
          waiter.await(rest);
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
    moveHome();
    boolean isListed = list();
    probe();
    // What ends from here on wakes the loop: it may find no room just now.
    isMoreDue = turns.isMoreDue();
    LaneTurns.Plan plan = turns.plan(running);
    // One at a time tells as well whether ends can be recorded again.
    int claimed = serve(runner.recordsEnds() ? plan : plan.upTo(1));
    if (claimed > 0) {
      paused = false;
    } else if (isListed || !plan.isEmpty()) {
      paused = progress.ask(store::isPaused);
    }
    isMoreDue = turns.isMoreDue();
    return !plan.isEmpty() && isMoreDue && running.freeSlots() > 0;
  }

  private void moveHome() {
    Map<Long, Lane> now = homes.get();
    boolean isFirst = knownHomes.isEmpty() && !now.isEmpty();
    List<Move> moves = new ArrayList<>();
    if (isFirst) {
      moveMain(now);
    } else if (now != knownHomes) {
      knownHomes.forEach(
          (accountId, from) -> {
            Lane to = now.get(accountId);
            if (to != null && !to.equals(from)) {
              moves.add(new Move(accountId, from, to));
            }
          });
    }
    if (isFirst || isMoveDue) {
      moves.addAll(again);
      again = List.of();
      moves.addAll(astray(now));
      isMoveDue = false;
      movedAtNanos = System.nanoTime();
    }
    moves.forEach(this::move);
    if (now != knownHomes) {
      // Another instance may store by what it knows a moment longer.
      again = List.copyOf(moves);
      knownHomes = now;
    }
  }

  /** The environment may have moved this account while no instance ran. */
  private void moveMain(Map<Long, Lane> now) {
    Lane home = now.get(Place.MAIN_ACCOUNT);
    if (home != null) {
      tell(progress.ask(() -> store.move(Place.MAIN_ACCOUNT, home)), home);
    }
  }

  /** What is pending in lanes that no account is at home in. */
  private List<Move> astray(Map<Long, Lane> now) {
    Set<Lane> known = Set.copyOf(now.values());
    Set<LaneKind> kinds = known.stream().map(Lane::kind).collect(Collectors.toSet());
    List<Move> moves = new ArrayList<>();
    for (PendingLane pending : progress.ask(store::pendingLanes)) {
      Lane lane = pending.lane();
      if (kinds.contains(lane.kind()) && !known.contains(lane)) {
        for (Long accountId : progress.ask(() -> store.accountsIn(lane))) {
          Lane home = now.get(accountId);
          if (home != null) {
            moves.add(new Move(accountId, lane, home));
          }
        }
      }
    }
    return moves;
  }

  private void move(Move move) {
    tell(progress.ask(() -> store.move(move.accountId(), move.from(), move.to())), move.to());
  }

  private static void tell(int moved, Lane lane) {
    if (moved > 0) {
      LOGGER.info("{} pending events go into the lane {}", moved, lane.code());
    }
  }

  /** Not at each poll, because an instance that runs by another setting moves them back. */
  private boolean isMoveDue(long now) {
    return (!again.isEmpty() || turns.isPendingBeside(Set.copyOf(knownHomes.values())))
        && now - movedAtNanos > POLLS_OF_A_MOVE * config.pollInterval().toNanos();
  }

  /**
   * Lists the lanes once a poll, and when it is not known in which one something may be due;
   * answers whether it did.
   */
  private boolean list() {
    Set<Lane> stored = Set.copyOf(named);
    named.removeAll(stored);
    turns.stored(stored);
    long now = System.nanoTime();
    if (!listNow && now - listedAtNanos < config.pollInterval().toNanos()) {
      return false;
    }
    listNow = false;
    listedAtNanos = now;
    turns.listed(progress.ask(store::pendingLanes));
    isMoveDue = isMoveDue(now);
    return true;
  }

  /** Answers how many events were claimed. */
  private int serve(LaneTurns.Plan plan) {
    if (plan.isEmpty()) {
      return 0;
    }
    List<WebhookEvent> events =
        claim(ClaimRequest.due(owner, plan.shares(), config.lease(), lanes.effectKinds()), plan);
    Map<Lane, Integer> claimed = new HashMap<>();
    events.forEach(event -> claimed.merge(event.lane(), 1, Integer::sum));
    turns.served(plan, claimed);
    return events.size();
  }

  private void settle() {
    progress.ask(
        () -> {
          runner.settle();
          return strays.drop();
        });
  }

  /** An event that was twice lost with its process runs with no other beside it. */
  private void claimAlone() {
    if (running.isIdle()) {
      ClaimRequest alone =
          ClaimRequest.alone(owner, config.lease(), lanes.effectKinds(), lanes.held());
      // Until this one has ended, the next turns only wait for an idle process.
      rescuer.lookedForOneAlone(!claim(alone, NO_PLAN).isEmpty());
    }
  }

  /** One event for each breaker that is open and whose time has come: is it over? */
  private void probe() {
    for (RemoteSystem system : lanes.systems()) {
      if (!system.answers()) {
        lanes.kind(system).ifPresent(kind -> probe(system, kind));
      } else {
        for (RemoteLane lane : system.lanesToProbe()) {
          if (running.freeSlots() > 0 && !lanes.isPaused(new Lane(lane.code()))) {
            lane.takeProbe();
            probe(new Lane(lane.code()));
          }
        }
      }
    }
  }

  /**
   * The lanes of a system that is out are probed in turn: one that alone is answered so must not be
   * the only one that is ever tried.
   */
  private void probe(RemoteSystem system, LaneKind kind) {
    List<Lane> candidates =
        turns.pending(kind).stream()
            .filter(lane -> !lanes.isPaused(lane))
            .filter(lane -> mayBeProbed(system.lane(lane.code())))
            .toList();
    if (candidates.isEmpty() || running.freeSlots() == 0 || !system.takeProbe()) {
      return;
    }
    for (int i = 0; i < Math.min(MOST_TRIES, candidates.size()); i++) {
      Lane lane = candidates.get(Math.floorMod(probes++, candidates.size()));
      system.lane(lane.code()).takeProbe();
      if (probe(lane)) {
        return;
      }
    }
  }

  private static boolean mayBeProbed(RemoteLane lane) {
    return lane.isOwnUp() || lane.isProbeDue();
  }

  private boolean probe(Lane lane) {
    ClaimRequest request = ClaimRequest.probe(owner, lane, config.lease(), lanes.effectKinds());
    return !claim(request, NO_PLAN).isEmpty();
  }

  private List<WebhookEvent> claim(ClaimRequest request, LaneTurns.Plan plan) {
    List<WebhookEvent> claimed =
        pace.time(() -> progress.ask(() -> strays.watch(() -> store.claim(request))));
    List<Workers.Task> ordinary = new ArrayList<>();
    List<Workers.Task> idle = new ArrayList<>();
    try {
      for (WebhookEvent event : claimed) {
        if (plan.idle().contains(event.lane())) {
          idle.add(attempt(running.addIdle(event)));
        } else {
          ordinary.add(attempt(running.add(event)));
        }
      }
    } finally {
      // Also where there is no room for the next: what has a slot must not keep it without end.
      workers.submit(ordinary);
      idleWorkers.submit(idle);
    }
    return claimed;
  }

  private Workers.Task attempt(ClaimedEvents.Entry entry) {
    return turn -> {
      entry.onEnd(turn::end);
      if (stopping) {
        handBack(entry.event());
        entry.release();
      } else {
        var unused = runner.run(entry, () -> stopping, this::wakeForMore);
      }
    };
  }

  /** There is room again. */
  private void wakeForMore() {
    if (isMoreDue || rescuer.isMakingRoom()) {
      waiter.wake();
    }
    if (isMoreDue && 2 * running.freeSlots() >= running.size()) {
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
    idleWorkers.stop();
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
