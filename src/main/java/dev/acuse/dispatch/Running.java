package dev.acuse.dispatch;

import dev.acuse.event.InterruptShield;
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
 * The attempts that run in this process, and the slots they take. An attempt that overstays loses
 * its slot and its lease, so that a handler which hangs blocks nobody. Thread-safe.
 */
final class Running {
  private static final Logger LOGGER = LoggerFactory.getLogger(Running.class);

  private final Semaphore slots;
  private final int size;
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();

  Running(int slots) {
    this.slots = new Semaphore(slots);
    this.size = slots;
  }

  int freeSlots() {
    return slots.availablePermits();
  }

  boolean isIdle() {
    return slots.availablePermits() == size;
  }

  /** Waits until nothing runs, at most so long. */
  boolean awaitIdle(Duration atMost) throws InterruptedException {
    if (!slots.tryAcquire(size, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    slots.release(size);
    return true;
  }

  Collection<Long> eventIds() {
    return entries.keySet();
  }

  /** The events that are being worked on, as claimed. */
  List<WebhookEvent> events() {
    return entries.values().stream().map(entry -> entry.event).toList();
  }

  /** Takes a slot for a claimed event; there must be a free one. */
  Entry add(WebhookEvent event) {
    if (!slots.tryAcquire()) {
      throw new IllegalStateException("no free slot for a claimed event");
    }
    var entry = new Entry(event);
    entries.put(event.id(), entry);
    return entry;
  }

  /** Interrupts what runs longer than it may and gives its slot and lease up. */
  void giveUpOlderThan(Duration limit) {
    for (Entry entry : entries.values()) {
      if (System.nanoTime() - entry.startNanos > limit.toNanos()) {
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

  /** One attempt that runs. */
  final class Entry {
    private final WebhookEvent event;
    private final long startNanos = System.nanoTime();
    private @Nullable InterruptShield thread;
    private boolean released;

    private Entry(WebhookEvent event) {
      this.event = event;
    }

    /** The attempt begins in the current thread. */
    synchronized void begin() {
      thread = InterruptShield.ofThisThread();
    }

    /** The attempt ends: an interrupt that is still on its way must not hit the next one. */
    synchronized void end() {
      thread = null;
    }

    private synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** Gives the slot back, once. */
    synchronized void release() {
      if (!released) {
        released = true;
        // By then the event may be here a second time, under a claim of its own.
        entries.remove(event.id(), this);
        slots.release();
      }
    }
  }
}
