package dev.acuse.database.h2;

import org.jspecify.annotations.Nullable;

/**
 * Keeps an interrupt away from a thread while it uses an H2 file, and delivers it afterwards: a
 * thread that is interrupted while it writes has its channel closed ({@link
 * java.nio.channels.InterruptibleChannel}), and H2 then closes the whole database. Whoever
 * interrupts such threads does it by their shield.
 */
public final class InterruptShield {
  private static final ThreadLocal<@Nullable InterruptShield> SHIELDS = new ThreadLocal<>();

  private final Thread thread = Thread.currentThread();
  private int uses;
  private boolean pending;

  private InterruptShield() {}

  /** The shield of the current thread. */
  public static InterruptShield ofThisThread() {
    InterruptShield shield = SHIELDS.get();
    if (shield == null) {
      shield = new InterruptShield();
      SHIELDS.set(shield);
    }
    return shield;
  }

  /** Interrupts the thread now, or as soon as it does not use the file. */
  public synchronized void interrupt() {
    if (uses > 0) {
      pending = true;
    } else {
      thread.interrupt();
    }
  }

  /** This thread begins to use the file; {@link #leave} follows. */
  public synchronized void enter() {
    uses++;
    // It may have been interrupted before, and not have looked yet.
    pending = Thread.interrupted() || pending;
  }

  /** This thread has ended a use of the file. */
  public synchronized void leave() {
    uses--;
    if (uses == 0 && pending) {
      pending = false;
      thread.interrupt();
    }
  }
}
