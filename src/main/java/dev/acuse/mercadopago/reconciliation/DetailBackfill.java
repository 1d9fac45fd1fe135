package dev.acuse.mercadopago.reconciliation;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.Topics;
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
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills in, once, what payments lack that a version before has stored: a walk through the searches
 * of the last twelve months, a page every two seconds, so that nothing else waits for it. What none
 * of them shows is given up afterwards, some thousands at a time. Of several instances one does it
 * at a time, and what a death cut off goes on where it was.
 */
public final class DetailBackfill implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(DetailBackfill.class);

  /** Beside the row of the comparisons, in the same table. */
  private static final String SOURCE = Topics.SOURCE + ":details";

  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(10);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final ReconciliationDao dao;
  private final PaymentDetailsStore payments;
  private final MercadoPagoClient client;
  private final InstantSource clock;
  private final String owner;
  private final BackOff backOff = new BackOff(FIRST_BACK_OFF, LONGEST_BACK_OFF);

  /** Up to this id nothing is left to give up; another instance begins at the first again. */
  private long givenUpTo;

  private long without;
  private final Periodic turns = new Periodic("detail-backfill", this::work, this::failed);

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param client asks MercadoPago through its breaker
   * @param clock the database's time
   * @param owner names this process in the lease
   */
  public DetailBackfill(
      Jdbi jdbi,
      PaymentDetailsStore payments,
      MercadoPagoClient client,
      InstantSource clock,
      String owner) {
    this.dao = jdbi.onDemand(ReconciliationDao.class);
    this.payments = payments;
    this.client = client;
    this.clock = clock;
    this.owner = owner;
  }

  @Override
  public void start() {
    turns.start(FIRST, PAUSE);
  }

  private void work() throws RemoteException {
    if (backOff.isOver()) {
      if (turn()) {
        turns.stop();
      }
      backOff.reset();
    }
  }

  /**
   * One page, if this instance may.
   *
   * @return whether there is nothing left to do
   * @throws RemoteException if MercadoPago does not answer the search; the page is asked for again
   */
  boolean turn() throws RemoteException {
    if (state().doneAt() != null) {
      return true;
    }
    Instant now = now();
    if (!client.isUp() || !dao.takeLease(SOURCE, owner, now, now.plus(LEASE))) {
      return false;
    }
    long claimNo = dao.claimNo(SOURCE);
    try {
      return page(claimNo);
    } finally {
      dao.release(SOURCE, owner, claimNo);
    }
  }

  /** The first to ask makes the row: done, if no payment lacks anything. */
  private State state() {
    Optional<State> known = dao.state(SOURCE);
    if (known.isPresent()) {
      return known.get();
    }
    Instant now = now();
    Instant reach = now.minus(ReconciliationWindow.REACH);
    Instant oldest = payments.oldest().orElse(now);
    dao.insertState(SOURCE, oldest.isBefore(reach) ? reach : oldest);
    return dao.state(SOURCE).orElseThrow();
  }

  private boolean page(long claimNo) throws RemoteException {
    Instant from = dao.state(SOURCE).orElseThrow().watermark();
    var walk = new PaymentWalk(client::searchPayments, from, now());
    PaymentWalk.Slice slice = walk.next();
    int filled =
        payments.fill(slice.payments().stream().map(MercadoPagoPayment::snapshot).toList());
    LOGGER.debug("the details of {} payments are filled in, up to {}", filled, slice.reached());
    if (!walk.isDone() || !giveUpMore()) {
      dao.advance(SOURCE, owner, claimNo, slice.reached());
      return false;
    }
    dao.done(SOURCE, owner, claimNo, now());
    LOGGER.info("payments of before have their details; {} have none at MercadoPago", without);
    return true;
  }

  /** Answers whether all are given up that no search has shown. */
  private boolean giveUpMore() {
    PaymentDetailsStore.GivenUp some = payments.giveUp(givenUpTo);
    givenUpTo = some.lastId();
    without += some.payments();
    return some.isAll();
  }

  private void failed(Throwable failure) {
    DatabaseTrouble.logRepeated(LOGGER, "the details of payments are filled in later", failure);
    backOff.fail();
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
