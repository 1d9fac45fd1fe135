package dev.acuse.dispute;

import org.jspecify.annotations.Nullable;

/**
 * Which disputes to list. A null asks for nothing in particular.
 *
 * @param open whether more may come of it
 * @param mpPaymentId MercadoPago's id of one of its payments
 */
public record DisputeFilter(
    @Nullable DisputeKind kind,
    @Nullable DisputeState state,
    @Nullable Boolean open,
    @Nullable String mpPaymentId) {
  /** Every dispute. */
  public static final DisputeFilter ALL = new DisputeFilter(null, null, null, null);
}
