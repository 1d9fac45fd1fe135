package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.LookUps.LookUp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Has payments looked up again that a comparison found and that are not right here though they were
 * looked up, because MercadoPago's search may be ahead of its look-up. Each wait is twice as long
 * as the one before it. Thread-safe.
 */
public final class FindingLooks implements DueLooks {
  /** So long the first look-up has to make it right. */
  static final Duration FIRST_WAIT = Duration.ofMinutes(15);

  /** What is not right then never will be by itself. */
  private static final Duration LONGEST = Duration.ofDays(60);

  /** So many are looked at in a turn at most, the latest found first. */
  private static final int BITE = 500;

  private final ReconciliationStore store;
  private final EventReader events;
  private final LookUps lookUps;
  private final InstantSource clock;

  /**
   * @param lookUps makes the events
   * @param clock the database's time
   */
  public FindingLooks(
      ReconciliationStore store, EventReader events, LookUps lookUps, InstantSource clock) {
    this.store = store;
    this.events = events;
    this.lookUps = lookUps;
    this.clock = clock;
  }

  @Override
  public void queue(long accountId) {
    Instant now = clock.instant();
    List<FindingDao.LeftBehind> left =
        store.leftBehind(accountId, now.minus(LONGEST), now.minus(FIRST_WAIT), BITE);
    if (left.isEmpty()) {
      return;
    }
    List<String> ids = left.stream().map(FindingDao.LeftBehind::mpPaymentId).toList();
    Set<String> open =
        events.openResources(Scope.of(accountId), Topic.SOURCE, Topic.PAYMENT.code(), ids);
    lookUps.queue(
        accountId,
        left.stream()
            .filter(one -> !open.contains(one.mpPaymentId()))
            .map(one -> lookUp(one, now))
            .toList());
  }

  /** The number of the wait is part of the reason, so that each makes one event. */
  private static LookUp lookUp(FindingDao.LeftBehind one, Instant now) {
    long waits = Duration.between(one.foundAt(), now).dividedBy(FIRST_WAIT);
    int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(waits);
    return new LookUp(
        Topic.PAYMENT.code(),
        one.mpPaymentId(),
        "left:%d:%d".formatted(one.foundAt().toEpochMilli(), doublings));
  }
}
