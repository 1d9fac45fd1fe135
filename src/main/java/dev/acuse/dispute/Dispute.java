package dev.acuse.dispute;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dispute as we know it.
 *
 * @param accountId whose it is
 * @param mpId MercadoPago's id of the case, which may have more than 53 bits; that of the payment,
 *     if it is a fraud alert; null while only its payment is known
 * @param details what MercadoPago says of the case
 * @param deadlineSeenAt when the present deadline was learnt; null without one
 * @param problem why the case is not known, a word of {@link CaseProblem}; null if it is
 * @param nextLookAt when it is looked at again; null once it is closed
 * @param createdAt when it was heard of first
 * @param closedAt when it was over, or was given up; null while it is open
 * @param mpPaymentIds MercadoPago's ids of its payments
 */
public record Dispute(
    long id,
    long accountId,
    DisputeKind kind,
    @Nullable String mpId,
    DisputeState state,
    CaseDetails details,
    @Nullable Instant deadlineSeenAt,
    @Nullable String problem,
    @Nullable Instant nextLookAt,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant closedAt,
    List<String> mpPaymentIds) {
  public Dispute {
    mpPaymentIds = List.copyOf(mpPaymentIds);
  }

  /** Whether its case is to be found yet: it was learnt of by its payment alone. */
  public boolean lacksCase() {
    return mpId == null;
  }

  /** Whether more may come of it. */
  public boolean isOpen() {
    return closedAt == null;
  }

  /** Whether it has lasted for so long that nothing more is expected of it. */
  public boolean isTooOld(Instant now) {
    return LookSchedule.isOver(kind, createdAt, null, now);
  }
}
