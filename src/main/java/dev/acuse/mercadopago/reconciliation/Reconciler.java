package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.reconciliation.AccountReconciler.End;
import dev.acuse.mercadopago.reconciliation.AccountTurns.Taken;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.LeaseLostException;
import dev.acuse.process.BackOff;
import dev.acuse.process.Periodic;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MercadoPago what changed, at the start, on schedule and on demand, and has whatever is not
 * so here looked up: each account by itself ({@link AccountReconciler}), some at a time. A few
 * threads, however many accounts there are; the account that has been due for longest comes first,
 * and one whose window is long gives way between pages. So one that is slow, refused or large holds
 * up no other. It outlives every exception. A paused account is not compared: its window begins
 * where it was when it is active again.
 */
public final class Reconciler implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(Reconciler.class);

  /** So many accounts are compared at a time. */
  static final int PLACES = 4;

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final long HEAL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(2);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final ReconciliationStore store;
  private final WindowComparison payments;
  private final Accounts accounts;
  private final AccountTurns turns;
  private final List<Periodic> threads =
      IntStream.rangeClosed(1, PLACES)
          .mapToObj(number -> new Periodic("reconciler-" + number, this::work, this::failed))
          .toList();
  private final ReentrantLock healing = new ReentrantLock();
  private final BackOff healLater = new BackOff(FIRST_BACK_OFF, LONGEST_BACK_OFF);
  private long nextHealNanos = System.nanoTime();
  private volatile boolean stopping;

  /**
   * @param clients of the accounts, each behind its breaker
   * @param looks what is to be looked at again
   * @param clock the database's time
   * @param owner names this process in the leases
   */
  public Reconciler(
      ReconciliationStore store,
      MercadoPagoClients clients,
      Accounts accounts,
      WindowComparison payments,
      OrderComparison orders,
      DueLooks looks,
      OnlineOrderComparison online,
      ReconciliationConfiguration config,
      InstantSource clock,
      String owner) {
    this.store = store;
    this.payments = payments;
    this.accounts = accounts;
    var pass = new WindowPass(store, clients, payments, orders, online, config);
    this.turns =
        new AccountTurns(
            accounts,
            id -> new AccountReconciler(id, accounts, store, pass, looks, config, clock, owner),
            config.isOnDemandOnly() ? null : config.every());
  }

  @Override
  public void start() {
    threads.forEach(thread -> thread.start(Duration.ZERO, LOOK_EVERY));
  }

  /**
   * A run that somebody asked for.
   *
   * @param run as it was written down
   * @param end holds it when it is through, if this instance carries it out
   */
  public record Requested(ReconciliationRun run, CompletableFuture<ReconciliationRun> end) {}

  /** An account that is paused or disconnected was to be compared. The message may be shown. */
  public static final class NotActiveException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private NotActiveException() {
      super("is not active, so it is not compared");
    }
  }

  /**
   * Has a window of an account compared as soon as possible. It never moves the watermark.
   *
   * @param from where it begins; null for where the next scheduled one would
   * @param to where it ends; null for now
   * @param dryRun only count
   * @throws ReconciliationWindow.InvalidException if there can be nothing in it
   * @throws NotActiveException if the account is paused, disconnected or not known here
   */
  public Requested request(
      long accountId, @Nullable Instant from, @Nullable Instant to, boolean dryRun, String by) {
    Requested requested = of(accountId).request(from, to, dryRun, by);
    turns.ask(accountId, System.nanoTime());
    return requested;
  }

  /**
   * What compares an account, in the caller's thread.
   *
   * @throws NotActiveException if the account is paused, disconnected or not known here
   */
  public AccountReconciler of(long accountId) {
    return turns.of(accountId, System.nanoTime()).orElseThrow(NotActiveException::new);
  }

  private void work() {
    do {
      heal();
    } while (!stopping && turn(System::nanoTime));
  }

  /**
   * Carries a turn out, if an account is due.
   *
   * @param nanos as {@link System#nanoTime}
   * @return whether one was
   */
  boolean turn(LongSupplier nanos) {
    Optional<Taken> due = turns.take(nanos.getAsLong());
    due.ifPresent(taken -> carryOut(taken, nanos));
    return due.isPresent();
  }

  private void carryOut(Taken taken, LongSupplier nanos) {
    var end = End.LATER;
    try {
      long id = taken.reconciler().accountId();
      end =
          taken
              .reconciler()
              .turn(
                  taken.isScheduled(),
                  new Turn(
                      () -> stopping || !isActive(id),
                      () -> turns.isAnyWaiting(nanos.getAsLong()),
                      nanos));
    } catch (RuntimeException e) {
      failed(e);
    } finally {
      turns.giveBack(taken, end, nanos.getAsLong());
    }
  }

  private boolean isActive(long accountId) {
    return accounts.current().byId(accountId).filter(Account::isActive).isPresent();
  }

  /** How many accounts have a place in the queue. */
  int accounts() {
    return turns.size();
  }

  private void failed(Throwable failure) {
    if (failure instanceof LeaseLostException) {
      LOGGER.warn("{}", failure.getMessage());
    } else {
      DatabaseTrouble.logRepeated(LOGGER, "reconciliation goes on later", failure);
    }
  }

  /** One thread at a time marks what is right by now. */
  private void heal() {
    if (!healing.tryLock()) {
      return;
    }
    try {
      if (System.nanoTime() - nextHealNanos >= 0 && healLater.isOver()) {
        nextHealNanos = System.nanoTime() + HEAL_EVERY_NANOS;
        payments.markHealed(store);
        healLater.reset();
      }
    } catch (RuntimeException e) {
      failed(e);
      healLater.fail();
    } finally {
      healing.unlock();
    }
  }

  /** Ends after the pages that are under way. None is interrupted, because it is to be whole. */
  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    threads.forEach(Periodic::stop);
    long until = System.nanoTime() + STOP_WITHIN.toNanos();
    boolean isOver = true;
    for (Periodic thread : threads) {
      isOver &= thread.stop(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
    }
    if (!isOver) {
      LOGGER.warn("reconciliation is taken up again when its lease runs out");
    }
  }
}
