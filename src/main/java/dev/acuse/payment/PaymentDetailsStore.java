package dev.acuse.payment;

import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentDetails;
import dev.acuse.payment.state.PaymentMerge;
import dev.acuse.payment.state.PaymentSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Fills in the details of payments that a version before has stored without them. A look-up fills
 * them as well; what it has filled stays. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class PaymentDetailsStore {
  private static final int PAGE = 500;
  private static final int PAGES = 20;

  private final Jdbi jdbi;
  private final int pageSize;
  private final int pages;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   */
  public PaymentDetailsStore(Jdbi jdbi) {
    this(jdbi, PAGE, PAGES);
  }

  /**
   * @param pageSize how many payments are given up in one transaction
   * @param pages how many pages are given up at once
   */
  PaymentDetailsStore(Jdbi jdbi, int pageSize, int pages) {
    this.jdbi = jdbi;
    this.pageSize = pageSize;
    this.pages = pages;
  }

  /** Whether any payment of the account has no details; reads the account's own payments alone. */
  public boolean lacksAny(long accountId) {
    return jdbi.withHandle(handle -> new PaymentDao(handle).lacksDetails(accountId));
  }

  /**
   * When the account's oldest payment without details changed at MercadoPago; empty if there is
   * none.
   */
  public Optional<Instant> oldest(long accountId) {
    return Optional.ofNullable(
        jdbi.withHandle(handle -> new PaymentDao(handle).oldestWithoutDetails(accountId)));
  }

  /**
   * Fills in what a search shows of payments that the account has.
   *
   * @return how many had none before
   */
  public int fill(long accountId, Collection<PaymentSnapshot> found) {
    return jdbi.inTransaction(
        handle -> {
          var dao = new PaymentDao(handle);
          Map<String, Payment> ours =
              dao.byMpIds(accountId, found.stream().map(PaymentSnapshot::mpPaymentId).toList());
          List<Payment> detailed = new ArrayList<>();
          for (PaymentSnapshot snapshot : found) {
            Payment payment = ours.get(snapshot.mpPaymentId());
            if (payment != null && payment.searchText() == null) {
              detailed.add(PaymentMerge.detailed(payment, snapshot.details()));
            }
          }
          // All who write several payments lock them in this order, and so not crosswise.
          detailed.sort(Comparator.comparing(Payment::id));
          return detailed.stream().mapToInt(dao::saveDetails).sum();
        });
  }

  /**
   * What was given up at once.
   *
   * @param payments how many got what is here of them
   * @param lastId the next turn goes on behind it
   * @param isAll whether there is nothing behind it
   */
  public record GivenUp(int payments, long lastId, boolean isAll) {}

  /**
   * Gives up the details of the account's payments that no search shows, as those of more than
   * twelve months ago: they are found by what is here of them. Ends after some pages, so that no
   * turn takes long.
   *
   * @param after only payments whose id is above it; 0 for all
   */
  public GivenUp giveUp(long accountId, long after) {
    int done = 0;
    long last = after;
    for (int page = 0; page < pages; page++) {
      long behind = last;
      List<Payment> batch =
          jdbi.withHandle(
              handle -> new PaymentDao(handle).withoutDetails(accountId, behind, pageSize));
      done +=
          save(
              batch.stream()
                  .map(payment -> PaymentMerge.detailed(payment, PaymentDetails.NONE))
                  .toList());
      if (!batch.isEmpty()) {
        last = batch.get(batch.size() - 1).id();
      }
      if (batch.size() < pageSize) {
        return new GivenUp(done, last, true);
      }
    }
    return new GivenUp(done, last, false);
  }

  private int save(List<Payment> payments) {
    return jdbi.inTransaction(
        handle -> {
          var dao = new PaymentDao(handle);
          return payments.stream().mapToInt(dao::saveDetails).sum();
        });
  }
}
