package dev.acuse.payment;

import dev.acuse.payment.state.ListedPayment;
import dev.acuse.payment.state.Payment;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What merchant orders list and our payments don't show. */
final class OrderDrift {
  private OrderDrift() {}

  /**
   * MercadoPago's ids of listed payments that are missing, older, or unlinked though they needn't.
   */
  static Set<String> of(Handle handle, long accountId, Collection<ListedPayment> listed) {
    Map<String, Payment> ours =
        new PaymentDao(handle)
            .byMpIds(accountId, listed.stream().map(ListedPayment::mpPaymentId).toList());
    Set<String> known =
        knownPreferences(
            handle,
            accountId,
            listed.stream()
                .filter(payment -> isUnlinked(ours, payment))
                .map(ListedPayment::preferenceId)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
    return listed.stream()
        .filter(
            payment -> {
              Payment our = ours.get(payment.mpPaymentId());
              return our == null || !payment.isMet(our, known.contains(payment.preferenceId()));
            })
        .map(ListedPayment::mpPaymentId)
        .collect(Collectors.toSet());
  }

  private static boolean isUnlinked(Map<String, Payment> ours, ListedPayment payment) {
    Payment our = ours.get(payment.mpPaymentId());
    return our != null && our.checkoutId() == null;
  }

  private static Set<String> knownPreferences(
      Handle handle, long accountId, List<String> preferenceIds) {
    return new HashSet<>(
        handle
            .createQuery(
                """
                SELECT c.preference_id FROM UNNEST(CAST(:ids AS VARCHAR ARRAY)) AS given (preference_id)
                JOIN checkouts c ON c.account_id = :accountId AND c.preference_id = given.preference_id
                """)
            .bind("accountId", accountId)
            .bindArray("ids", String.class, preferenceIds)
            .mapTo(String.class)
            .list());
  }
}
