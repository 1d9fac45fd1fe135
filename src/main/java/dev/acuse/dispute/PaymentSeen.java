package dev.acuse.dispute;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A payment as it was last looked up.
 *
 * @param status MercadoPago's word; null if it could not be looked up
 * @param amount in units of the currency
 */
public record PaymentSeen(
    String mpPaymentId,
    @Nullable String status,
    @Nullable String statusDetail,
    @Nullable BigDecimal amount,
    @Nullable String currency) {
  private static final String CHARGED_BACK = "charged_back";
  private static final String IN_MEDIATION = "in_mediation";
  private static final Set<String> GIVEN_BACK = Set.of("refunded", "cancelled", CHARGED_BACK);

  /** One that is named, and of which nothing else is known. */
  public static PaymentSeen named(String mpPaymentId) {
    return new PaymentSeen(mpPaymentId, null, null, null, null);
  }

  /** The kind of dispute that its status speaks of; null if of none. */
  public @Nullable DisputeKind disputedBy() {
    if (CHARGED_BACK.equals(status)) {
      return DisputeKind.CHARGEBACK;
    }
    return IN_MEDIATION.equals(status) ? DisputeKind.CLAIM : null;
  }

  /**
   * How it stands in a dispute, by its status and how it stood before: a payment that was never
   * seen disputed says nothing, because a case is opened before its payment follows.
   */
  @Nullable Standing standing(DisputeKind kind, @Nullable Standing before) {
    if (status == null) {
      return before;
    }
    return switch (kind) {
      case CHARGEBACK -> inChargeback(before);
      case CLAIM -> disputedBy() == kind ? Standing.DISPUTED : over(GIVEN_BACK, before);
      case FRAUD_ALERT ->
          GIVEN_BACK.contains(status) || status.equals("rejected")
              ? Standing.OVER
              : Standing.DISPUTED;
      case UNKNOWN -> before;
    };
  }

  private @Nullable Standing inChargeback(@Nullable Standing before) {
    if (disputedBy() == DisputeKind.CLAIM) {
      return before;
    }
    if (disputedBy() != DisputeKind.CHARGEBACK) {
      return over(Set.of("refunded", "cancelled"), before);
    }
    // settled: against the seller; reimbursed: for the seller
    if ("settled".equals(statusDetail)) {
      return Standing.LOST;
    }
    return "reimbursed".equals(statusDetail) ? Standing.WON : Standing.DISPUTED;
  }

  private @Nullable Standing over(Set<String> ends, @Nullable Standing before) {
    boolean isOver = before == Standing.DISPUTED || (before == null && ends.contains(status));
    return isOver ? Standing.OVER : before;
  }
}
