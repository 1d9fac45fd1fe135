package dev.acuse.database.h2;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Where every statement of this process on its H2 file has to pass. While it is closed the database
 * counts as out: webhooks go to the spool, and nothing changes in the file. Thread-safe.
 */
public final class H2Gate {
  private boolean closed;
  private int inside;

  /** One more connection is wanted. */
  synchronized void enter() throws SQLException {
    if (closed) {
      throw new SQLNonTransientConnectionException(
          "the inbox is being moved to another database: nothing is read or written here", "08003");
    }
    inside++;
  }

  /** One has come back. */
  synchronized void leave() {
    inside--;
    notifyAll();
  }

  /**
   * Lets none pass any more, and waits for those that have.
   *
   * @return false if some stay for longer than that; then it is open again
   */
  public synchronized boolean close(Duration patience) throws InterruptedException {
    closed = true;
    long end = System.nanoTime() + patience.toNanos();
    while (inside > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        closed = false;
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Lets all pass again. */
  public synchronized void open() {
    closed = false;
  }
}
