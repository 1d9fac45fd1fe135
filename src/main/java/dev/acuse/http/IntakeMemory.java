package dev.acuse.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory requests may hold, in bytes, from the first byte that is read to the answer. It
 * is asked before the memory is used, because a heap that is full breaks more than the request that
 * filled it: a database file that is being written to, for example. Thread-safe.
 *
 * <p>Each kind of request has its own limit: a flood of requests that anybody can send leaves the
 * rest to signed webhooks.
 */
public final class IntakeMemory {
  private final long max;
  private final AtomicLong used = new AtomicLong();
  private final Map<Kind, AtomicLong> usedByKind = new EnumMap<>(Kind.class);

  /** Requests, by what their heads prove. */
  public enum Kind {
    /** A webhook with a secret's signature: may have all of it. */
    PROVEN(1),

    /** A webhook that nothing proves: half of it. */
    UNPROVEN(2),

    /** A request to anything but webhooks: a quarter of it. */
    OTHER(4);

    private final int part;

    Kind(int part) {
      this.part = part;
    }
  }

  /**
   * @param max in bytes, for all requests together
   */
  IntakeMemory(long max) {
    this.max = max;
    for (Kind kind : Kind.values()) {
      usedByKind.put(kind, new AtomicLong());
    }
  }

  /**
   * A part of it that grows with what a request holds, and is given back as a whole. Not
   * thread-safe: a request is read by one thread at a time.
   */
  final class Share {
    private final AtomicLong usedByItsKind;
    private final long maxOfItsKind;
    private long bytes;

    private Share(AtomicLong usedByItsKind, long maxOfItsKind) {
      this.usedByItsKind = usedByItsKind;
      this.maxOfItsKind = maxOfItsKind;
    }

    /**
     * Takes more of it.
     *
     * @return false if there is no room; then nothing is taken
     */
    boolean grow(long more) {
      if (!take(usedByItsKind, more, maxOfItsKind)) {
        return false;
      }
      if (!take(used, more, max)) {
        usedByItsKind.addAndGet(-more);
        return false;
      }
      bytes += more;
      return true;
    }

    /** Gives all of it back. */
    void release() {
      used.addAndGet(-bytes);
      usedByItsKind.addAndGet(-bytes);
      bytes = 0;
    }
  }

  private static boolean take(AtomicLong used, long more, long max) {
    if (used.addAndGet(more) > max) {
      used.addAndGet(-more);
      return false;
    }
    return true;
  }

  /** An empty share for a request of this kind. */
  Share share(Kind kind) {
    return new Share(usedByKind.getOrDefault(kind, used), max / kind.part);
  }

  /** How many bytes are held now. */
  long used() {
    return used.get();
  }
}
