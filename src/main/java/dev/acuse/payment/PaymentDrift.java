package dev.acuse.payment;

import dev.acuse.payment.state.FittedSnapshot;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentSnapshot;
import dev.acuse.payment.state.PaymentStage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How our side stands against what MercadoPago says of a payment now. */
public enum PaymentDrift {
  /** We do not know the payment at all. */
  MISSING,
  /** What we know is older. */
  STALE,
  /** We know it as it is, but a tag that is due is not on the contact. */
  UNTAGGED,
  /** All is as it should be. */
  CURRENT;

  static Map<String, PaymentDrift> of(
      Handle handle, long accountId, Collection<PaymentSnapshot> snapshots) {
    Map<String, Payment> ours =
        new PaymentDao(handle)
            .byMpIds(accountId, snapshots.stream().map(PaymentSnapshot::mpPaymentId).toList());
    Set<Long> untagged = new PaymentTags(handle, accountId).outstanding(ours.values());
    Map<String, PaymentDrift> standings = new LinkedHashMap<>();
    for (PaymentSnapshot snapshot : snapshots) {
      standings.put(
          snapshot.mpPaymentId(), of(ours.get(snapshot.mpPaymentId()), snapshot, untagged));
    }
    return standings;
  }

  private static PaymentDrift of(
      @Nullable Payment ours, PaymentSnapshot snapshot, Set<Long> untagged) {
    if (ours == null) {
      return MISSING;
    }
    if (isStale(ours, FittedSnapshot.of(snapshot).values())) {
      return STALE;
    }
    return untagged.contains(ours.id()) ? UNTAGGED : CURRENT;
  }

  /**
   * By date and status only: a search may tell less than a look-up, for example no detail of the
   * status, and that must not look like news for ever.
   */
  private static boolean isStale(Payment ours, PaymentSnapshot snapshot) {
    boolean isUndatedNews =
        snapshot.mpUpdatedAt() == null && !snapshot.status().equals(ours.status());
    return isUndatedNews || PaymentStage.isBehind(ours, snapshot.status(), snapshot.mpUpdatedAt());
  }
}
