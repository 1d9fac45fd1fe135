package dev.acuse.intake;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.EventStore;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores accepted deliveries durably, each once, and tells the dispatcher. Deliveries that arrive
 * while one commit is under way go together in the next: one transaction and one sync for many. A
 * lone delivery waits for nobody. The queue is bounded: beyond it a delivery is refused at once,
 * and the provider sends it again. Thread-safe.
 */
public final class IntakeWriter implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(IntakeWriter.class);
  private static final int MAX_GROUP = 256;
  private static final long COUNT_EVERY_MILLIS = 500;
  private static final long LOOK_UP_MILLIS = 100;
  private static final long STOP_MILLIS = 5_000;

  /** What became of a delivery. */
  public enum Receipt {
    /** It is a new event, and on disk. */
    STORED,
    /** The same delivery is on disk already. */
    DUPLICATE,
    /** The database refused it as it is: its bytes are on disk, as quarantined. */
    QUARANTINED
  }

  private record Waiting(Arrival arrival, CompletableFuture<Receipt> receipt) {}

  private final GroupCommit groups;
  private final HintRate hints;
  private final InstantSource clock;
  private final Runnable onStored;
  private final Histogram groupSize;
  private final DeliveryCounter deliveries;
  private final BlockingQueue<Waiting> queue;
  private final Thread thread = new Thread(this::runUntilStopped, "intake-writer");
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var counter = new Thread(task, "delivery-counter");
            counter.setDaemon(true);
            return counter;
          });
  private volatile boolean stopping;

  /**
   * @param store by connections of the intake's own
   * @param clock the database's time
   * @param onStored told of new pending events; must not block
   * @param metrics told how many deliveries a commit holds
   */
  public IntakeWriter(
      EventStore store,
      IntakeConfiguration config,
      InstantSource clock,
      Runnable onStored,
      MetricRegistry metrics) {
    this.groupSize = metrics.histogram("acuse.intake.group");
    this.groups = new GroupCommit(store, UUID::randomUUID);
    this.hints = new HintRate(config.hintsPerSecond());
    this.clock = clock;
    this.onStored = onStored;
    this.deliveries = new DeliveryCounter(store);
    this.queue = new ArrayBlockingQueue<>(config.queue());
  }

  @Override
  public void start() {
    thread.setDaemon(true);
    thread.start();
    var unused =
        scheduler.scheduleWithFixedDelay(
            deliveries::flush, COUNT_EVERY_MILLIS, COUNT_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Stores a delivery. When the receipt is there, it is on disk.
   *
   * @return fails with {@link IntakeRefusal} if it could not be stored, or may not have been
   */
  public CompletableFuture<Receipt> write(NewEvent event) {
    var waiting = new Waiting(arrival(event), new CompletableFuture<>());
    if (stopping || !queue.offer(waiting)) {
      waiting.receipt().completeExceptionally(IntakeRefusal.notStored());
    }
    return waiting.receipt();
  }

  private Arrival arrival(NewEvent event) {
    Instant now = clock.instant();
    boolean isHint = event.signature() == SignatureState.UNVERIFIABLE;
    return new Arrival(event, now, now.plus(isHint ? hints.reserve() : Duration.ZERO));
  }

  private void runUntilStopped() {
    List<Waiting> group = new ArrayList<>();
    while (!stopping || !queue.isEmpty()) {
      try {
        take(group);
        if (!group.isEmpty()) {
          commit(group);
        }
      } catch (RuntimeException | Error e) {
        LOGGER.error("a group of {} webhooks could not be stored; answering 503", group.size(), e);
        group.forEach(one -> one.receipt().completeExceptionally(IntakeRefusal.notStored()));
      }
      group.clear();
    }
  }

  /** The next group; empty if nothing came for a while, so that a stop is noticed. */
  private void take(List<Waiting> group) {
    try {
      Waiting first = queue.poll(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        group.add(first);
        queue.drainTo(group, MAX_GROUP - 1);
      }
    } catch (InterruptedException e) {
      LOGGER.debug("nobody interrupts this thread: H2 would close its file", e);
    }
  }

  private void commit(List<Waiting> group) {
    groupSize.update(group.size());
    List<Receipt> receipts = groups.commit(group.stream().map(Waiting::arrival).toList());
    boolean anyPending = false;
    for (int i = 0; i < group.size(); i++) {
      NewEvent event = group.get(i).arrival().event();
      Receipt receipt = receipts.get(i);
      if (receipt == Receipt.DUPLICATE) {
        deliveries.count(event.webhookId());
      }
      anyPending |= receipt == Receipt.STORED && event.status() == EventStatus.PENDING;
      group.get(i).receipt().complete(receipt);
    }
    if (anyPending) {
      onStored.run();
    }
  }

  /** Stores what has been taken in; by now the server takes no more. */
  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    thread.join(STOP_MILLIS);
    scheduler.shutdown();
    deliveries.flush();
  }
}
