package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a payment has come, in the order of MercadoPago's usual transitions. It decides only
 * between two states of the same moment (MercadoPago facts, section 5.5): a payment may well go
 * back, and then it has a later {@code date_last_updated}.
 */
public enum PaymentStage {
  /** A status that we do not know: the open set has grown. */
  UNKNOWN,
  /** The payer has not finished. */
  PENDING,
  /** Under review. */
  IN_PROCESS,
  /** Reserved, not captured. */
  AUTHORIZED,
  /** Rejected or cancelled: ended without money. */
  ENDED_UNPAID,
  /** Accredited. */
  APPROVED,
  /** Accredited and disputed. */
  IN_MEDIATION,
  /** Refunded or charged back. */
  RETURNED;

  /** The stage of MercadoPago's status. */
  public static PaymentStage of(String status) {
    return switch (status) {
      case "pending" -> PENDING;
      case "in_process" -> IN_PROCESS;
      case "authorized" -> AUTHORIZED;
      case "rejected", "cancelled" -> ENDED_UNPAID;
      case "approved" -> APPROVED;
      case "in_mediation" -> IN_MEDIATION;
      case "refunded", "charged_back" -> RETURNED;
      default -> UNKNOWN;
    };
  }

  /** Whether a payment in this stage was never accredited. */
  public boolean isBeforeApproval() {
    return compareTo(APPROVED) < 0;
  }

  /**
   * Whether the snapshot tells something newer than what is stored; both are of a look-up. The
   * later {@code date_last_updated} wins, and none is older than any. Within a second the dates say
   * nothing ({@link MomentOrder}): there the later stage wins, and within a stage whatever differs,
   * because it was looked up later.
   */
  public static boolean isNewer(Payment stored, PaymentSnapshot snapshot) {
    int byDate = compareDates(snapshot.mpUpdatedAt(), stored.mpUpdatedAt(), MomentOrder::compare);
    if (byDate != 0) {
      return byDate > 0;
    }
    int byStage = of(snapshot.status()).compareTo(of(stored.status()));
    if (byStage != 0) {
      return byStage > 0;
    }
    return differs(stored, snapshot);
  }

  /** Whether a snapshot says of a payment's state anything else than what is stored. */
  static boolean differs(Payment stored, PaymentSnapshot snapshot) {
    return !snapshot.status().equals(stored.status())
        || !Objects.equals(snapshot.statusDetail(), stored.statusDetail())
        || (stored.amount() != null && isOther(snapshot.amount(), stored.amount()))
        || isOther(snapshot.amountRefunded(), stored.amountRefunded());
  }

  /** What is not said is no difference. */
  private static boolean isOther(@Nullable BigDecimal said, @Nullable BigDecimal stored) {
    return said != null && (stored == null || said.compareTo(stored) != 0);
  }

  /**
   * Whether a search or a merchant order, which show dates otherwise than a look-up does, tells of
   * a later state than what is stored. A look-up then says what it is.
   *
   * @param updatedAt null if it is not told
   */
  public static boolean isBehind(Payment stored, String status, @Nullable Instant updatedAt) {
    int byDate = compareDates(updatedAt, stored.mpUpdatedAt(), MomentOrder::compareOfTwo);
    return byDate > 0
        || (byDate == 0
            && !status.equals(stored.status())
            && of(status).compareTo(of(stored.status())) >= 0);
  }

  private static int compareDates(
      @Nullable Instant left, @Nullable Instant right, Comparator<Instant> order) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return order.compare(left, right);
  }
}
