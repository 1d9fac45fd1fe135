package dev.acuse.dispatch;

import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases that a claim has taken whose answer never came: its commit happened, and the connection
 * ended before this process heard of it. They are dropped, so that their events need not wait until
 * the leases run out. Used by one thread, the one that claims.
 */
final class StrayLeases {
  private static final Logger LOGGER = LoggerFactory.getLogger(StrayLeases.class);

  private final EventStore store;
  private final String owner;
  private final Duration lease;
  private boolean suspected;
  private long suspectedAtNanos;

  /**
   * @param owner the process's name in its leases
   * @param lease how long a lease lasts: what a claim has left behind is gone after that
   */
  StrayLeases(EventStore store, String owner, Duration lease) {
    this.store = store;
    this.owner = owner;
    this.lease = lease;
  }

  /** Claims; if that fails, there may be a lease that nothing here knows. */
  List<WebhookEvent> watch(Supplier<List<WebhookEvent>> claim) {
    try {
      return claim.get();
    } catch (RuntimeException e) {
      suspected = true;
      suspectedAtNanos = System.nanoTime();
      throw e;
    }
  }

  /**
   * Drops what a claim that failed has left behind. A commit that the server was still at when its
   * connection ended may come later than the first look, so that it is looked for as long as a
   * lease lasts.
   *
   * @return how many leases that are
   * @throws org.jdbi.v3.core.JdbiException if the database is out
   */
  int drop() {
    if (!suspected) {
      return 0;
    }
    int dropped = store.dropStrayLeases(owner);
    if (dropped > 0) {
      LOGGER.warn("{} leases of claims that were cut off are dropped", dropped);
    }
    suspected = System.nanoTime() - suspectedAtNanos < lease.toNanos();
    return dropped;
  }
}
