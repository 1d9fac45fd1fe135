package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader.State;
import dev.acuse.payment.PaymentDetailsStore;
import dev.acuse.process.BackOff;
import dev.acuse.process.Periodic;
import dev.acuse.remote.RemoteException;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills in, once for each account, what payments lack that a version before has stored: a walk
 * through the searches of the last twelve months, a page every two seconds of all accounts
 * together, so that nothing else waits for it. Accounts take turns, and one that fails is left
 * alone for a while. What no search shows is given up afterwards, some thousands at a time. Of
 * several instances one does it at a time for an account, and what a death cut off goes on where it
 * was.
 */
public final class DetailBackfill implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(DetailBackfill.class);

  /** Beside the row of the comparisons, in the same table. */
  private static final String SOURCE = Topic.SOURCE + ":details";

  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(10);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final ReconciliationDao dao;
  private final PaymentDetailsStore payments;
  private final MercadoPagoClients clients;
  private final Accounts accounts;
  private final InstantSource clock;
  private final String owner;

  /** The accounts of which nothing is left, so that nothing is asked for them again. */
  private final Set<Long> done = new HashSet<>();

  private final SortedMap<Long, Walk> walks = new TreeMap<>();
  private long lastAccount;
  private final Periodic turns = new Periodic("detail-backfill", this::work, this::failed);

  /** How it stands with an account as this process knows it. */
  private static final class Walk {
    private final BackOff backOff = new BackOff(FIRST_BACK_OFF, LONGEST_BACK_OFF);

    /** Up to this id nothing is left to give up; another instance begins at the first again. */
    private long givenUpTo;

    private long without;
  }

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clients ask MercadoPago, each through its account's breaker
   * @param clock the database's time
   * @param owner names this process in the leases
   */
  public DetailBackfill(
      Jdbi jdbi,
      PaymentDetailsStore payments,
      MercadoPagoClients clients,
      Accounts accounts,
      InstantSource clock,
      String owner) {
    this.dao = jdbi.onDemand(ReconciliationDao.class);
    this.payments = payments;
    this.clients = clients;
    this.accounts = accounts;
    this.clock = clock;
    this.owner = owner;
  }

  @Override
  public void start() {
    turns.start(FIRST, PAUSE);
  }

  private void work() throws RemoteException {
    var unused = turn();
  }

  /**
   * One page of the next account that lacks anything, if this instance may.
   *
   * @return whether there is nothing left to do for the accounts that are active
   * @throws RemoteException if MercadoPago does not answer the search; the page is asked for again
   */
  boolean turn() throws RemoteException {
    AccountSet current = accounts.current();
    forgetAllBut(current);
    Account account = next(current);
    if (account == null) {
      return current.all().stream()
          .filter(Account::isActive)
          .allMatch(one -> done.contains(one.id()));
    }
    lastAccount = account.id();
    Walk walk = walks.computeIfAbsent(account.id(), id -> new Walk());
    if (turn(account.id(), walk)) {
      done.add(account.id());
      walks.remove(account.id());
    }
    walk.backOff.reset();
    return next(current) == null && walks.isEmpty();
  }

  /** The account whose turn it is: the next by id, after the last one the first; null for none. */
  private @Nullable Account next(AccountSet current) {
    Account first = null;
    for (Account account : current.all()) {
      Walk walk = walks.get(account.id());
      boolean isReady =
          account.isActive()
              && !done.contains(account.id())
              && (walk == null || walk.backOff.isOver());
      if (isReady && account.id() > lastAccount) {
        return account;
      }
      first = first == null && isReady ? account : first;
    }
    return first;
  }

  private void forgetAllBut(AccountSet current) {
    done.removeIf(id -> current.byId(id).isEmpty());
    walks.keySet().removeIf(id -> current.byId(id).filter(Account::isActive).isEmpty());
  }

  /** One page of an account; whether nothing is left of it. */
  private boolean turn(long accountId, Walk walk) throws RemoteException {
    if (state(accountId).doneAt() != null) {
      return true;
    }
    Instant now = now();
    MercadoPagoClient client = clients.of(accountId);
    if (!client.isUp() || !dao.takeLease(accountId, SOURCE, owner, now, now.plus(LEASE))) {
      return false;
    }
    long claimNo = dao.claimNo(accountId, SOURCE);
    try {
      return page(accountId, client, walk, claimNo);
    } finally {
      dao.release(accountId, SOURCE, owner, claimNo);
    }
  }

  /** The first to ask makes the row: done, if no payment lacks anything. */
  private State state(long accountId) {
    Optional<State> known = dao.state(accountId, SOURCE);
    if (known.isPresent()) {
      return known.get();
    }
    Instant now = now();
    if (!payments.lacksAny(accountId)) {
      // As of each account that was made since: nothing is asked for it, and no table is read.
      dao.insertDone(accountId, SOURCE, now);
      return dao.state(accountId, SOURCE).orElseThrow();
    }
    Instant reach = now.minus(ReconciliationWindow.REACH);
    Instant oldest = payments.oldest(accountId).orElse(now);
    dao.insertState(accountId, SOURCE, oldest.isBefore(reach) ? reach : oldest);
    return dao.state(accountId, SOURCE).orElseThrow();
  }

  private boolean page(long accountId, MercadoPagoClient client, Walk walk, long claimNo)
      throws RemoteException {
    Instant from = dao.state(accountId, SOURCE).orElseThrow().watermark();
    var pages = new PaymentWalk(client::searchPayments, from, now());
    PaymentWalk.Slice slice = pages.next();
    int filled =
        payments.fill(
            accountId, slice.payments().stream().map(MercadoPagoPayment::snapshot).toList());
    LOGGER.debug("the details of {} payments are filled in, up to {}", filled, slice.reached());
    if (!pages.isDone() || !giveUpMore(accountId, walk)) {
      dao.advance(accountId, SOURCE, owner, claimNo, slice.reached());
      return false;
    }
    dao.done(accountId, SOURCE, owner, claimNo, now());
    LOGGER.info("payments of before have their details; {} have none at MercadoPago", walk.without);
    return true;
  }

  /** Answers whether all are given up that no search has shown. */
  private boolean giveUpMore(long accountId, Walk walk) {
    PaymentDetailsStore.GivenUp some = payments.giveUp(accountId, walk.givenUpTo);
    walk.givenUpTo = some.lastId();
    walk.without += some.payments();
    return some.isAll();
  }

  private void failed(Throwable failure) {
    DatabaseTrouble.logRepeated(LOGGER, "the details of payments are filled in later", failure);
    Walk walk = walks.get(lastAccount);
    if (walk != null) {
      walk.backOff.fail();
    }
  }

  /** Ends after the page that is under way. */
  @Override
  public void stop() throws InterruptedException {
    if (!turns.stop(STOP_WITHIN)) {
      LOGGER.warn("the details of payments are filled in further when a lease runs out");
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
