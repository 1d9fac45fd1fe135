package dev.acuse.dispute;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which disputes to list. A null asks for nothing in particular.
 *
 * @param open whether more may come of it
 * @param mpPaymentId MercadoPago's id of one of its payments
 * @param mpId MercadoPago's id of the case
 * @param dueBefore only those whose deadline is earlier; one without a deadline is not among them
 */
public record DisputeFilter(
    @Nullable DisputeKind kind,
    @Nullable DisputeState state,
    @Nullable Boolean open,
    @Nullable String mpPaymentId,
    @Nullable String mpId,
    @Nullable Instant dueBefore) {
  /** Every dispute. */
  public static final DisputeFilter ALL = new DisputeFilter(null, null, null, null, null, null);

  /** The same of a payment, by MercadoPago's id. */
  public DisputeFilter withMpPaymentId(String id) {
    return new DisputeFilter(kind, state, open, id, mpId, dueBefore);
  }

  /** The same of a case, by MercadoPago's id. */
  public DisputeFilter withMpId(String id) {
    return new DisputeFilter(kind, state, open, mpPaymentId, id, dueBefore);
  }
}
