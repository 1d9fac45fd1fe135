package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.EventStore;
import dev.acuse.remote.RemoteSystem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  private final EventStore store;
  private final AttemptRunner runner;
  private final List<RemoteSystem> downstreams;
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
      List<RemoteSystem> downstreams,
      DispatchConfiguration config,
      String owner) {
    this.store = store;
    this.runner = runner;
    this.downstreams = List.copyOf(downstreams);
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
   * One attempt at each event that is due, the most urgent first.
   *
   * @param limit at most so many attempts
   * @return ids of the events that were attempted, one for each attempt
   * @throws org.jdbi.v3.core.JdbiException if the database is out of reach
   */
  public List<Long> runDue(int limit) {
    store.rescueExpired(RESCUES_AT_ONCE);
    List<Long> attempted = new ArrayList<>();
    while (attempted.size() < limit && !stopping && runner.recordsEnds()) {
      List<WebhookEvent> claimed = claim(Math.min(limit - attempted.size(), config.workers()));
      if (claimed.isEmpty()) {
        break;
      }
      claimed.forEach(event -> attempted.add(event.id()));
      run(claimed);
    }
    return attempted;
  }

  private List<WebhookEvent> claim(int limit) {
    Set<String> out = new HashSet<>();
    for (RemoteSystem downstream : downstreams) {
      if (!downstream.isUp()) {
        if (downstream.scope() == RemoteSystem.Scope.EVERY_EVENT) {
          return List.of();
        }
        out.add(downstream.name());
      }
    }
    List<WebhookEvent> claimed = claim(ClaimRequest.due(owner, limit, config.lease(), out));
    return claimed.isEmpty() ? claim(ClaimRequest.alone(owner, config.lease())) : claimed;
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
