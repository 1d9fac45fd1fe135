package dev.acuse.mercadopago;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chargeback as MercadoPago gives it. Its documents and its Java SDK show two shapes of it; what
 * one of them lacks is null.
 *
 * @param id may have more than 53 bits
 * @param paymentIds of the payments that are charged back
 * @param status {@code new}, {@code in_review}, {@code won}, {@code lost}: the SDK's shape alone
 * @param amount in units of the currency
 * @param deadline until when evidence may be given
 * @param documentationStatus how the evidence stands
 * @param coverageApplied whether it was decided for the seller
 * @param coverageEligible whether MercadoPago may cover the seller
 */
public record Chargeback(
    String id,
    List<String> paymentIds,
    @Nullable String status,
    @Nullable String reason,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable Instant deadline,
    @Nullable String documentationStatus,
    @Nullable Boolean coverageApplied,
    @Nullable Boolean coverageEligible,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {
  public Chargeback {
    paymentIds = List.copyOf(paymentIds);
  }
}
