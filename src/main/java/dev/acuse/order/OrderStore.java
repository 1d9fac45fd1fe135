package dev.acuse.order;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Writes orders; owns its transactions. What is read for a caller is in {@link OrderReader}. What a
 * call writes follows from the state under the lock and from what it is given, so that each may be
 * repeated. Thread-safe. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database
 * is out of reach.
 */
public final class OrderStore {
  private final Jdbi jdbi;
  private final InstantSource clock;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   * @param clock the database's time
   */
  public OrderStore(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * Keeps what MercadoPago says of an order, unless that is older than what is kept, and which
   * payments are its own. In one transaction.
   *
   * @param accountId whose it is; the row of another account with the same order is another
   * @param mpPaymentIds MercadoPago's numeric ids of payments of it that are here; those of former
   *     calls stay
   * @param isShown whether one of them was accredited: without, the order is never taken for paid
   * @return the order as it is now
   */
  public Order apply(
      long accountId, OrderSnapshot said, Collection<String> mpPaymentIds, boolean isShown) {
    Instant now = now();
    return jdbi.inTransaction(
        handle -> {
          var dao = new OrderDao(handle);
          boolean isNew = dao.insert(accountId, said.mpOrderId(), now);
          Order kept = dao.lock(accountId, said.mpOrderId()).orElseThrow();
          dao.link(kept, mpPaymentIds);
          if (!isNew && !OrderFreshness.replaces(kept, said)) {
            return kept;
          }
          // A payment that was accredited stays here, whatever becomes of it.
          boolean wasShown = kept.paymentStatus() == OrderPaymentStatus.APPROVED;
          Order wanted = filled(kept, said, isShown || wasShown, now);
          Order settled =
              isNew || !wanted.isAs(kept) ? wanted : kept.withNextLook(wanted.nextLookAt());
          dao.save(settled);
          return settled;
        });
  }

  /** What MercadoPago leaves out this time stays. */
  private static Order filled(Order kept, OrderSnapshot said, boolean isShown, Instant now) {
    OrderPaymentStatus status = said.paymentStatus(isShown);
    Instant made = orElse(said.mpCreatedAt(), kept.mpCreatedAt());
    return new Order(
        kept.id(),
        kept.accountId(),
        kept.mpOrderId(),
        orElse(said.type(), kept.type()),
        orElse(said.externalReference(), kept.externalReference()),
        said.status(),
        said.statusDetail(),
        status,
        orElse(said.amount(), kept.amount()),
        orElse(said.paidAmount(), kept.paidAmount()),
        orElse(said.currency(), kept.currency()),
        made,
        orElse(said.mpUpdatedAt(), kept.mpUpdatedAt()),
        OpenOrders.nextLook(status, made, kept.createdAt(), now),
        kept.createdAt(),
        now);
  }

  private static <T> @Nullable T orElse(@Nullable T said, @Nullable T kept) {
    return said == null ? kept : said;
  }

  /**
   * Hands out the orders of an account that are due to be looked up again, and puts off the next
   * look of each. If it ends between the two, the same orders are handed out again.
   *
   * @param limit the rest waits for the next call
   * @param made has them looked up; when it returns, that is on disk
   * @return how many they were
   */
  public int lookAgain(long accountId, int limit, Consumer<List<Order>> made) {
    Instant now = now();
    List<Order> due = jdbi.withHandle(handle -> new OrderDao(handle).due(accountId, now, limit));
    if (due.isEmpty()) {
      return 0;
    }
    made.accept(due);
    jdbi.useTransaction(
        handle -> {
          var dao = new OrderDao(handle);
          for (Order order : due) {
            dao.postpone(
                order,
                OpenOrders.nextLook(
                    order.paymentStatus(), order.mpCreatedAt(), order.createdAt(), now));
          }
        });
    return due.size();
  }

  /**
   * Has orders looked up again that a look-up has left behind what a search shows: as long after
   * now as the state shown is old, so that each look comes later than the one before. An earlier
   * look stays. Those that are not here are left out.
   *
   * @param shown what the search says of each
   */
  public void lookSoon(long accountId, Collection<OrderSnapshot> shown) {
    Instant now = now();
    jdbi.useTransaction(
        handle -> {
          var dao = new OrderDao(handle);
          for (OrderSnapshot one : shown) {
            dao.hasten(accountId, one.mpOrderId(), OpenOrders.afterLag(one.mpUpdatedAt(), now));
          }
        });
  }

  /**
   * Has an order looked up again that says something else of its money than a payment of it, which
   * was looked up just now: what told of the payment may be all that comes. One that is not here,
   * or that says the same, is left as it is.
   *
   * @param mpOrderId MercadoPago's
   * @param paymentStatus MercadoPago's word of the payment
   */
  public void follow(long accountId, String mpOrderId, String paymentStatus) {
    OrderPaymentStatus said = OrderPaymentStatus.of(paymentStatus);
    if (said.compareTo(OrderPaymentStatus.APPROVED) < 0) {
      // A payment that was refused is one of several tries.
      return;
    }
    Instant now = now();
    jdbi.useHandle(
        handle -> new OrderDao(handle).hastenUnless(accountId, mpOrderId, said.code(), now));
  }

  /** To the microsecond, as both engines store it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
