package dev.acuse.inbox;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.CallWatch;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import dev.acuse.event.Lease;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Ticket;
import dev.acuse.event.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores events, claims them and ends their attempts; owns its transactions. What is read for a
 * caller is in {@link EventReader}. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class EventStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(EventStore.class);

  /** Clocks of several instances, each measured against the database's, differ by less. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

  /** No code of a lane holds this character: between one and one with this after it is none. */
  private static final String AFTER = "\u0001";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AttemptsAllowed allowed;
  private final SyncFailure syncFailure;
  private final CallWatch calls;
  private final ArrivalJournal journal;
  private final DueSignal due;
  private final EventFollower follower;
  private final OpenLeases leases = new OpenLeases();

  /**
   * A store whose process goes on when the database's disk has failed to sync.
   *
   * @param maxAttempts how often a new event may be tried, whatever its kind; at least 1
   */
  public EventStore(Jdbi jdbi, InstantSource clock, int maxAttempts) {
    this(
        jdbi,
        clock,
        AttemptsAllowed.always(maxAttempts),
        new SyncFailure(() -> {}),
        new CallWatch());
  }

  /**
   * @param jdbi with {@link AcuseJdbiPlugin} installed; need not be able to connect yet
   * @param clock the database's time
   * @param allowed how often a new event may be tried
   * @param syncFailure told when the database's disk fails to sync; no event is stored from then on
   * @param calls knows of each commit and each claim that is under way
   */
  public EventStore(
      Jdbi jdbi,
      InstantSource clock,
      AttemptsAllowed allowed,
      SyncFailure syncFailure,
      CallWatch calls) {
    this(jdbi, clock, allowed, syncFailure, calls, ArrivalJournal.NONE);
  }

  /**
   * A store that writes down beside the database what it stores.
   *
   * @param journal where; nothing is stored that is not there as well
   */
  public EventStore(
      Jdbi jdbi,
      InstantSource clock,
      AttemptsAllowed allowed,
      SyncFailure syncFailure,
      CallWatch calls,
      ArrivalJournal journal) {
    this(jdbi, clock, allowed, syncFailure, calls, journal, new DueSignal(), EventFollower.NONE);
  }

  private EventStore(
      Jdbi jdbi,
      InstantSource clock,
      AttemptsAllowed allowed,
      SyncFailure syncFailure,
      CallWatch calls,
      ArrivalJournal journal,
      DueSignal due,
      EventFollower follower) {
    this.journal = journal;
    this.due = due;
    this.follower = follower;
    this.jdbi = jdbi;
    this.clock = clock;
    this.allowed = allowed;
    this.syncFailure = syncFailure;
    this.calls = calls;
  }

  /** The same store by other connections. */
  public EventStore through(Jdbi connections) {
    return new EventStore(connections, clock, allowed, syncFailure, calls, journal, due, follower);
  }

  /**
   * The same store, whose changes of events that work effects off are followed. To be made before
   * the store claims.
   */
  public EventStore followedBy(EventFollower effects) {
    return new EventStore(jdbi, clock, allowed, syncFailure, calls, journal, due, effects);
  }

  /** Tells that events were stored, or became due. */
  public DueSignal due() {
    return due;
  }

  /**
   * Stores events durably, all in one transaction and with one sync: when this returns, they
   * survive the death of the process and a power cut.
   *
   * @return for each, in order, whether it is new; an event whose key is there already changes
   *     nothing
   * @throws org.jdbi.v3.core.JdbiException if the database refused one of them or is out: then none
   *     is stored, or nobody knows
   */
  public List<Boolean> appendAll(List<Arrival> arrivals) {
    // In the order of their keys, so that two instances with the same duplicates do not deadlock.
    List<Arrival> sorted =
        arrivals.stream()
            .sorted(Comparator.comparing(arrival -> EventKey.of(arrival.event())))
            .toList();
    syncFailure.check();
    ArrivalJournal.Written written = journal.begin(sorted);
    List<Boolean> stored = calls.watch(() -> insert(sorted));
    written.await();
    Set<Lane> lanes = new HashSet<>();
    for (int i = 0; i < sorted.size(); i++) {
      NewEvent event = sorted.get(i).event();
      if (stored.get(i) && event.status() == EventStatus.PENDING) {
        lanes.add(event.place().lane());
      }
    }
    if (!lanes.isEmpty()) {
      due.stored(lanes);
    }
    return inOrderOf(arrivals, sorted, stored);
  }

  private List<Boolean> insert(List<Arrival> arrivals) {
    return jdbi.withHandle(
        handle -> {
          List<Boolean> verdicts = new EventDao(handle).insert(arrivals, allowed);
          // A duplicate may have met a commit that is not synced yet.
          syncFailure.watch(() -> Dialect.of(handle).sync(handle));
          return verdicts;
        });
  }

  /**
   * Inserts as {@link #appendAll} does, and takes it back: no row stays, and neither the journal
   * nor those that wait for events are told. The generator of ids has moved on by one.
   */
  public void rehearse(Arrival arrival) {
    jdbi.useHandle(
        handle -> {
          handle.begin();
          try {
            new EventDao(handle).insert(List.of(arrival), allowed);
          } finally {
            handle.rollback();
          }
        });
  }

  /** Of several with one key the first in the original order is the one that was stored. */
  private static List<Boolean> inOrderOf(
      List<Arrival> arrivals, List<Arrival> sorted, List<Boolean> stored) {
    var verdicts = new IdentityHashMap<Arrival, Boolean>();
    for (int i = 0; i < sorted.size(); i++) {
      verdicts.put(sorted.get(i), stored.get(i));
    }
    return arrivals.stream().map(arrival -> verdicts.getOrDefault(arrival, false)).toList();
  }

  /**
   * Stores one event durably, as {@link #appendAll} does.
   *
   * @param dueAt when to work on it, if it is pending
   * @return false if an event with this key is there already, and nothing was changed
   */
  public boolean append(NewEvent event, Instant dueAt) {
    return appendAll(List.of(new Arrival(event, clock.instant(), dueAt))).get(0);
  }

  /** {@link #append(NewEvent, Instant)} of an event that is due at once. */
  public boolean append(NewEvent event) {
    return append(event, clock.instant());
  }

  /** Whether an event is there that was stored by this ticket, whosever it is by now. */
  public boolean isStored(Ticket ticket) {
    return jdbi.withExtension(
        LedgerDao.class, ledger -> ledger.rowsOf(ticket.run(), ticket.number()) > 0);
  }

  /**
   * Books what came out of the spool without becoming a row; see {@link Ledger#drained}. A part
   * that is drained again, because the database went out in the middle, is booked again.
   */
  public void bookDrained(Collection<Arrival> duplicates, Collection<Arrival> rejects) {
    if (!duplicates.isEmpty() || !rejects.isEmpty()) {
      new Ledger(jdbi, clock).drained(duplicates, rejects);
    }
  }

  /** Whether there is room beside the database for one more webhook that nothing proves. */
  public boolean hasRoomForUnproven() {
    return journal.hasRoomForUnproven();
  }

  /** Counts further deliveries of events that are there already. */
  public void countDeliveries(SortedMap<EventKey, Integer> more) {
    jdbi.useTransaction(handle -> new EventDao(handle).countDeliveries(more, clock.instant()));
  }

  /**
   * Deletes what an account has in quarantine over this budget, the oldest first. What is verified
   * and no account's is in no account's quarantine.
   *
   * @return how many events that were, at most a thousand
   */
  public int trimQuarantine(long accountId, QuarantineBudget budget) {
    Instant cutOff = clock.instant().minus(budget.maxAge());
    return jdbi.inTransaction(
        handle -> new EventDao(handle).trimQuarantine(accountId, budget, cutOff));
  }

  /**
   * Deletes webhooks of an account that nothing proved and that came to nothing, as far as they are
   * over the budget, the oldest first: a stranger can send as many as it likes. The books say where
   * they went.
   *
   * @return how many events that were, at most a thousand
   */
  public int trimHints(long accountId, QuarantineBudget budget) {
    Instant now = clock.instant();
    List<Long> ids =
        jdbi.withHandle(
            handle ->
                new EventQueries(handle).hintsOver(accountId, budget, now.minus(budget.maxAge())));
    if (ids.isEmpty()) {
      return 0;
    }
    List<OperatorDao.Deleted> deleted =
        jdbi.inTransaction(
            handle ->
                new OperatorDao(handle)
                    .purge(
                        ids, now, List.of(EventStatus.IGNORED.code(), EventStatus.FAILED.code())));
    journal.deleted(
        deleted.stream().map(OperatorDao.Deleted::ticket).filter(Objects::nonNull).toList());
    return deleted.size();
  }

  /** Whether a genuine webhook of an account about this resource is there. */
  public boolean isProven(long accountId, String source, String eventType, String resourceId) {
    return jdbi.withHandle(
        handle -> new EventQueries(handle).isProven(accountId, source, eventType, resourceId));
  }

  /** Leases pending events to the caller; each of them to no one else. */
  public List<WebhookEvent> claim(ClaimRequest request) {
    Instant now = clock.instant();
    Instant until = now.plus(request.lease());
    Claimed claimed =
        calls.watch(
            () -> jdbi.withHandle(handle -> Dialect.of(handle).claim(handle, request, now, until)));
    leases.add(claimed, until);
    return claimed.events();
  }

  /** Whether an operator has stopped the claims: then {@link #claim} finds nothing. */
  public boolean isPaused() {
    return jdbi.withHandle(handle -> new OperatorDao(handle).paused()).isPresent();
  }

  /**
   * Mends what was written before the database's clock was set back: an event that was due by the
   * old clock is due now, and a lease by the old clock lasts {@code lease} from now.
   *
   * @return how many events that are
   */
  public int mendFuture(Duration lease) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> new EventDao(handle).mendFuture(now.plus(CLOCK_SKEW), now, now.plus(lease)));
  }

  /**
   * The lanes in which something is pending, by their code. For each it reads a few entries of an
   * index, however many events it holds.
   */
  public List<PendingLane> pendingLanes() {
    Instant now = clock.instant();
    return jdbi.withHandle(handle -> Dialect.of(handle).pendingLanes(handle, now));
  }

  /**
   * Whether an event is due that must run with no other beside it.
   *
   * @param effectKinds the kinds of effects that may be claimed
   * @param heldLanes lanes that nothing is claimed from, by their codes
   */
  public boolean anyDueAlone(Set<String> effectKinds, Set<String> heldLanes) {
    return jdbi.withHandle(
        handle -> new EventQueries(handle).anyDueAlone(effectKinds, heldLanes, clock.instant()));
  }

  /**
   * Makes the owner's leases on these events last {@code lease} from now, and so those on what was
   * claimed together with them. Only what was claimed by this store is renewed.
   *
   * @return whether the owner still holds all of these leases
   */
  public boolean renew(String owner, List<Long> eventIds, Duration lease) {
    Instant now = clock.instant();
    Instant until = now.plus(lease);
    Set<Long> ids = leases.ofEvents(eventIds);
    int renewed = jdbi.withHandle(handle -> new EventDao(handle).renew(owner, ids, until));
    leases.renewed(ids, until, now);
    return renewed == ids.size();
  }

  /**
   * Ends attempts, all in one transaction, and writes the history of those it ended.
   *
   * @return for each, in order, whether it was ended: it was not if its lease was lost, and then
   *     nothing of it was changed
   */
  public List<Boolean> end(List<AttemptEnd> endings) {
    return end(endings, true);
  }

  /**
   * @param areFirst whether none of them can be recorded already, so that what can't be is lost
   */
  private List<Boolean> end(List<AttemptEnd> endings, boolean areFirst) {
    Set<Lease> ends = new HashSet<>();
    endings.forEach(ending -> ends.add(ending.lease()));
    Set<Long> overWith = leases.endingWith(ends);
    List<Boolean> ended =
        calls.watch(
            () -> jdbi.inTransaction(handle -> end(handle, endings, ends, overWith, areFirst)));
    Set<Long> left = leases.end(ends);
    left.removeAll(overWith);
    if (!left.isEmpty()) {
      deleteLeft(left, owners(ends));
    }
    return ended;
  }

  /**
   * Ends attempts that may have been ended before, by a commit whose outcome is not known: whatever
   * cut the connection off told only this side.
   *
   * @return for each, in order, whether it is ended, now or by the commit before; false if its
   *     lease was lost
   */
  public List<Boolean> settle(List<AttemptEnd> endings) {
    List<Boolean> ended = end(endings, false);
    if (!ended.contains(false)) {
      return ended;
    }
    // After the end, which has waited for whatever was still at these events.
    Set<AttemptEnd> before = jdbi.withHandle(handle -> new EventDao(handle).recorded(endings));
    List<Boolean> settled = new ArrayList<>();
    for (int i = 0; i < endings.size(); i++) {
      settled.add(ended.get(i) || before.contains(endings.get(i)));
    }
    List<EffectChange> lost =
        EffectChanges.ofAttempts(endings, settled, true).stream()
            .filter(change -> change.kind() == EffectChange.Kind.LOST)
            .toList();
    if (!lost.isEmpty()) {
      jdbi.useTransaction(handle -> follower.follow(handle, lost, clock.instant()));
    }
    return settled;
  }

  /**
   * Deletes the owner's leases that this store does not know, as after a claim whose outcome is not
   * known: their events are due again. Not while this store claims.
   *
   * @return how many leases that are
   */
  public int dropStrayLeases(String owner) {
    return jdbi.withHandle(handle -> new EventDao(handle).deleteStray(owner, leases.all()));
  }

  /**
   * Deletes leases whose last events ended in several transactions at once: none of these knew that
   * it would be the last.
   */
  private void deleteLeft(Set<Long> leaseIds, Set<String> owners) {
    try {
      jdbi.useHandle(handle -> new EventDao(handle).deleteLeases(leaseIds, owners));
    } catch (JdbiException e) {
      LOGGER.debug("leases that hold nothing stay until they run out", e);
    }
  }

  private static Set<String> owners(Set<Lease> leases) {
    return leases.stream().map(Lease::owner).collect(Collectors.toSet());
  }

  private List<Boolean> end(
      Handle handle,
      List<AttemptEnd> endings,
      Set<Lease> ends,
      Set<Long> overWith,
      boolean areFirst) {
    Instant now = clock.instant();
    var dao = new EventDao(handle);
    Set<Lease> lost = leases.lost(ends, dao.owners(leases.of(ends)));
    if (!overWith.isEmpty()) {
      // Before the events, as whoever rescues them locks the lease before them.
      dao.deleteLeases(overWith, owners(ends));
    }
    Dialect dialect = Dialect.of(handle);
    var held = new IdentityHashMap<AttemptEnd, Boolean>();
    for (AttemptEnd.Kind kind : AttemptEnd.Kind.values()) {
      List<AttemptEnd> some =
          endings.stream()
              .filter(one -> one.next().kind() == kind && !lost.contains(one.lease()))
              .toList();
      List<Boolean> ended = some.isEmpty() ? List.of() : dialect.end(handle, kind, some, now);
      for (int i = 0; i < some.size(); i++) {
        held.put(some.get(i), ended.get(i));
      }
    }
    List<Boolean> verdicts =
        endings.stream().map(ending -> held.getOrDefault(ending, false)).toList();
    new UnhandledEvents(handle).keep(endings, verdicts);
    List<EffectChange> changes = EffectChanges.ofAttempts(endings, verdicts, areFirst);
    follow(handle, changes, now);
    return verdicts;
  }

  /** How a rescue went: events given back, and events ended because they are out of attempts. */
  public record Rescue(int retried, int failed) {}

  /**
   * processing → pending (or failed) for events whose lease has run out: their process is gone.
   * Leaves a "lease expired" attempt for each.
   *
   * @param limit at most so many leases
   */
  public Rescue rescueExpired(int limit) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          List<ExpiredLease> expired = Dialect.of(handle).lockExpired(handle, now, limit);
          var dao = new EventDao(handle);
          List<Long> overWith = new ArrayList<>();
          List<Long> rescued = new ArrayList<>();
          int failed = 0;
          for (ExpiredLease lease : expired) {
            List<Long> ids = dao.lost(lease);
            List<Long> locked = dao.lockLost(lease, ids);
            if (!locked.isEmpty()) {
              dao.insertLeaseExpired(lease, locked, now);
              failed += dao.rescue(locked, now);
              rescued.addAll(locked);
            }
            // If somebody is at one of them, it stays leased until the next rescue.
            if (locked.size() == ids.size()) {
              overWith.add(lease.id());
            }
          }
          if (!overWith.isEmpty()) {
            dao.deleteExpired(overWith);
          }
          if (failed > 0) {
            // Of all leases at once, because effects are locked in the order of their ids.
            follow(handle, new OperatorDao(handle).effectsAmong(rescued, EventStatus.FAILED), now);
          }
          return new Rescue(rescued.size() - failed, failed);
        });
  }

  private void follow(Handle handle, List<EffectChange> changes, Instant now) {
    if (!changes.isEmpty()) {
      follower.follow(handle, changes, now);
    }
  }

  /**
   * Puts what is pending in an account's lanes of the same kind into this lane, as after a change
   * of its location.
   *
   * @return how many events that are
   */
  public int move(long accountId, Lane to) {
    return jdbi.withHandle(handle -> new EventDao(handle).move(accountId, to));
  }

  /**
   * Puts what is pending of an account in one lane into another.
   *
   * @return how many events that are
   */
  public int move(long accountId, Lane from, Lane to) {
    return jdbi.withHandle(handle -> new EventDao(handle).move(accountId, from, to));
  }

  /** The accounts of which something is pending in a lane, by their ids. */
  public List<Long> accountsIn(Lane lane) {
    return jdbi.withHandle(handle -> new EventQueries(handle).accountsIn(lane));
  }

  /** The seller that an account's delivery has named; null if it named none, or is not there. */
  public @Nullable String sellerOf(long accountId, long eventId) {
    return jdbi.withHandle(handle -> new EventQueries(handle).sellerOf(accountId, eventId));
  }

  /**
   * Makes due at once what waits in a lane for an outage to end.
   *
   * @return how many events that are
   */
  public int release(Lane lane) {
    return release(lane.code(), lane.code() + AFTER);
  }

  /** {@link #release(Lane)} of all lanes of a kind. */
  public int release(LaneKind kind) {
    return release(kind.first(), kind.end());
  }

  private int release(String first, String end) {
    return jdbi.withHandle(handle -> new EventDao(handle).release(first, end, clock.instant()));
  }
}
