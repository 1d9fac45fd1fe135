package dev.acuse.intake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory requests may hold, in bytes, from the first byte that is read to the answer. It
 * is asked before the memory is used, because a heap that is full breaks more than the request that
 * filled it: a database file that is being written to, for example. Thread-safe.
 *
 * <p>What nothing vouches for gets half of it at most: a flood of requests that anybody can send
 * leaves the other half to signed webhooks.
 */
final class IntakeMemory {
  private final long max;
  private final long maxUnverified;
  private final AtomicLong verified = new AtomicLong();
  private final AtomicLong unverified = new AtomicLong();

  /**
   * @param max in bytes, for all requests together
   */
  IntakeMemory(long max) {
    this.max = max;
    this.maxUnverified = max / 2;
  }

  /**
   * A part of it that grows with what a request holds, and is given back as a whole. Not
   * thread-safe: a request is read by one thread at a time.
   */
  final class Share {
    private final boolean isVerified;
    private long bytes;

    private Share(boolean isVerified) {
      this.isVerified = isVerified;
    }

    /**
     * Takes more of it.
     *
     * @return false if there is no room; then nothing is taken
     */
    boolean grow(long more) {
      boolean granted =
          isVerified ? take(verified, more, max) : take(unverified, more, maxUnverified);
      if (granted && verified.get() + unverified.get() > max) {
        giveBack(more);
        return false;
      }
      bytes += granted ? more : 0;
      return granted;
    }

    private void giveBack(long less) {
      (isVerified ? verified : unverified).addAndGet(-less);
    }

    /** Gives all of it back. */
    void release() {
      giveBack(bytes);
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

  /**
   * An empty share.
   *
   * @param isVerified whether a secret vouches for the request
   */
  Share share(boolean isVerified) {
    return new Share(isVerified);
  }

  /** How many bytes are held now. */
  long used() {
    return verified.get() + unverified.get();
  }
}
