package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.MercadoPagoOrders;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Lease;
import dev.acuse.remote.RemoteException;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * Carries a window of an account out, page by page, each written down before the next is asked for.
 * All accounts together are asked about no faster than is allowed. Thread-safe.
 */
final class WindowPass {
  private final ReconciliationStore store;
  private final MercadoPagoClients clients;
  private final WindowComparison payments;
  private final OrderComparison orders;
  private final OnlineOrderComparison online;
  private final Duration leaseLasts;
  private final RateLimiter pace;

  WindowPass(
      ReconciliationStore store,
      MercadoPagoClients clients,
      WindowComparison payments,
      OrderComparison orders,
      OnlineOrderComparison online,
      ReconciliationConfiguration config) {
    this.store = store;
    this.clients = clients;
    this.payments = payments;
    this.orders = orders;
    this.online = online;
    this.leaseLasts = config.lease();
    this.pace =
        RateLimiter.of(
            "reconciliation",
            RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(Duration.ofSeconds(1).dividedBy(config.searchesPerSecond()))
                .timeoutDuration(Duration.ofSeconds(5))
                .build());
  }

  /**
   * Asks for as little as can be, to learn whether MercadoPago answers a search at all.
   *
   * @param at about now, by whichever clock
   */
  void probe(Account account, Instant at) throws RemoteException {
    var unused = paced(account).searchPayments(new PaymentSearch(at, at, 1, 0));
  }

  /**
   * Compares the payments that changed, from where the run was; false if the turn is over before
   * its end.
   */
  boolean comparePayments(Account account, Lease lease, ReconciliationRun run, Turn turn)
      throws RemoteException {
    // Once a run, however many turns it takes.
    if (!run.dryRun() && run.reached().equals(run.from())) {
      payments.queueMisjudged(account.id());
    }
    var walk =
        new PaymentWalk(search -> paced(account).searchPayments(search), run.reached(), run.to());
    while (!walk.isDone()) {
      if (turn.isOver()) {
        return false;
      }
      turn.page();
      long begin = System.nanoTime();
      ReconciliationStore.Progress progress = payments.compare(account, walk.next(), run.dryRun());
      store.progress(lease, leaseLasts, run.id(), progress, since(begin));
    }
    return true;
  }

  /** The same for merchant orders. */
  boolean compareOrders(Account account, Lease lease, ReconciliationRun run, Turn turn)
      throws RemoteException {
    var walk =
        new OrderWalk(
            search -> paced(account).searchOrders(search), run.orders().reached(), run.to());
    while (!walk.isDone()) {
      if (turn.isOver()) {
        return false;
      }
      turn.page();
      long begin = System.nanoTime();
      OrderComparison.Result result = orders.compare(account, walk.next(), run.dryRun());
      store.ordersProgress(lease, leaseLasts, run.id(), result, since(begin));
    }
    return true;
  }

  /** Whether an account has orders of the Orders API to be compared, as far as is known. */
  boolean hasOnlineOrders(long accountId) {
    return online.isUsed(accountId);
  }

  /** The same for those, by when they were made; and those that are open are looked up again. */
  boolean compareOnlineOrders(Account account, Lease lease, ReconciliationRun run, Turn turn)
      throws RemoteException {
    // Once a run, however many turns it takes.
    if (!run.dryRun() && run.online().reached().equals(run.from())) {
      online.lookAgain(account.id());
    }
    var walk =
        new OnlineOrderWalk(
            search -> new MercadoPagoOrders(paced(account)).search(search),
            run.online().reached(),
            run.to());
    while (!walk.isDone()) {
      if (turn.isOver()) {
        return false;
      }
      turn.page();
      long begin = System.nanoTime();
      OnlineOrderComparison.Result result = online.compare(account, walk.next(), run.dryRun());
      store.onlineProgress(lease, leaseLasts, run.id(), result, since(begin));
    }
    return true;
  }

  /** The account's client, as soon as the next search may be made. */
  private MercadoPagoClient paced(Account account) {
    var unused = pace.acquirePermission();
    return clients.of(account.id());
  }

  private static Duration since(long beginNanos) {
    return Duration.ofNanos(System.nanoTime() - beginNanos);
  }
}
