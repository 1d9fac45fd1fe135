package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.mercadopago.reconciliation.ReconciliationStore.Lease;
import dev.acuse.remote.RemoteException;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * Carries a window out, page by page, each written down before the next is asked for. Asks no
 * faster than it is allowed to. For one thread.
 */
final class WindowPass {
  private final ReconciliationStore store;
  private final MercadoPagoClient client;
  private final WindowComparison payments;
  private final OrderComparison orders;
  private final Duration leaseLasts;
  private final BooleanSupplier stopping;
  private final RateLimiter pace;

  /**
   * @param stopping whether to end after the page that is under way
   */
  WindowPass(
      ReconciliationStore store,
      MercadoPagoClient client,
      WindowComparison payments,
      OrderComparison orders,
      ReconciliationConfiguration config,
      BooleanSupplier stopping) {
    this.store = store;
    this.client = client;
    this.payments = payments;
    this.orders = orders;
    this.leaseLasts = config.lease();
    this.stopping = stopping;
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
  void probe(Instant at) throws RemoteException {
    var unused = paced().searchPayments(new PaymentSearch(at, at, 1, 0));
  }

  /**
   * Compares the payments that changed, from where the run was; false if stopped before its end.
   */
  boolean comparePayments(Lease lease, ReconciliationRun run) throws RemoteException {
    if (!run.dryRun()) {
      payments.queueMisjudged();
    }
    var walk = new PaymentWalk(search -> paced().searchPayments(search), run.reached(), run.to());
    while (!walk.isDone()) {
      if (stopping.getAsBoolean()) {
        return false;
      }
      long begin = System.nanoTime();
      ReconciliationStore.Progress progress = payments.compare(walk.next(), run.dryRun());
      store.progress(lease, leaseLasts, run.id(), progress, since(begin));
    }
    return true;
  }

  /** The same for merchant orders. */
  boolean compareOrders(Lease lease, ReconciliationRun run) throws RemoteException {
    var walk =
        new OrderWalk(search -> paced().searchOrders(search), run.orders().reached(), run.to());
    while (!walk.isDone()) {
      if (stopping.getAsBoolean()) {
        return false;
      }
      long begin = System.nanoTime();
      OrderComparison.Result result = orders.compare(walk.next(), run.dryRun());
      store.ordersProgress(lease, leaseLasts, run.id(), result, since(begin));
    }
    return true;
  }

  /** The client, as soon as the next search may be made. */
  private MercadoPagoClient paced() {
    var unused = pace.acquirePermission();
    return client;
  }

  private static Duration since(long beginNanos) {
    return Duration.ofNanos(System.nanoTime() - beginNanos);
  }
}
