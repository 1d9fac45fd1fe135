package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.mercadopago.reconciliation.Reconciler.Requested;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Cause;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Lease;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.LeaseLostException;
import dev.acuse.payment.state.MomentOrder;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MercadoPago what changed for one account. Of several instances one at a time, and in each
 * one thread at a time; what is requested may come from any.
 *
 * <p>A window that was begun is compared to its end before the next: what a death or an outage cut
 * off is taken up where it was. The next scheduled window begins at the newest change that a
 * finished one has seen, less an overlap. A window that cannot be compared though MercadoPago
 * answers is set aside after some tries: what it leaves is a gap, which is told of until a window
 * that holds it is through. The next windows begin behind it, and it is tried again once an hour.
 */
public final class AccountReconciler {
  private static final Logger LOGGER = LoggerFactory.getLogger(AccountReconciler.class);

  private static final String NOT_COMPARED = "%s were not compared: %s";
  private static final String MERCHANT_ORDERS = "merchant orders";
  private static final String ONLINE_ORDERS = "orders";

  /**
   * After so many failures in a row, each while MercadoPago answered another search, it is the
   * window itself that cannot be compared. With the pauses between them that takes half a minute.
   */
  static final int MOST_FAILURES = 5;

  /**
   * So often a window may be taken up without coming further, ends of the process included: more
   * than by failures alone, because a process may also die of something else.
   */
  static final int MOST_TAKE_UPS = 10;

  /** So long a window that was set aside is left alone. */
  static final Duration LEFT_ALONE = Duration.ofHours(1);

  /** So far MercadoPago's clock may be ahead of ours without a change being seen a run later. */
  private static final Duration AHEAD = Duration.ofHours(24);

  private final long accountId;
  private final Accounts accounts;
  private final ReconciliationStore store;
  private final WindowPass pass;
  private final DueLooks looks;
  private final ReconciliationConfiguration config;
  private final InstantSource clock;
  private final String owner;
  private final Map<Long, CompletableFuture<ReconciliationRun>> waiting = new ConcurrentHashMap<>();
  private boolean first = true;

  /** What a turn came to. */
  enum End {
    /** All is through. */
    THROUGH,
    /** Another account waits: it goes on after those that are due. */
    GAVE_WAY,
    /** It could not go on, and is to be tried again. */
    LATER
  }

  /**
   * @param looks what is to be looked at again
   * @param clock the database's time
   * @param owner names this process in the lease
   */
  AccountReconciler(
      long accountId,
      Accounts accounts,
      ReconciliationStore store,
      WindowPass pass,
      DueLooks looks,
      ReconciliationConfiguration config,
      InstantSource clock,
      String owner) {
    this.accountId = accountId;
    this.accounts = accounts;
    this.store = store;
    this.pass = pass;
    this.looks = looks;
    this.config = config;
    this.clock = clock;
    this.owner = owner;
  }

  /** Whose payments are compared. */
  long accountId() {
    return accountId;
  }

  private String name() {
    return accounts.current().byId(accountId).map(Account::name).orElse("an account");
  }

  /**
   * Writes a window down that is to be compared. It never moves the watermark.
   *
   * @param from where it begins; null for where the next scheduled one would
   * @param to where it ends; null for now
   * @param dryRun only count
   * @throws ReconciliationWindow.InvalidException if there can be nothing in it
   */
  public Requested request(
      @Nullable Instant from, @Nullable Instant to, boolean dryRun, String by) {
    Instant now = clock.instant();
    var window =
        ReconciliationWindow.requested(
            from == null ? nextWindowBegins() : from, to == null ? now.plus(AHEAD) : to, now);
    ReconciliationRun run = store.add(accountId, Cause.MANUAL, window, dryRun, by);
    var end = new CompletableFuture<ReconciliationRun>();
    waiting.put(run.id(), end);
    return new Requested(run, end);
  }

  private Instant nextWindowBegins() {
    ReconciliationReader.State state = store.state(accountId, config.lookback());
    Instant begin = state.doneAt() == null ? state.watermark() : state.watermark().minus(overlap());
    // What was set aside would stop each window that it is part of.
    Instant gapEnds = store.lastGapEnds(accountId).orElse(begin);
    begin = begin.isBefore(gapEnds) ? gapEnds : begin;
    Instant oldest = clock.instant().minus(ReconciliationWindow.REACH).plusSeconds(1);
    return begin.isBefore(oldest) ? oldest : begin;
  }

  /** Not less than the dates of a search may be off. */
  private Duration overlap() {
    return config.overlap().compareTo(MomentOrder.OF_TWO) < 0
        ? MomentOrder.OF_TWO
        : config.overlap();
  }

  /**
   * Compares what is unfinished, then the next window, however long it takes.
   *
   * @param scheduled whether a new window is to be opened
   * @return whether all is through; if not, it is to be tried again
   */
  public boolean cycle(boolean scheduled) {
    return turn(scheduled, Turn.endless()) == End.THROUGH;
  }

  /** The same, as far as it comes in a turn. */
  End turn(boolean scheduled, Turn turn) {
    var unused = store.state(accountId, config.lookback());
    Optional<Lease> lease = store.takeLease(accountId, owner, config.lease());
    if (lease.isEmpty()) {
      return End.LATER;
    }
    try {
      // First, because a window that cannot be compared must not put these off.
      queueLooks();
      if (windows(lease.get(), scheduled, turn)) {
        return End.THROUGH;
      }
      return turn.gaveWay() ? End.GAVE_WAY : End.LATER;
    } finally {
      store.release(lease.get());
    }
  }

  /** Nor must these put off the comparison. */
  private void queueLooks() {
    try {
      looks.queue(accountId);
    } catch (RuntimeException e) {
      DatabaseTrouble.logRepeated(LOGGER, "what is due is looked at again later", e);
    }
  }

  /** Whether all are through. */
  private boolean windows(Lease lease, boolean scheduled, Turn turn) {
    if (!unfinished(lease, turn)) {
      return false;
    }
    if (!scheduled) {
      return true;
    }
    // What was unfinished may have been the window of just now, which gave way.
    if (isDue(store.state(accountId, config.lookback()).doneAt())) {
      if (turn.isOver()) {
        return false;
      }
      Instant end = clock.instant().plus(AHEAD);
      store.add(
          accountId,
          Cause.SCHEDULE,
          new ReconciliationWindow(nextWindowBegins(), end),
          false,
          null);
      first = false;
      if (!unfinished(lease, turn)) {
        return false;
      }
    }
    if (turn.isOver()) {
      return false;
    }
    return !store.takeUpSetAside(lease, config.lease(), LEFT_ALONE, MOST_FAILURES - 1)
        || unfinished(lease, turn);
  }

  /** Another instance may have been here; after a start we look all the same. */
  private boolean isDue(@Nullable Instant doneAt) {
    return first
        || doneAt == null
        || doneAt.plus(config.every().dividedBy(2)).isBefore(clock.instant());
  }

  private boolean unfinished(Lease lease, Turn turn) {
    Optional<ReconciliationRun> run = store.unfinished(accountId);
    while (run.isPresent()) {
      if (turn.isOver() || !carryOut(lease, run.get(), turn)) {
        return false;
      }
      run = store.unfinished(accountId);
    }
    return true;
  }

  /** Whether it is through, one way or the other. */
  private boolean carryOut(Lease lease, ReconciliationRun waitingRun, Turn turn) {
    Account account = accounts.current().byId(accountId).orElseThrow();
    ReconciliationRun run = store.begin(lease, config.lease(), waitingRun);
    if (run.tries() > MOST_TAKE_UPS) {
      giveUp(lease, run, "it was taken up %d times in vain".formatted(run.tries() - 1));
      return true;
    }
    try {
      if (run.tries() > 1) {
        pass.probe(account, clock.instant());
      }
    } catch (RemoteException e) {
      // Nothing is answered at all: that says nothing of this window.
      return suspend(lease, run, e.getMessage());
    }
    try {
      if (!compare(account, lease, run, turn)) {
        return turn.gaveWay() ? giveWay(lease, run) : suspend(lease, run, null);
      }
    } catch (RemoteException e) {
      return failed(lease, run, e);
    } catch (RuntimeException e) {
      if (!(e instanceof LeaseLostException) && !DatabaseTrouble.isOutage(e)) {
        failed(lease, run, "a failure of Acuse itself, " + e.getClass().getSimpleName());
      }
      throw e;
    }
    ended(run.id());
    return true;
  }

  private boolean failed(Lease lease, ReconciliationRun run, RemoteException e) {
    RemoteException.Diagnosis diagnosis = e.diagnosis();
    if (diagnosis == RemoteException.Diagnosis.NOT_ASKED
        || diagnosis == RemoteException.Diagnosis.NO_TOKEN) {
      return suspend(lease, run, e.getMessage());
    }
    boolean isAnswered =
        diagnosis == RemoteException.Diagnosis.ANSWERED
            || e instanceof RemoteException.NotUnderstood;
    if (run.cause() == Cause.MANUAL && isAnswered) {
      // It would stand in the way of all others.
      store.fail(lease, config.lease(), run.id(), String.valueOf(e.getMessage()));
      ended(run.id());
      return true;
    }
    return failed(lease, run, String.valueOf(e.getMessage()));
  }

  /** A failure that counts; whether the run is given up. */
  private boolean failed(Lease lease, ReconciliationRun run, String reason) {
    ReconciliationRun now = store.find(accountId, run.id()).orElseThrow();
    int tries = Math.max(1, now.tries());
    if (tries >= MOST_FAILURES) {
      giveUp(lease, now, reason);
      return true;
    }
    LOGGER.warn("reconciliation {} of {} waits at {}: {}", now.id(), name(), now.reached(), reason);
    store.suspend(lease, config.lease(), now.id(), reason, tries);
    return false;
  }

  /** To be taken up again; what it was taken up for this time does not count. */
  private boolean suspend(Lease lease, ReconciliationRun run, @Nullable String error) {
    store.suspend(lease, config.lease(), run.id(), error, triesWithout(run));
    return false;
  }

  /** The same, and the next turn is no resumption. */
  private boolean giveWay(Lease lease, ReconciliationRun run) {
    store.giveWay(lease, config.lease(), run.id(), triesWithout(run));
    return false;
  }

  private int triesWithout(ReconciliationRun run) {
    return Math.min(run.tries() - 1, store.find(accountId, run.id()).orElseThrow().tries());
  }

  /** What cannot be compared must not stop what comes after it for ever. */
  private void giveUp(Lease lease, ReconciliationRun run, String reason) {
    if (!run.reached().isBefore(run.to())) {
      // Payments are what counts, and they are through.
      store.finish(lease, config.lease(), run.id(), NOT_COMPARED.formatted(missing(run), reason));
    } else if (run.cause() == Cause.MANUAL) {
      store.fail(lease, config.lease(), run.id(), reason);
    } else {
      store.setAside(lease, config.lease(), run.id(), reason);
      LOGGER.error(
          "reconciliation {} of {} is set aside, and what changed from {} on is not compared: {}",
          run.id(),
          name(),
          run.reached(),
          reason);
    }
    ended(run.id());
  }

  /** Which orders a run has not compared whose payments are through. */
  private String missing(ReconciliationRun run) {
    if (!run.orders().reached().isBefore(run.to())) {
      return ONLINE_ORDERS;
    }
    return pass.hasOnlineOrders(accountId)
        ? MERCHANT_ORDERS + " and " + ONLINE_ORDERS
        : MERCHANT_ORDERS;
  }

  /**
   * Compares the window to its end; false if the turn is over before.
   *
   * @throws RemoteException if payments can't be compared, or orders not now
   */
  private boolean compare(Account account, Lease lease, ReconciliationRun run, Turn turn)
      throws RemoteException {
    if (!pass.comparePayments(account, lease, run, turn)) {
      return false;
    }
    List<String> notes = new ArrayList<>();
    boolean isThrough =
        compare(run, MERCHANT_ORDERS, notes, () -> pass.compareOrders(account, lease, run, turn))
            && (!pass.hasOnlineOrders(accountId)
                || compare(
                    run,
                    ONLINE_ORDERS,
                    notes,
                    () -> pass.compareOnlineOrders(account, lease, run, turn)));
    if (isThrough) {
      store.finish(
          lease, config.lease(), run.id(), notes.isEmpty() ? null : String.join("; ", notes));
    }
    return isThrough;
  }

  /** A part of the comparison; false if the turn is over before its end. */
  private interface Part {
    boolean compare() throws RemoteException;
  }

  /**
   * Compares what payments can do without: an account or an API without this search must not stop
   * them, and leaves a note.
   */
  private boolean compare(ReconciliationRun run, String what, List<String> notes, Part part)
      throws RemoteException {
    try {
      return part.compare();
    } catch (RemoteException.Rejected
        | RemoteException.BadResponse
        | RemoteException.NotUnderstood e) {
      String note = NOT_COMPARED.formatted(what, e.getMessage());
      notes.add(note);
      LOGGER.warn("reconciliation {} of {}: {}", run.id(), name(), note);
      return true;
    }
  }

  private void ended(long id) {
    ReconciliationRun run = store.find(accountId, id).orElseThrow();
    LOGGER.info("reconciliation of {}: {}", name(), run.summary());
    CompletableFuture<ReconciliationRun> end = waiting.remove(id);
    if (end != null) {
      end.complete(run);
    }
  }
}
