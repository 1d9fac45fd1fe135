package dev.acuse.dispatch;

import dev.acuse.event.Lane;
import dev.acuse.event.WebhookEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claimed events of this process. An event has a slot from its claim to the end of its attempt;
 * a few may be claimed ahead of a slot, and get the next that is given back. A few slots more are
 * kept for lanes in which nothing runs. After its end the attempt waits to be recorded: so those
 * who work need not wait for a commit. Both together are never more than twice the slots, and a
 * process that dies has not done more than that in vain. An attempt that overstays loses its slot
 * and its lease, so that a handler which hangs blocks nobody. Thread-safe.
 */
final class ClaimedEvents implements LaneTurns.Room {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClaimedEvents.class);

  private final Semaphore slots;
  private final Semaphore idleSlots;
  private final Semaphore leases;
  private final int size;
  private final int idleSize;
  private final int mostAhead;
  private final int mostLeases;
  private final Map<Lane, Integer> running = new ConcurrentHashMap<>();
  private final Map<Lane, Integer> ended = new ConcurrentHashMap<>();
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();

  /** Without slots for lanes in which nothing runs. */
  ClaimedEvents(int slots) {
    this(slots, 0);
  }

  /**
   * @param idleSlots how many more there are for lanes in which nothing runs
   */
  ClaimedEvents(int slots, int idleSlots) {
    this.mostAhead = slots / 2;
    this.mostLeases = 2 * (slots + idleSlots);
    this.slots = new Semaphore(slots + mostAhead);
    this.idleSlots = new Semaphore(idleSlots);
    this.leases = new Semaphore(mostLeases);
    this.size = slots;
    this.idleSize = idleSlots;
  }

  /** How many events may be claimed whose attempts begin at once. */
  int freeSlots() {
    return room(0);
  }

  /**
   * How many events may be claimed, beside those that {@link #idleRoom} tells of: so many leases
   * are kept for these.
   *
   * @param ahead how many of them may wait for a slot; at most half as many as there are slots
   */
  @Override
  public int room(int ahead) {
    int free = slots.availablePermits() - mostAhead + Math.min(ahead, mostAhead);
    return Math.max(0, Math.min(free, leases.availablePermits() - idleSize));
  }

  @Override
  public int idleRoom() {
    return Math.min(idleSlots.availablePermits(), leases.availablePermits());
  }

  @Override
  public int running(Lane lane) {
    return running.getOrDefault(lane, 0);
  }

  @Override
  public int takeEnded(Lane lane) {
    Integer number = ended.remove(lane);
    return number == null ? 0 : number;
  }

  @Override
  public int size() {
    return size;
  }

  /** Whether nothing runs, and nothing waits to be recorded. */
  boolean isIdle() {
    return leases.availablePermits() == mostLeases;
  }

  /** Waits until nothing runs or waits to be recorded, at most so long. */
  boolean awaitIdle(Duration atMost) throws InterruptedException {
    if (!leases.tryAcquire(mostLeases, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    leases.release(mostLeases);
    return true;
  }

  Collection<Long> eventIds() {
    return entries.keySet();
  }

  /** The events whose leases are held, as claimed. */
  List<WebhookEvent> events() {
    return entries.values().stream().map(entry -> entry.event).toList();
  }

  /** Takes a slot for a claimed event, or the next; there must be {@link #room}. */
  Entry add(WebhookEvent event) {
    return add(event, slots);
  }

  /** Takes a slot that is kept for lanes in which nothing runs; there must be one. */
  Entry addIdle(WebhookEvent event) {
    return add(event, idleSlots);
  }

  private Entry add(WebhookEvent event, Semaphore from) {
    if (!from.tryAcquire()) {
      throw new IllegalStateException("no free slot for a claimed event");
    }
    if (!leases.tryAcquire()) {
      from.release();
      throw new IllegalStateException("too many claimed events");
    }
    var entry = new Entry(event, from);
    running.merge(event.lane(), 1, Integer::sum);
    entries.put(event.id(), entry);
    return entry;
  }

  /** Interrupts what runs longer than it may and gives its slot and lease up. */
  void giveUpOlderThan(Duration limit) {
    for (Entry entry : entries.values()) {
      if (entry.isOlderThan(limit)) {
        LOGGER.error(
            "event {} is worked on for more than {}; giving it up", entry.event.id(), limit);
        entry.interrupt();
        entry.release();
      }
    }
  }

  /** Interrupts everything that runs. */
  void interruptAll() {
    entries.values().forEach(Entry::interrupt);
  }

  /** One attempt. */
  final class Entry {
    private final WebhookEvent event;
    private final Semaphore slotsOf;
    private @Nullable Long startNanos;
    private @Nullable Thread thread;
    private Runnable onEnd = () -> {};
    private boolean hasSlot = true;
    private boolean hasLease = true;

    private Entry(WebhookEvent event, Semaphore slotsOf) {
      this.event = event;
      this.slotsOf = slotsOf;
    }

    /** As claimed. */
    WebhookEvent event() {
      return event;
    }

    /**
     * Before the attempt begins.
     *
     * @param toBeTold when the slot is given back
     */
    synchronized void onEnd(Runnable toBeTold) {
      onEnd = toBeTold;
    }

    /** The attempt begins in the current thread, and runs until {@link #end}. */
    synchronized void begin() {
      startNanos = System.nanoTime();
      thread = Thread.currentThread();
    }

    private synchronized boolean isOlderThan(Duration limit) {
      return startNanos != null && System.nanoTime() - startNanos > limit.toNanos();
    }

    /**
     * The attempt has ended and gives its slot back; it is still to be recorded. An interrupt that
     * is on its way must not hit the next one in this thread.
     */
    synchronized void end() {
      thread = null;
      startNanos = null;
      giveSlotBack();
    }

    private synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** The end is recorded, or never will be. */
    synchronized void release() {
      giveSlotBack();
      if (hasLease) {
        hasLease = false;
        // By then the event may be here a second time, under a claim of its own.
        entries.remove(event.id(), this);
        leases.release();
      }
    }

    private void giveSlotBack() {
      if (hasSlot) {
        hasSlot = false;
        running.computeIfPresent(event.lane(), (lane, number) -> number == 1 ? null : number - 1);
        ended.merge(event.lane(), 1, Integer::sum);
        slotsOf.release();
        onEnd.run();
      }
    }
  }
}
