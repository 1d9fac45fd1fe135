package dev.acuse.mercadopago.reconciliation;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Cause;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Lease;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.LeaseLostException;
import dev.acuse.payment.state.MomentOrder;
import dev.acuse.process.BackOff;
import dev.acuse.process.Periodic;
import dev.acuse.remote.RemoteException;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MercadoPago what changed, at the start, on schedule and on demand, and has whatever is not
 * so here looked up. One thread; of several instances one at a time. It outlives every exception.
 *
 * <p>A window that was begun is compared to its end before the next: what a death or an outage cut
 * off is taken up where it was. The next scheduled window begins at the newest change that a
 * finished one has seen, less an overlap. A window that cannot be compared though MercadoPago
 * answers is set aside after some tries: what it leaves is a gap, which is told of until a window
 * that holds it is through. The next windows begin behind it, and it is tried again once an hour.
 */
public final class Reconciler implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(Reconciler.class);

  private static final String ORDERS_NOT_COMPARED = "merchant orders were not compared: ";

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final long HEAL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(2);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

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

  private final ReconciliationStore store;
  private final WindowComparison payments;
  private final ReconciliationConfiguration config;
  private final InstantSource clock;
  private final String owner;
  private final WindowPass pass;
  private final Map<Long, CompletableFuture<ReconciliationRun>> waiting = new ConcurrentHashMap<>();
  private final Periodic turns = new Periodic("reconciler", this::turn, this::failed);
  private final BackOff backOff = new BackOff(FIRST_BACK_OFF, LONGEST_BACK_OFF);
  private long nextScheduledNanos = System.nanoTime();
  private long nextHealNanos = System.nanoTime();
  private boolean first = true;
  private volatile boolean asked = true;
  private volatile boolean stopping;

  /**
   * @param clock the database's time
   * @param owner names this process in the lease
   */
  public Reconciler(
      ReconciliationStore store,
      MercadoPagoClient client,
      WindowComparison payments,
      OrderComparison orders,
      ReconciliationConfiguration config,
      InstantSource clock,
      String owner) {
    this.store = store;
    this.payments = payments;
    this.config = config;
    this.clock = clock;
    this.owner = owner;
    this.pass = new WindowPass(store, client, payments, orders, config, () -> stopping);
  }

  @Override
  public void start() {
    turns.start(Duration.ZERO, LOOK_EVERY);
  }

  /**
   * A run that somebody asked for.
   *
   * @param run as it was written down
   * @param end holds it when it is through, if this instance carries it out
   */
  public record Requested(ReconciliationRun run, CompletableFuture<ReconciliationRun> end) {}

  /**
   * Has a window compared as soon as possible. It never moves the watermark.
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
    ReconciliationRun run = store.add(Cause.MANUAL, window, dryRun, by);
    var end = new CompletableFuture<ReconciliationRun>();
    waiting.put(run.id(), end);
    asked = true;
    return new Requested(run, end);
  }

  private Instant nextWindowBegins() {
    ReconciliationReader.State state = store.state(config.lookback());
    Instant begin = state.doneAt() == null ? state.watermark() : state.watermark().minus(overlap());
    // What was set aside would stop each window that it is part of.
    Instant gapEnds = store.lastGapEnds().orElse(begin);
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

  private void turn() {
    long now = System.nanoTime();
    boolean scheduled = !config.isOnDemandOnly() && now - nextScheduledNanos >= 0;
    if ((asked || scheduled) && backOff.isOver()) {
      work(scheduled);
    }
    if (now - nextHealNanos >= 0 && backOff.isOver()) {
      nextHealNanos = now + HEAL_EVERY_NANOS;
      payments.markHealed(store);
    }
  }

  private void failed(Throwable failure) {
    if (failure instanceof LeaseLostException) {
      LOGGER.warn("{}", failure.getMessage());
    } else {
      DatabaseTrouble.logRepeated(LOGGER, "reconciliation goes on later", failure);
      backOff.fail();
    }
  }

  private void work(boolean scheduled) {
    if (!cycle(scheduled)) {
      backOff.fail();
      return;
    }
    backOff.reset();
    if (scheduled) {
      first = false;
      nextScheduledNanos = System.nanoTime() + config.every().toNanos();
    }
  }

  /**
   * Compares what is unfinished, then the next window.
   *
   * @param scheduled whether a new window is to be opened
   * @return whether all is through; if not, it is to be tried again
   */
  public boolean cycle(boolean scheduled) {
    ReconciliationReader.State state = store.state(config.lookback());
    Optional<Lease> lease = store.takeLease(owner, config.lease());
    if (lease.isEmpty()) {
      return false;
    }
    asked = false;
    try {
      boolean through = unfinished(lease.get());
      if (through && scheduled && !stopping && isDue(state.doneAt())) {
        Instant end = clock.instant().plus(AHEAD);
        store.add(Cause.SCHEDULE, new ReconciliationWindow(nextWindowBegins(), end), false, null);
        through = unfinished(lease.get());
      }
      if (through
          && scheduled
          && !stopping
          && store.takeUpSetAside(lease.get(), config.lease(), LEFT_ALONE, MOST_FAILURES - 1)) {
        through = unfinished(lease.get());
      }
      asked = asked || !through;
      return through;
    } finally {
      store.release(lease.get());
    }
  }

  /** Another instance may have been here; after a start we look all the same. */
  private boolean isDue(@Nullable Instant doneAt) {
    return first
        || doneAt == null
        || doneAt.plus(config.every().dividedBy(2)).isBefore(clock.instant());
  }

  private boolean unfinished(Lease lease) {
    Optional<ReconciliationRun> run = store.unfinished();
    while (run.isPresent()) {
      if (stopping || !carryOut(lease, run.get())) {
        return false;
      }
      run = store.unfinished();
    }
    return true;
  }

  /** Whether it is through, one way or the other. */
  private boolean carryOut(Lease lease, ReconciliationRun waitingRun) {
    ReconciliationRun run = store.begin(lease, config.lease(), waitingRun);
    if (run.tries() > MOST_TAKE_UPS) {
      giveUp(lease, run, "it was taken up %d times in vain".formatted(run.tries() - 1));
      return true;
    }
    try {
      if (run.tries() > 1) {
        pass.probe(clock.instant());
      }
    } catch (RemoteException e) {
      // Nothing is answered at all: that says nothing of this window.
      return suspend(lease, run, e.getMessage());
    }
    try {
      if (!compare(lease, run)) {
        return suspend(lease, run, null);
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
    ReconciliationRun now = store.find(run.id()).orElseThrow();
    int tries = Math.max(1, now.tries());
    if (tries >= MOST_FAILURES) {
      giveUp(lease, now, reason);
      return true;
    }
    LOGGER.warn("reconciliation {} waits at {}: {}", now.id(), now.reached(), reason);
    store.suspend(lease, config.lease(), now.id(), reason, tries);
    return false;
  }

  /** To be taken up again; what it was taken up for this time does not count. */
  private boolean suspend(Lease lease, ReconciliationRun run, @Nullable String error) {
    int tries = Math.min(run.tries() - 1, store.find(run.id()).orElseThrow().tries());
    store.suspend(lease, config.lease(), run.id(), error, tries);
    return false;
  }

  /** What cannot be compared must not stop what comes after it for ever. */
  private void giveUp(Lease lease, ReconciliationRun run, String reason) {
    if (!run.reached().isBefore(run.to())) {
      // Payments are what counts, and they are through.
      store.finish(lease, config.lease(), run.id(), ORDERS_NOT_COMPARED + reason);
    } else if (run.cause() == Cause.MANUAL) {
      store.fail(lease, config.lease(), run.id(), reason);
    } else {
      store.setAside(lease, config.lease(), run.id(), reason);
      LOGGER.error(
          "reconciliation {} is set aside, and what changed from {} on is not compared: {}",
          run.id(),
          run.reached(),
          reason);
    }
    ended(run.id());
  }

  /**
   * Compares the window to its end; false if stopped before.
   *
   * @throws RemoteException if payments can't be compared, or orders not now
   */
  private boolean compare(Lease lease, ReconciliationRun run) throws RemoteException {
    if (!pass.comparePayments(lease, run)) {
      return false;
    }
    String note = null;
    try {
      if (!pass.compareOrders(lease, run)) {
        return false;
      }
    } catch (RemoteException.Rejected
        | RemoteException.BadResponse
        | RemoteException.NotUnderstood e) {
      // Payments are what counts: an account or an API without this search must not stop them.
      note = ORDERS_NOT_COMPARED + e.getMessage();
      LOGGER.warn("reconciliation {}: {}", run.id(), note);
    }
    store.finish(lease, config.lease(), run.id(), note);
    return true;
  }

  private void ended(long id) {
    ReconciliationRun run = store.find(id).orElseThrow();
    LOGGER.info("reconciliation: {}", run.summary());
    CompletableFuture<ReconciliationRun> end = waiting.remove(id);
    if (end != null) {
      end.complete(run);
    }
  }

  /**
   * Ends after the page that is under way. It is not interrupted, because its page is to be whole.
   */
  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("reconciliation is taken up again when its lease runs out");
    }
  }
}
