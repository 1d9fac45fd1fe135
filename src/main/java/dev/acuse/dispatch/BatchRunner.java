package dev.acuse.dispatch;

import dev.acuse.event.Lane;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Works off what is due now, up to a limit, and comes back: for a command that is run by a
 * scheduler of the operating system, beside other processes or instead of them. Not thread-safe.
 */
public final class BatchRunner implements AutoCloseable {
  private static final int RESCUES_AT_ONCE = 100;

  /** A lane whose rate has no room for so long, as when a day's calls are used up, is left. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final EventStore store;
  private final AttemptRunner runner;
  private final Lanes lanes;
  private final DispatchConfiguration config;
  private final String owner;
  private final ClaimedEvents running;
  private final LeaseKeeper leaseKeeper;
  private final ExecutorService workers;
  private final StrayLeases strays;
  private volatile boolean stopping;

  /**
   * @param owner names this process in leases and attempts; no other process may have the same
   */
  public BatchRunner(
      EventStore store,
      AttemptRunner runner,
      Lanes lanes,
      DispatchConfiguration config,
      String owner) {
    this.store = store;
    this.runner = runner;
    this.lanes = lanes;
    this.config = config;
    this.owner = owner;
    this.running = new ClaimedEvents(config.workers());
    this.leaseKeeper =
        new LeaseKeeper(store, running, owner, config.lease(), config.attemptTimeout());
    this.strays = new StrayLeases(store, owner, config.lease());
    this.workers = Executors.newFixedThreadPool(config.workers());
    leaseKeeper.start();
  }

  /**
   * One attempt at each event that is due, of the lanes in turn, and in each the most urgent first.
   * Where nothing but a lane's rate holds its events back, it is waited for.
   *
   * @param limit at most so many attempts
   * @return ids of the events that were attempted, one for each attempt
   * @throws org.jdbi.v3.core.JdbiException if the database is out of reach
   */
  public List<Long> runDue(int limit) {
    store.rescueExpired(RESCUES_AT_ONCE);
    List<Long> attempted = new ArrayList<>();
    var turns = new LaneTurns(lanes);
    while (attempted.size() < limit && !stopping && runner.recordsEnds()) {
      // Each time, because an attempt may have stored events in a lane that had none.
      turns.listed(store.pendingLanes());
      List<WebhookEvent> claimed = claim(turns, limit - attempted.size());
      if (claimed.isEmpty()) {
        break;
      }
      claimed.forEach(event -> attempted.add(event.id()));
      run(claimed);
    }
    return attempted;
  }

  /** Empty if nothing is due any more that may be claimed. */
  private List<WebhookEvent> claim(LaneTurns turns, int limit) {
    while (turns.isMoreDue() && !stopping) {
      LaneTurns.Plan plan = turns.plan(running).upTo(limit);
      if (plan.isEmpty()) {
        Duration wait = turns.untilRoom(LONGEST_WAIT);
        if (wait.compareTo(LONGEST_WAIT) >= 0) {
          break;
        }
        await(wait);
      } else {
        List<WebhookEvent> claimed =
            claim(ClaimRequest.due(owner, plan.shares(), config.lease(), lanes.effectKinds()));
        Map<Lane, Integer> numbers = new HashMap<>();
        claimed.forEach(event -> numbers.merge(event.lane(), 1, Integer::sum));
        turns.served(plan, numbers);
        if (!claimed.isEmpty()) {
          return claimed;
        }
      }
    }
    return claim(ClaimRequest.alone(owner, config.lease(), lanes.effectKinds(), lanes.held()));
  }

  private void await(Duration wait) {
    try {
      new Waiter().await(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private List<WebhookEvent> claim(ClaimRequest request) {
    strays.drop();
    return strays.watch(() -> store.claim(request));
  }

  private void run(List<WebhookEvent> claimed) {
    var all =
        CompletableFuture.allOf(
            claimed.stream().map(this::attempt).toArray(CompletableFuture<?>[]::new));
    while (!all.isDone()) {
      awaitOrSettle(all);
    }
  }

  private void awaitOrSettle(CompletableFuture<?> all) {
    try {
      all.get(config.pollInterval().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      runner.settle();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  // The inner stage, the recording, is waited for as well.
  @SuppressWarnings("FutureReturnValueIgnored")
  private CompletableFuture<?> attempt(WebhookEvent event) {
    ClaimedEvents.Entry entry = running.add(event);
    return CompletableFuture.supplyAsync(() -> runner.run(entry, () -> stopping, () -> {}), workers)
        .thenCompose(recorded -> recorded);
  }

  /** Hands back what still runs. */
  @Override
  public void close() {
    stopping = true;
    runner.settleForTheLastTime();
    running.interruptAll();
    try {
      running.awaitIdle(config.shutdownGracePeriod());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.shutdownNow();
    leaseKeeper.stop();
  }
}
