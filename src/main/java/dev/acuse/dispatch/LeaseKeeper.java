package dev.acuse.dispatch;

import dev.acuse.inbox.EventStore;
import dev.acuse.process.Periodic;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of what runs here, six times within a lease, so that a slow machine loses none.
 * Stops after the workers do: leases stay alive while they finish.
 */
final class LeaseKeeper {
  private static final Logger LOGGER = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final int RENEWALS_PER_LEASE = 6;

  private final EventStore store;
  private final ClaimedEvents running;
  private final String owner;
  private final Duration lease;
  private final Duration attemptTimeout;
  private final Periodic ticks = new Periodic("lease-keeper", this::tick);

  LeaseKeeper(
      EventStore store,
      ClaimedEvents running,
      String owner,
      Duration lease,
      Duration attemptTimeout) {
    this.store = store;
    this.running = running;
    this.owner = owner;
    this.lease = lease;
    this.attemptTimeout = attemptTimeout;
  }

  void start() {
    Duration period = lease.dividedBy(RENEWALS_PER_LEASE);
    ticks.start(period, period);
  }

  /** One renewal; never throws, or the scheduler would drop it. */
  void tick() {
    try {
      running.giveUpOlderThan(attemptTimeout);
      renew();
    } catch (RuntimeException e) {
      LOGGER.warn("leases could not be renewed; trying again", e);
    }
  }

  private void renew() {
    List<Long> ids = List.copyOf(running.eventIds());
    if (ids.isEmpty()) {
      return;
    }
    if (!store.renew(owner, ids, lease)) {
      // Most are attempts that finished meanwhile; a lost lease shows again when its attempt ends.
      LOGGER.debug("some leases of {} events could not be renewed", ids.size());
    }
  }

  void stop() {
    ticks.interrupt();
  }
}
