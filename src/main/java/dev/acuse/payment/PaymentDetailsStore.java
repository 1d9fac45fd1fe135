package dev.acuse.payment;

import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentDetails;
import dev.acuse.payment.state.PaymentMerge;
import dev.acuse.payment.state.PaymentSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Fills in the details of payments that a version before has stored without them. A look-up fills
 * them as well; what it has filled stays. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class PaymentDetailsStore {
  private static final int BATCH = 500;

  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   */
  public PaymentDetailsStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** When the oldest payment without details changed at MercadoPago; empty if there is none. */
  public Optional<Instant> oldest() {
    return Optional.ofNullable(
        jdbi.withHandle(handle -> new PaymentDao(handle).oldestWithoutDetails()));
  }

  /**
   * Fills in what a search shows of payments that are here.
   *
   * @return how many had none before
   */
  public int fill(Collection<PaymentSnapshot> found) {
    return jdbi.inTransaction(
        handle -> {
          var dao = new PaymentDao(handle);
          Map<String, Payment> ours =
              dao.byMpIds(found.stream().map(PaymentSnapshot::mpPaymentId).toList());
          int filled = 0;
          for (PaymentSnapshot snapshot : found) {
            Payment payment = ours.get(snapshot.mpPaymentId());
            if (payment != null && payment.searchText() == null) {
              filled += dao.saveDetails(PaymentMerge.detailed(payment, snapshot.details()));
            }
          }
          return filled;
        });
  }

  /**
   * Gives up the details of payments that no search shows, as those of more than twelve months ago:
   * they are found by what is here of them.
   *
   * @param before only payments that changed before this instant; null for all
   * @return how many they were
   */
  public int giveUp(@Nullable Instant before) {
    int all = 0;
    while (true) {
      List<Payment> batch =
          jdbi.withHandle(handle -> new PaymentDao(handle).withoutDetails(before, BATCH));
      int done =
          jdbi.inTransaction(
              handle -> {
                var dao = new PaymentDao(handle);
                return batch.stream()
                    .map(payment -> PaymentMerge.detailed(payment, PaymentDetails.NONE))
                    .mapToInt(dao::saveDetails)
                    .sum();
              });
      all += done;
      if (batch.size() < BATCH || done == 0) {
        return all;
      }
    }
  }
}
