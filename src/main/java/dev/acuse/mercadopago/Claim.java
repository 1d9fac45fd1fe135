package dev.acuse.mercadopago;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A buyer's claim as MercadoPago gives it.
 *
 * @param resource what it is about: {@code payment}, {@code order}, {@code shipment}, {@code
 *     purchase}
 * @param status {@code opened} or {@code closed}
 * @param stage {@code claim}, {@code dispute}, {@code recontact}
 * @param type {@code mediations}, {@code return}, …
 * @param deadline until when the seller must do something; null if nothing is asked of the seller
 * @param resolution how it was resolved, in a few of MercadoPago's words
 */
public record Claim(
    String id,
    @Nullable String resource,
    @Nullable String resourceId,
    @Nullable String status,
    @Nullable String stage,
    @Nullable String type,
    @Nullable String reason,
    @Nullable Instant deadline,
    @Nullable String resolution,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {

  /** The payment that it is about, if it is about one. */
  public Optional<String> paymentId() {
    return "payment".equals(resource) ? Optional.ofNullable(resourceId) : Optional.empty();
  }
}
