package dev.acuse.payment.state;

import java.time.Instant;
import java.util.Objects;

/** How the answer to a look-up stands against what is stored of its payment. */
public enum Freshness {
  /** It is newer by MercadoPago's own word. */
  NEWER,
  /** What is stored looks newer, or the same, and an operator's look-up overrules that. */
  OVERRULES,
  /** It tells nothing new of the payment's state. */
  NOT_NEWER;

  /** How the answer to this look-up stands against what is stored. */
  public static Freshness of(Payment stored, PaymentSnapshot snapshot, Look look) {
    Instant overruledAt = stored.overruledAt();
    if (overruledAt != null && look.begunAt().isBefore(overruledAt)) {
      // Under way when an operator's look-up was begun: its date must not bring back what that set
      // right.
      return NOT_NEWER;
    }
    if (PaymentStage.isNewer(stored, snapshot)) {
      return NEWER;
    }
    return look.overrules() && isBegunAfter(stored, look) && isOther(stored, snapshot)
        ? OVERRULES
        : NOT_NEWER;
  }

  /** A look-up that was begun after this one may have been applied before it. */
  private static boolean isBegunAfter(Payment stored, Look look) {
    Instant lookedUpAt = stored.lookedUpAt();
    return lookedUpAt == null || !look.begunAt().isBefore(lookedUpAt);
  }

  private static boolean isOther(Payment stored, PaymentSnapshot snapshot) {
    return PaymentStage.differs(stored, snapshot)
        || !Objects.equals(stored.mpUpdatedAt(), snapshot.mpUpdatedAt())
        || !Objects.equals(stored.currency(), snapshot.currency())
        || !Objects.equals(stored.collectorId(), snapshot.collectorId());
  }
}
