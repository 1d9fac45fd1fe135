package dev.acuse.intake;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.Arrival;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Ticket;
import dev.acuse.event.Unjudged;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventKey;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.DatabaseGate.OutOfReach;
import dev.acuse.intake.spool.Spool;
import dev.acuse.process.FatalErrors;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores accepted deliveries durably, each once. Deliveries that arrive while one commit is under
 * way go together in the next: one transaction and one sync for many. A lone delivery waits for
 * nobody. Queue and groups are bounded, by number and by bytes: what finds no place in the queue is
 * refused at once, and the provider sends it again.
 *
 * <p>No delivery waits for the database for longer than the patience that began with its arrival:
 * then its group goes to the spool, and all after it do at once until the database stores again. An
 * insert whose outcome is unknown may be in both; its idempotency key makes that one event.
 * Thread-safe.
 */
public final class IntakeWriter implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(IntakeWriter.class);
  private static final int MAX_GROUP = 256;
  private static final Duration COUNT_EVERY = Duration.ofMillis(500);
  private static final long LOOK_UP_MILLIS = 100;
  private static final long STOP_MILLIS = 5_000;

  /** What became of a delivery. */
  public enum Receipt {
    /** It is a new event, and on disk. */
    STORED,
    /** The same delivery is on disk already. */
    DUPLICATE,
    /** The database refused it as it is: its bytes are on disk, as quarantined. */
    QUARANTINED,
    /** The database is out: it is on the spool's disk, and goes to the database later. */
    SPOOLED,
    /** The database takes neither it nor its bytes: it is nowhere. */
    REFUSED
  }

  private record Waiting(Arrival arrival, long arrivedNanos, CompletableFuture<Receipt> receipt) {
    int bytes() {
      return arrival.event().rawPayload().length;
    }
  }

  private final GroupCommit groups;
  private final DatabaseGate gate;
  private final @Nullable Spool spool;
  private final @Nullable SpoolDrainer drainer;
  private final Duration patience;
  private final InstantSource clock;
  private final Histogram groupSize;
  private final DeliveryCounter deliveries;
  private final BlockingQueue<Waiting> queue;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final long maxQueuedBytes;
  private final long maxGroupBytes;
  private final Thread thread = new Thread(this::runUntilStopped, "intake-writer");
  private final Periodic counting;
  private volatile boolean stopping;

  /**
   * @param store by connections of the intake's own
   * @param spool where webhooks go while the database is out; null to refuse them then
   * @param clock the database's time
   * @param metrics told how many deliveries a commit holds
   */
  public IntakeWriter(
      EventStore store,
      @Nullable Spool spool,
      IntakeConfiguration config,
      InstantSource clock,
      MetricRegistry metrics) {
    this(store, spool, config, clock, metrics, LateJudge.NONE);
  }

  /**
   * @param store by connections of the intake's own
   * @param spool where webhooks go while the database is out; null to refuse them then
   * @param clock the database's time
   * @param metrics told how many deliveries a commit holds
   * @param judge of what is spooled unjudged
   */
  public IntakeWriter(
      EventStore store,
      @Nullable Spool spool,
      IntakeConfiguration config,
      InstantSource clock,
      MetricRegistry metrics,
      LateJudge judge) {
    this.groupSize = metrics.histogram("acuse.intake.group");
    this.groups = new GroupCommit(store, new RejectedRow(store, UUID::randomUUID)::keep);
    this.gate = new DatabaseGate(metrics);
    this.spool = spool;
    this.drainer =
        spool == null
            ? null
            : new SpoolDrainer(spool, gate, store, config.groupBytes(), metrics, judge);
    this.patience = config.storePatience();
    this.clock = clock;
    this.deliveries = new DeliveryCounter(store);
    this.counting = new Periodic("delivery-counter", deliveries::flush);
    this.queue = new ArrayBlockingQueue<>(config.queue());
    this.maxQueuedBytes = config.memoryBytes();
    this.maxGroupBytes = config.groupBytes();
  }

  @Override
  public void start() {
    if (drainer != null) {
      drainer.start();
    }
    thread.setDaemon(true);
    thread.start();
    counting.start(COUNT_EVERY, COUNT_EVERY);
  }

  /**
   * Stores a delivery. When the receipt is there, it is on disk.
   *
   * @return fails with {@link ProblemException} if it could not be stored, or may not have been
   */
  public CompletableFuture<Receipt> write(NewEvent event) {
    return write(event, null, null, Duration.ZERO);
  }

  /**
   * As {@link #write(NewEvent)}.
   *
   * @param unjudged what it takes to judge it, if it is to be kept as it came: in the spool,
   *     whether the database is out or not; else null
   * @param ticket by which the books find it again; null if nobody keeps any
   * @param delay how long from now until it is worked on
   */
  CompletableFuture<Receipt> write(
      NewEvent event, @Nullable Unjudged unjudged, @Nullable Ticket ticket, Duration delay) {
    Instant now = clock.instant();
    var arrival = new Arrival(event, now, now.plus(delay), ticket, unjudged);
    var waiting = new Waiting(arrival, System.nanoTime(), new CompletableFuture<>());
    if (stopping || !enqueue(waiting)) {
      waiting.receipt().completeExceptionally(IntakeRefusal.notStored());
    }
    return waiting.receipt();
  }

  private boolean enqueue(Waiting waiting) {
    if (queuedBytes.addAndGet(waiting.bytes()) <= maxQueuedBytes && queue.offer(waiting)) {
      return true;
    }
    queuedBytes.addAndGet(-waiting.bytes());
    return false;
  }

  private void runUntilStopped() {
    List<Waiting> group = new ArrayList<>();
    while (!stopping || !queue.isEmpty()) {
      try {
        take(group);
        if (!group.isEmpty()) {
          settle(group);
        }
      } catch (RuntimeException | Error e) {
        FatalErrors.haltOn(e);
        LOGGER.error("a group of {} webhooks could not be stored", group.size(), e);
        refuse(group);
      }
      group.clear();
    }
  }

  /** The next group; empty if nothing came for a while, so that a stop is noticed. */
  private void take(List<Waiting> group) {
    try {
      Waiting first = queue.poll(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        fill(group, first);
      }
    } catch (InterruptedException e) {
      LOGGER.debug("no thread of ours interrupts this one", e);
    }
  }

  /** This thread is the only one that takes from the queue. */
  private void fill(List<Waiting> group, Waiting first) {
    long bytes = first.bytes();
    group.add(first);
    Waiting next = queue.peek();
    while (next != null && group.size() < MAX_GROUP && bytes + next.bytes() <= maxGroupBytes) {
      bytes += next.bytes();
      group.add(queue.remove());
      next = queue.peek();
    }
    queuedBytes.addAndGet(-bytes);
  }

  /** What is not judged is in no table before it is. */
  private void settle(List<Waiting> group) {
    List<Waiting> unjudged =
        group.stream().filter(one -> one.arrival().unjudged() != null).toList();
    if (unjudged.isEmpty()) {
      store(group);
      return;
    }
    spool(unjudged, unjudged.stream().map(Waiting::arrival).toList());
    List<Waiting> judged = group.stream().filter(one -> one.arrival().unjudged() == null).toList();
    if (!judged.isEmpty()) {
      store(judged);
    }
  }

  private void store(List<Waiting> group) {
    List<Arrival> arrivals = group.stream().map(Waiting::arrival).toList();
    if (gate.isUp() || (!isSpoolInUse() && gate.isWorthATry())) {
      groupSize.update(group.size());
      try {
        Duration left = patience.minusNanos(System.nanoTime() - group.get(0).arrivedNanos());
        answer(group, gate.within(left, () -> groups.commit(arrivals)));
        return;
      } catch (OutOfReach e) {
        LOGGER.debug("{} webhooks go to the spool", group.size(), e);
      }
    }
    spool(group, arrivals);
  }

  /** What is in the spool is how the drainer finds out that the database is back. */
  private boolean isSpoolInUse() {
    return spool != null && spool.state().records() > 0;
  }

  private void spool(List<Waiting> group, List<Arrival> arrivals) {
    if (spool == null) {
      refuse(group);
      return;
    }
    try {
      spool.append(arrivals);
    } catch (IOException e) {
      LOGGER.error("{} webhooks are refused: {}", group.size(), e.toString());
      refuse(group);
      return;
    }
    group.forEach(one -> one.receipt().complete(Receipt.SPOOLED));
  }

  private static void refuse(List<Waiting> group) {
    group.forEach(one -> one.receipt().completeExceptionally(IntakeRefusal.notStored()));
  }

  private void answer(List<Waiting> group, List<Receipt> receipts) {
    for (int i = 0; i < group.size(); i++) {
      NewEvent event = group.get(i).arrival().event();
      Receipt receipt = receipts.get(i);
      if (receipt == Receipt.DUPLICATE) {
        deliveries.count(EventKey.of(event));
      }
      if (receipt == Receipt.REFUSED) {
        group.get(i).receipt().completeExceptionally(IntakeRefusal.notStored());
      } else {
        group.get(i).receipt().complete(receipt);
      }
    }
  }

  /** Takes the spool to the database; empty if there is no spool. */
  public Optional<SpoolDrainer> drainer() {
    return Optional.ofNullable(drainer);
  }

  /** Stores what has been taken in; by now the server takes no more. */
  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    thread.join(STOP_MILLIS);
    if (drainer != null) {
      drainer.stop();
    }
    counting.stop();
    deliveries.flush();
    gate.close();
  }
}
