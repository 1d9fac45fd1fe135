package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.dispute.CaseDetails;
import dev.acuse.dispute.Dispute;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dispute as the API shows it.
 *
 * @param account the name of the account whose it is
 * @param status MercadoPago's word, as it stands there; so are the stage, the type and the reason
 * @param problem why the case is not known; null if it is
 * @param nextLookAt when it is looked at again; null once it is closed
 */
@JsonNaming(SnakeCaseStrategy.class)
record DisputeView(
    long id,
    String account,
    String kind,
    @Nullable String mpId,
    String state,
    @Nullable String status,
    @Nullable String stage,
    @Nullable String type,
    @Nullable String reason,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable Instant deadline,
    @Nullable String documentationStatus,
    @Nullable String coverage,
    @Nullable String resolution,
    @Nullable String problem,
    @Nullable Instant nextLookAt,
    @Nullable Instant mpCreatedAt,
    @Nullable Instant mpUpdatedAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant closedAt,
    List<NamedPayment> payments) {

  static DisputeView of(Dispute dispute, List<NamedPayment> payments, AccountNames names) {
    CaseDetails details = dispute.details();
    return new DisputeView(
        dispute.id(),
        names.ofOne(dispute.accountId()),
        dispute.kind().code(),
        dispute.mpId(),
        dispute.state().code(),
        details.status(),
        details.stage(),
        details.type(),
        details.reason(),
        details.amount(),
        details.currency(),
        details.deadline(),
        details.documentationStatus(),
        details.coverage(),
        details.resolution(),
        dispute.problem(),
        dispute.nextLookAt(),
        details.mpCreatedAt(),
        details.mpUpdatedAt(),
        dispute.createdAt(),
        dispute.updatedAt(),
        dispute.closedAt(),
        payments);
  }
}
