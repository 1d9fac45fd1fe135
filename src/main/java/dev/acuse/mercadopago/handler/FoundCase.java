package dev.acuse.mercadopago.handler;

import dev.acuse.dispute.CaseDetails;
import dev.acuse.dispute.DisputeState;
import dev.acuse.mercadopago.Chargeback;
import dev.acuse.mercadopago.Claim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case of MercadoPago as a dispute sees it.
 *
 * @param verdict how it stands by its own words; null if they don't tell
 * @param paymentIds that it names
 */
record FoundCase(CaseDetails details, @Nullable DisputeState verdict, List<String> paymentIds) {
  FoundCase {
    paymentIds = List.copyOf(paymentIds);
  }

  static FoundCase of(Chargeback chargeback) {
    return new FoundCase(
        new CaseDetails(
            chargeback.status(),
            null,
            null,
            chargeback.reason(),
            chargeback.amount(),
            chargeback.currency(),
            chargeback.deadline(),
            chargeback.documentationStatus(),
            coverage(chargeback),
            null,
            chargeback.createdAt(),
            chargeback.updatedAt()),
        verdict(chargeback),
        chargeback.paymentIds());
  }

  /** Its {@code coverage_applied} says that it was decided for the seller. */
  private static @Nullable DisputeState verdict(Chargeback chargeback) {
    if (Boolean.TRUE.equals(chargeback.coverageApplied())) {
      return DisputeState.WON;
    }
    String status = chargeback.status();
    return switch (status == null ? "" : status) {
      case "won" -> DisputeState.WON;
      case "lost" -> DisputeState.LOST;
      case "new", "in_review" -> DisputeState.OPEN;
      default -> null;
    };
  }

  private static @Nullable String coverage(Chargeback chargeback) {
    if (Boolean.TRUE.equals(chargeback.coverageApplied())) {
      return "applied";
    }
    Boolean eligible = chargeback.coverageEligible();
    if (eligible == null) {
      return null;
    }
    return eligible ? "eligible" : "not_eligible";
  }

  static FoundCase of(Claim claim) {
    return new FoundCase(
        new CaseDetails(
            claim.status(),
            claim.stage(),
            claim.type(),
            claim.reason(),
            null,
            null,
            claim.deadline(),
            null,
            null,
            claim.resolution(),
            claim.createdAt(),
            claim.updatedAt()),
        verdict(claim),
        claim.paymentId().map(List::of).orElse(List.of()));
  }

  /** It does not say for whom it was closed. */
  private static @Nullable DisputeState verdict(Claim claim) {
    String status = claim.status();
    return switch (status == null ? "" : status) {
      case "closed" -> DisputeState.CLOSED;
      case "opened" -> DisputeState.OPEN;
      default -> null;
    };
  }
}
